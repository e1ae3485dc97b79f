// Times that a processor quota made. Linux stops a group that has used up its quota until the period of 100 ms is over,
// so that times lie near multiples of it and tell of the quota, not of what was run.
// https://docs.kernel.org/scheduler/sched-bwc.html

/** Milliseconds. */
const PERIOD = 100;
/** Of a multiple, and at most that many milliseconds: else everything long would be near one. */
const NEAR = 0.03;
const NEAREST = 10;

/** Share of times (milliseconds) that lie near a multiple of 100 ms; 0 of none. */
export function quantisedShare(times: readonly number[]): number {
  const near = times.filter((time) => {
    const multiple = Math.round(time / PERIOD) * PERIOD;
    return multiple > 0 && Math.abs(time - multiple) <= Math.min(NEAR * multiple, NEAREST);
  });
  return times.length === 0 ? 0 : near.length / times.length;
}

/**
 * Whether times look like a quota's work. Where the kernel told how long it stopped what was run, that decides; else most
 * of them have to be near, of at least five.
 */
export function looksQuantised(times: readonly number[], throttled: number | undefined): boolean {
  if (throttled !== undefined) return throttled > 0;
  return times.length >= 5 && quantisedShare(times) >= 0.8;
}
