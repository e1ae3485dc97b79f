// `thoth inspect-image`: what a container image holds, read from its layers as its registry sends them. Nothing is unpacked to
// a disk, and nothing is run.

import type { ImageDocument } from "@thoth/contract";
import type { Secret } from "@thoth/index";
import type { ImageReference, InspectedImage } from "@thoth/ingest";
import { quote, ThothError } from "@thoth/pep";
import type { GraphStore } from "@thoth/store";
import { wholeNumber } from "../../advice/whole-number.ts";
import { readGivenText } from "../../files/read-file.ts";
import { type Handler, type Invocation, textOption } from "../../frame/command.ts";
import { plural, printable } from "../../frame/printable.ts";
import { openFormerGraph } from "../../session/open-graph.ts";
import { openWebClient } from "../../session/open-web-client.ts";
import { now } from "../../settings/as-of.ts";
import { readSeconds } from "../../settings/resolution-settings.ts";

const SECONDS = 3600;
const GIB = 2 ** 30;
const LONGEST_CREDENTIALS = 8192;
/** Characters of the document: somebody else may have made the image. */
const LONGEST = 32 * 1024 * 1024;

export const inspectImageCommand: Handler = async (invocation) => {
  const { terminal, options } = invocation;
  const { parseImageReference } = await import("@thoth/ingest");
  const reference = parseImageReference(String(invocation.arguments[0]));
  const mostKept = wholeNumber(options, "mostKept", { fallback: 1000, least: 0, most: 1_000_000 });
  const graph = mostKept === 0 ? undefined : await openFormerGraph(invocation);
  try {
    const document = documentOf(reference, await inspect(invocation, reference, { graph, mostKept }));
    if (JSON.stringify(document).length > LONGEST)
      throw new ThothError("limit-exceeded", `${quote(reference.text)} holds more than can be told.`, {
        details: { limit: "characters", most: LONGEST },
      });
    terminal.document(document);
    terminal.result(...linesOf(document).map(printable));
    if (document.kept) terminal.entry("graph", "the image is kept");
    return 0;
  } finally {
    await graph?.close();
  }
};

interface Keeping {
  readonly graph: GraphStore | undefined;
  readonly mostKept: number;
}

async function inspect(
  invocation: Invocation,
  reference: ImageReference,
  keeping: Keeping,
): Promise<InspectedImage> {
  const { terminal, options, signal } = invocation;
  const { inspectImage, limitsFor } = await import("@thoth/ingest");
  const limits = limitsFor(GIB * wholeNumber(options, "largest", { fallback: 16, least: 1, most: 1024 }));
  const seconds = readSeconds(textOption(options, "timeout"), SECONDS);
  const credentials = await readCredentials(textOption(options, "credentials"));
  const client = await openWebClient(invocation, reference.registry);
  const stage = terminal.stage("image");
  try {
    const progress = (done: number, total: number) => stage.update(done, total, "layers");
    const asked = { client, credentials, signal, seconds, limits, now: now().seconds, progress, ...keeping };
    const inspected = await inspectImage(reference, asked);
    stage.end(plural(inspected.layers.length, "layer"));
    return inspected;
  } catch (error) {
    stage.end();
    throw error;
  } finally {
    await client.close();
  }
}

/** Of a file that holds `USER:PASSWORD`. Throws `usage`, without showing them. */
async function readCredentials(path: string | undefined): Promise<Secret | undefined> {
  if (path === undefined) return undefined;
  const { basicAuthorization } = await import("@thoth/index");
  const text = (await readGivenText(path, LONGEST_CREDENTIALS)).replace(/\r?\n$/, "");
  const [, user, password] = /^([^:\r\n]+):([^\r\n]+)$/.exec(text) ?? [];
  if (user !== undefined && password !== undefined) return basicAuthorization(user, password);
  throw new ThothError("usage", `${quote(path)} holds no credentials`, {
    hint: "Write `USER:PASSWORD` into it, on one line.",
  });
}

function documentOf(
  { text }: ImageReference,
  { image, particulars, list, layers, kept }: InspectedImage,
): ImageDocument {
  const { reference: _, also: __, created: ___, ...rest } = image;
  const { created, dockerVersion, labels } = particulars;
  return {
    image: text,
    ...rest,
    ...(list === undefined ? {} : { list }),
    ...(created === undefined ? {} : { created }),
    ...(dockerVersion === undefined ? {} : { dockerVersion }),
    labels,
    layers,
    kept,
  };
}

const WIDTH = 16;

function linesOf(document: ImageDocument): readonly string[] {
  const { image, digest, size, os, architecture, pythons, packages, distributions, libraries, layers } =
    document;
  const line = (label: string, text: string) => `${label.padEnd(WIDTH)}${text}`;
  const versions = pythons.map(({ path, version }) => `${version} (${path})`).join(", ");
  const names = distributions.map(({ name, version }) => `${name} ${version}`).join(", ");
  return [
    line("image", image),
    line("digest", digest),
    line("size", `${(size / 2 ** 20).toFixed(1)} MiB in ${plural(layers.length, "layer")}`),
    line("system", [os.id, os.version, architecture].join(" ")),
    line("pythons", versions || "none"),
    line("packages", `${plural(packages.length, "package")} of the system`),
    line("distributions", names || "none"),
    line("libraries", plural(libraries.length, "native file")),
  ];
}
