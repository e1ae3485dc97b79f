// What a server needs to say that nothing has changed, as a source remembers it.

import type { WebAnswer } from "@thoth/index";
import type { Recollection } from "../jobs/source.ts";

/** To send along; `name` tells several documents of one thing apart. */
export function validatorsIn(known: Recollection, name = ""): { etag?: string; lastModified?: string } {
  const etag = known[`${name}etag`];
  const modified = known[`${name}modified`];
  return {
    ...(typeof etag === "string" ? { etag } : {}),
    ...(typeof modified === "string" ? { lastModified: modified } : {}),
  };
}

/** Of an answer, to remember. */
export function remember({ validators }: WebAnswer, name = ""): Recollection {
  const { etag, lastModified } = validators;
  return {
    ...(etag === undefined ? {} : { [`${name}etag`]: etag }),
    ...(lastModified === undefined ? {} : { [`${name}modified`]: lastModified }),
  };
}

/** Servers may answer "not modified" to nobody but those that asked whether it was. */
export function isUnchanged({ status }: WebAnswer, known: Recollection, name = ""): boolean {
  return status === 304 && Object.keys(validatorsIn(known, name)).length > 0;
}

export function isAbsent({ status }: Pick<WebAnswer, "status">): boolean {
  return status === 404 || status === 410;
}
