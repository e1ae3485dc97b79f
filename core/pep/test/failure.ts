// What a test says when nothing is thrown, or something that is not ours.

import assert from "node:assert/strict";
import { ThothError } from "../src/error.ts";

export function failureOf(run: () => unknown): ThothError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ThothError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}
