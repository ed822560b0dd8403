/** The function that everybody calls: it succeeds in its own turn, so that only the overhead is left. */
export const succeed = async () => 1;

/** The same, for those that hand a signal to it; it reads that signal. */
export const succeedReading = async ({ signal }) => (signal.aborted ? 0 : 1);

/** A row of the bench: that call, again and again, each awaited. */
export const loop = (call) => async (calls) => {
  for (let left = calls; left > 0; left--) await call();
};
