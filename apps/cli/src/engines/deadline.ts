// A time limit as both the solver and the network understand it.

export interface Deadline {
  readonly signal: AbortSignal;
  /** That were taken, as of the last time that anybody asked whether it is spent. */
  readonly steps: number;
  spent(steps: number): boolean;
}

/** The network is given a little longer, so that the search can end by itself and hand over its best. */
const GRACE_SECONDS = 2;

/** `most`: steps that the search may take, which are the same on every machine. */
export function deadlineOf(seconds: number, signal: AbortSignal, most = Number.POSITIVE_INFINITY): Deadline {
  const end = performance.now() + seconds * 1_000;
  const late = AbortSignal.timeout(Math.ceil((seconds + GRACE_SECONDS) * 1_000));
  let steps = 0;
  return {
    signal: AbortSignal.any([signal, late]),
    get steps() {
      return steps;
    },
    spent: (taken) => {
      steps = Math.max(steps, taken);
      return taken >= most || signal.aborted || performance.now() > end;
    },
  };
}
