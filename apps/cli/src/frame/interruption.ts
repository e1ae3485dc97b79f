// Ctrl-C and a polite kill: what runs is told to stop and cleans up after itself; a second Ctrl-C ends at once.

const USUAL_GRACE = 10_000;

export interface Interruption {
  readonly signal: AbortSignal;
  /** True after the first Ctrl-C. */
  readonly interrupted: () => boolean;
  /** Milliseconds that what runs has to end; called before it is told to. */
  readonly grace: (milliseconds: number) => void;
  stop(): void;
}

export function watchInterruption(): Interruption {
  const controller = new AbortController();
  let count = 0;
  let patience = USUAL_GRACE;
  const onSignal = () => {
    count++;
    if (count > 1) process.exit(130);
    controller.abort();
    setTimeout(() => process.exit(130), patience).unref();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    interrupted: () => count > 0,
    grace: (milliseconds) => {
      patience = milliseconds;
    },
    stop: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
