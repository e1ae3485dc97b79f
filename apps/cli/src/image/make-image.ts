// The steps from a notebook with a lock to an image: the base, the wheels, the layers, and the place it goes to.

import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Attachment, BaseImage, BuiltImage, LayoutWriter, LocalWheel, Pushed } from "@thoth/image";
import type { ImageReference } from "@thoth/ingest";
import { formatPylock, type Pylock, quote, ThothError } from "@thoth/pep";
import { replaceFile } from "../files/replace-file.ts";
import type { Invocation } from "../frame/command.ts";
import { plural } from "../frame/printable.ts";
import { VERSION } from "../frame/version.ts";
import { adviceOf } from "../notebook/embedded-lock.ts";
import { objectIn, textIn } from "../notebook/metadata-keys.ts";
import type { NotebookFile } from "../notebook/notebook-file.ts";
import { groupsOf } from "../notebook/prepare-notebook.ts";
import { openSession } from "../session/open-session.ts";
import { openWebClient } from "../session/open-web-client.ts";
import { given } from "../settings/directories.ts";
import type { IndexSettings } from "../settings/resolution-settings.ts";
import { baseOfImage } from "./base-of-image.ts";
import type { BasePlace, ImagePlace } from "./image-places.ts";

const AT_ONCE = 4;
/** Seconds in which a piece of a blob must be sent. */
const SLOWEST = 300;
const ADVICE_TYPE = "application/vnd.thoth-station.advice+json";
const NAME = "org.opencontainers.image.ref.name";

export interface ImageWish {
  readonly file: NotebookFile;
  readonly lock: Pylock;
  readonly base: BasePlace;
  readonly place: ImagePlace;
  readonly settings: IndexSettings;
}

export interface MadeImage {
  readonly base: BaseImage;
  readonly built: BuiltImage;
  readonly wheels: readonly LocalWheel[];
  readonly attachments: readonly Attachment[];
  /** Where it went to a registry. */
  readonly pushed?: Pushed;
}

/** Nothing is left of an image that is not complete. */
export async function makeImage(invocation: Invocation, wish: ImageWish): Promise<MadeImage> {
  const { LayoutWriter: Writer, checkReplaceable } = await import("@thoth/image");
  const { place } = wish;
  if (place.kind === "layout") await checkReplaceable(place.path);
  const layout = await Writer.begin(place.kind === "registry" ? join(tmpdir(), "image") : place.path);
  try {
    const made = await fillLayout(invocation, wish, layout);
    const pushed = await deliver(invocation, wish, { layout, made });
    return { ...made, ...(pushed === undefined ? {} : { pushed }) };
  } finally {
    await layout.discard();
  }
}

interface FilledImage extends MadeImage {
  readonly time: number;
}

async function fillLayout(
  invocation: Invocation,
  { file, lock, base: from, place, settings }: ImageWish,
  layout: LayoutWriter,
): Promise<FilledImage> {
  const { buildImage } = await import("@thoth/image");
  const { signal, terminal, environment } = invocation;
  const base = await baseOfImage(invocation, { place: from, lock, layout });
  const wheels = await fetchWheels(invocation, { lock, base, settings });
  const { newestUpload } = await import("@thoth/image");
  const time = givenTime(given(environment, "SOURCE_DATE_EPOCH")) ?? newestUpload(wheels);
  const stage = terminal.stage("layers");
  try {
    const notebook = {
      name: basename(file.path),
      bytes: Buffer.from(file.bytes),
      kernel: await kernelOf(file),
    };
    const digest = `sha256:${createHash("sha256").update(formatPylock(lock)).digest("hex")}`;
    const built = await buildImage({
      ...{ base, wheels, layout, time, signal, notebook },
      lock: digest,
      progress: (done, total, title) => stage.update(done, total, title),
    });
    const size = built.layers.reduce((sum, layer) => sum + layer.size, 0);
    stage.end(`${plural(built.layers.length, "layer")}, ${(size / 2 ** 20).toFixed(1)} MiB`);
    const filled = { base, built, wheels, time };
    const attachments = await statementsOf(file, { ...filled, lock: digest });
    return { ...filled, attachments: await writeIndex(layout, place.kind, { ...filled, attachments }) };
  } catch (error) {
    stage.end();
    throw error;
  }
}

/** What is told of the image: its parts, where they came from, and the advice that led to its lock. */
async function statementsOf(
  { path, bytes, notebook }: NotebookFile,
  { base, built, wheels, time, lock }: Omit<FilledImage, "attachments"> & { readonly lock: string },
): Promise<readonly Attachment[]> {
  const { attach, billOfMaterials, provenanceOf, timeText } = await import("@thoth/image");
  const { descriptor } = built.manifest;
  const created = timeText(time);
  const facts = {
    ...{ base, wheels, lock, created, version: VERSION },
    notebook: { name: basename(path), bytes },
    image: descriptor.digest,
  };
  const advice = adviceOf(notebook);
  const documents = [
    billOfMaterials(facts),
    provenanceOf(facts),
    ...(advice === undefined ? [] : [{ type: ADVICE_TYPE, value: advice, title: "advice.json" }]),
  ];
  return documents.map((document) => attach(document, descriptor, created));
}

