import type { HappenedCall } from './Happened.js';

/** Finds calls of a run by their ids; throws for an unknown one. They are looked up once there is a run: there is none yet when tests are declared. */
export function callsById(
  evidence: () => { readonly happened: { readonly calls: readonly HappenedCall[] } },
): (id: string) => HappenedCall {
  let calls: ReadonlyMap<string, HappenedCall> | undefined;
  return (id) => {
    calls ??= new Map(evidence().happened.calls.map((call) => [call.id, call]));
    const call = calls.get(id);
    if (call === undefined) throw new Error(`no call ${id}`);
    return call;
  };
}
