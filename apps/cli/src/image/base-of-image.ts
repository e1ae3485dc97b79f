// The base that a user names, or the usual one for the Python of the lock, copied into the layout that is being written.

import type { BaseImage, LayoutWriter } from "@thoth/image";
import type { FoundImage, ImageSource } from "@thoth/ingest";
import { type Pylock, quote, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { openWebClient } from "../session/open-web-client.ts";
import type { BasePlace } from "./image-places.ts";

const SECONDS = 3600;
const PLATFORM = "manylinux_2_28_x86_64";
const FIRST_MINOR = 7;
const LAST_MINOR = 30;

export interface ReadBaseWish {
  readonly place: BasePlace;
  readonly lock: Pylock;
  readonly layout: LayoutWriter;
}

/** Throws as `readBase`. */
export async function baseOfImage(invocation: Invocation, wish: ReadBaseWish): Promise<BaseImage> {
  const { readBase, isFor, describeLock } = await import("@thoth/image");
  const { lock, layout } = wish;
  const stage = invocation.terminal.stage("base");
  const read = async (source: ImageSource, found: FoundImage) =>
    await readBase({
      ...{ source, found, layout },
      fits: (python, platform) => isFor({ lock, python, platform }),
      wanted: describeLock(lock),
      progress: (done, total) => stage.update(done, total, `layer ${done + 1} of ${total}`),
    });
  try {
    const base = await withBase(invocation, wish.place, read);
    stage.end(`Python ${base.python.version} · ${base.digest}`);
    return base;
  } catch (error) {
    stage.end();
    throw error;
  }
}

async function withBase(
  invocation: Invocation,
  place: BasePlace,
  read: (source: ImageSource, found: FoundImage) => Promise<BaseImage>,
): Promise<BaseImage> {
  if (place.kind === "layout") {
    const [{ LayoutSource }, { findImage }] = await Promise.all([
      import("@thoth/image"),
      import("@thoth/ingest"),
    ]);
    const source = await LayoutSource.open(place.path);
    const found = await findImage(source, { text: place.path, version: place.version });
    if (found !== undefined) return await read(source, found);
    throw new ThothError(
      "not-found",
      `The layout ${quote(place.path)} has no image ${quote(place.version)}.`,
    );
  }
  const { asking } = await import("@thoth/ingest");
  const { reference } = place;
  const client = await openWebClient(invocation, reference.registry);
  try {
    const { keptCredentials } = await import("@thoth/image");
    const credentials = await keptCredentials(reference, invocation.environment);
    const access = { client, credentials, signal: invocation.signal, seconds: SECONDS };
    return await asking(reference, access, read);
  } finally {
    await client.close();
  }
}

/** `python:3.11-slim` for a lock of Python 3.11, or of several where the notebook asks for that one. Throws `usage`. */
export async function usualBase(lock: Pylock, wanted: string | undefined): Promise<string> {
  const { isFor } = await import("@thoth/image");
  const fitting: string[] = [];
  for (let minor = FIRST_MINOR; minor <= LAST_MINOR; minor++) {
    const python = `3.${minor}`;
    if (isFor({ lock, python, platform: PLATFORM })) fitting.push(python);
  }
  if (wanted !== undefined && fitting.includes(wanted)) return `python:${wanted}-slim`;
  if (fitting.length === 1) return `python:${fitting[0]}-slim`;
  throw new ThothError("usage", "the lock does not say for which Python it is, so no base can be chosen", {
    hint: "Name one with --base.",
  });
}
