// A time limit as both the solver and the network understand it.

export interface Deadline {
  readonly signal: AbortSignal;
  spent(steps: number): boolean;
}

/** The network is given a little longer, so that the search can end by itself and hand over its best. */
const GRACE_SECONDS = 2;

/** `steps`: the most that the search may take, which are the same on every machine. */
export function deadlineOf(seconds: number, signal: AbortSignal, steps = Number.POSITIVE_INFINITY): Deadline {
  const end = performance.now() + seconds * 1_000;
  const late = AbortSignal.timeout(Math.ceil((seconds + GRACE_SECONDS) * 1_000));
  return {
    signal: AbortSignal.any([signal, late]),
    spent: (taken) => taken >= steps || signal.aborted || performance.now() > end,
  };
}
