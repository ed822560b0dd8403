/** Given up before anybody read the signal: why. Boxed, for a reason may be undefined. */
class Cut {
  constructor(readonly reason: unknown) {}
}

/** What is there of a signal that is made when it is read: nothing, why it will have fired when somebody reads it, or its controller. */
export type SignalState = AbortController | Cut | undefined;

/** The controller, made when the signal is first read: most functions that take no signal then pay for none. */
export function signalOf(state: SignalState): AbortController {
  if (state instanceof AbortController) return state;
  const controller = new AbortController();
  if (state !== undefined) controller.abort(state.reason);
  return controller;
}

/** The signal fires now, or when it is read. */
export function cutSignal(state: SignalState, reason: unknown): SignalState {
  if (!(state instanceof AbortController)) return new Cut(reason);
  state.abort(reason);
  return state;
}
