// When to restart a search of unknown length (Luby, Sinclair and Zuckerman,
// https://doi.org/10.1016/0020-0190(93)90029-9).

/** The i-th element (from 1) of 1, 1, 2, 1, 1, 2, 4, … */
export function luby(i: number): number {
  let position = i;
  for (;;) {
    const power = 31 - Math.clz32(position + 1);
    if (1 << power === position + 1) return 1 << (power - 1);
    position -= (1 << power) - 1;
  }
}
