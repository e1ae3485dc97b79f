// A time limit as both the solver and the network understand it.

export interface Deadline {
  readonly signal: AbortSignal;
  spent(): boolean;
}

/** The network is given a little longer, so that the search can end by itself and hand over its best. */
const GRACE_SECONDS = 2;

export function deadlineOf(seconds: number, signal: AbortSignal): Deadline {
  const end = performance.now() + seconds * 1_000;
  const late = AbortSignal.timeout(Math.ceil((seconds + GRACE_SECONDS) * 1_000));
  return { signal: AbortSignal.any([signal, late]), spent: () => signal.aborted || performance.now() > end };
}
