import { join } from 'node:path';
import ts from 'typescript';

/** What the compiler says of a project, as lines; the packages are read as a user's compiler would, from their built types. */
function diagnosticsOf(config: string, replace: { readonly file: string; readonly text: string } | undefined = undefined): string[] {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const project = ts.getParsedCommandLineOfConfigFile(join(__dirname, 'types', config), {}, host);
  if (project === undefined) throw new Error(`no ${config}`);
  const compiler = ts.createCompilerHost(project.options);
  const readFile = compiler.readFile.bind(compiler);
  if (replace !== undefined) {
    compiler.getSourceFile = (name, version) => {
      const text = name.endsWith(replace.file) ? replace.text : readFile(name);
      return text === undefined ? undefined : ts.createSourceFile(name, text, version);
    };
  }
  const program = ts.createProgram({ rootNames: project.fileNames, options: project.options, host: compiler });
  return [...project.errors, ...ts.getPreEmitDiagnostics(program)].map((found) => {
    const where =
      found.file === undefined ? '' : `${found.file.fileName}:${found.file.getLineAndCharacterOfPosition(found.start ?? 0).line + 1} `;
    return `${where}${ts.flattenDiagnosticMessageText(found.messageText, '\n')}`;
  });
}

describe('the types, as their users compile them', () => {
  it.each([
    { given: 'the browser library and no Node types', config: 'tsconfig.json' },
    { given: 'Node types and no browser library', config: 'tsconfig.node.json' },
  ])(
    'hold with $given',
    ({ config }) => {
      expect(diagnosticsOf(config)).toEqual([]);
    },
    60_000,
  );

  it('are really looked at: a directive over a line that compiles is told', () => {
    const text = `import { policy } from '@redress/core';\n// @ts-expect-error nothing wrong\npolicy('a');\n`;
    expect(diagnosticsOf('tsconfig.json', { file: 'types/refused.ts', text })).toEqual([expect.stringContaining('Unused')]);
  }, 60_000);
});