/** An archive has the image alone: those who load it want one thing only. Returns what was attached. */
async function writeIndex(
  layout: LayoutWriter,
  kind: ImagePlace["kind"],
  { base, built, attachments }: Omit<FilledImage, "time" | "wheels">,
): Promise<readonly Attachment[]> {
  const { architecture, os } = base.configuration;
  const image = {
    ...built.manifest.descriptor,
    platform: { architecture, os },
    annotations: { [NAME]: "latest" },
  };
  const attached = kind === "archive" ? [] : attachments;
  for (const { manifest, blobs } of attached)
    for (const document of [...blobs, manifest]) await layout.add(document);
  await layout.index([image, ...attached.map(({ entry }) => entry)]);
  return attached;
}

interface Wheels {
  readonly lock: Pylock;
  readonly base: BaseImage;
  readonly settings: IndexSettings;
}

/** Those of the lock for the base, each with its hash found right. */
async function fetchWheels(
  invocation: Invocation,
  { lock, base, settings }: Wheels,
): Promise<readonly LocalWheel[]> {
  const { lockedWheels } = await import("@thoth/image");
  const { version: python } = base.python;
  const locked = lockedWheels({ lock, groups: groupsOf(lock), python, platform: base.platform });
  const session = await openSession(invocation, { settings, allowBuild: false });
  const stage = invocation.terminal.stage("wheels");
  const stop = new AbortController();
  const signal = AbortSignal.any([invocation.signal, stop.signal]);
  const waiting = [...locked].reverse();
  const wheels: LocalWheel[] = [];
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      wheels.push({ ...next, path: await session.artifact(next, signal) });
      stage.update(wheels.length, locked.length, next.name);
    }
  };
  try {
    await Promise.all(
      Array.from({ length: AT_ONCE }, () =>
        work().catch((error: unknown) => {
          waiting.length = 0;
          stop.abort(error);
          throw error;
        }),
      ),
    );
    stage.end(plural(wheels.length, "wheel"));
    return wheels.sort((left, right) => (left.name < right.name ? -1 : 1));
  } finally {
    stage.end();
    await session.close();
  }
}

/** Seconds since 1970. https://reproducible-builds.org/specs/source-date-epoch/ */
function givenTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new ThothError("usage", `${quote(text)} in SOURCE_DATE_EPOCH is no number of seconds`);
}

/** Undefined where its name could be none of a folder. */
async function kernelOf({ notebook }: NotebookFile): Promise<string | undefined> {
  const { checkKernelName } = await import("@thoth/environment");
  const name = textIn(objectIn(notebook.metadata, "kernelspec"), "name");
  try {
    return name === undefined ? undefined : checkKernelName(name);
  } catch (error) {
    if (error instanceof ThothError) return undefined;
    throw error;
  }
}

async function deliver(
  invocation: Invocation,
  { place, base }: ImageWish,
  { layout, made }: { readonly layout: LayoutWriter; readonly made: FilledImage },
): Promise<Pushed | undefined> {
  if (place.kind === "layout") {
    await layout.finish(place.path);
    return undefined;
  }
  if (place.kind === "archive") {
    const { archiveOf } = await import("@thoth/image");
    await replaceFile(place.path, archiveOf(layout.folder, made.time));
    return undefined;
  }
  const from = base.kind === "registry" ? base.reference : undefined;
  return await push(invocation, { layout: layout.folder, reference: place.reference, from, made });
}

interface PushWish {
  readonly layout: string;
  readonly reference: ImageReference;
  /** Where the base came from. */
  readonly from: ImageReference | undefined;
  readonly made: FilledImage;
}

async function push(invocation: Invocation, { layout, reference, from, made }: PushWish): Promise<Pushed> {
  const { keptCredentials, pushImage } = await import("@thoth/image");
  const { signal, terminal, environment } = invocation;
  const { configuration, manifest, layers } = made.built;
  const credentials = await keptCredentials(reference, environment);
  const client = await openWebClient(invocation, reference.registry, { limits: { stallSeconds: SLOWEST } });
  const stage = terminal.stage("push");
  try {
    const pushed = await pushImage({
      ...{ client, reference, credentials, signal, layout, manifest, layers },
      attachments: made.attachments,
      configuration: configuration.descriptor,
      from: from && { reference: from, layers: made.base.layers },
      progress: (done, total) => stage.update(done, total, reference.text),
    });
    const { sent, mounted, present } = pushed.blobs;
    stage.end(
      `${(pushed.sent / 2 ** 20).toFixed(1)} MiB in ${sent} blobs; ${mounted} mounted, ${present} there`,
    );
    return pushed;
  } finally {
    stage.end();
    await client.close();
  }
}
