// Random universes against brute force. THOTH_SEEDS sets how many, THOTH_SEED the first: a long run in
// development is `THOTH_SEEDS=1000000 node tools/node24.mjs tools/run-tests.ts core/solver/test/oracle`.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { agree } from "./agree.ts";

const FIRST = Number(process.env["THOTH_SEED"] ?? 1);
const SEEDS = Number(process.env["THOTH_SEEDS"] ?? 12_000);

describe("random universes", () => {
  it(`agree with brute force, ${SEEDS} of them from seed ${FIRST}`, () => {
    let satisfiable = 0;
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        if (agree(seed)) satisfiable++;
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.ok(satisfiable > SEEDS / 5 && satisfiable < (SEEDS * 4) / 5, `${satisfiable} satisfiable`);
  });
});
