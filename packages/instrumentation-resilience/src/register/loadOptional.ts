/** What `load` requires, or undefined when that package is not installed. Any other failure is thrown as it is. */
export function loadOptional<Module>(name: string, load: () => Module): Module | undefined {
  try {
    return load();
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}

/** A package that is there but misses one of its own has the same code; its message names the other one. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'MODULE_NOT_FOUND') return false;
  return error.message.split('\n', 1)[0]?.includes(`'${name}'`) === true;
}
