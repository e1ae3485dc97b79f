// What the wheels hold that this machine would install: modules, entry points, licences, native files and what they need, and
// what a look at the code finds; that alone of a source distribution. The bytes of a file never change: what was read once is
// not fetched again.

import type { Change, CodeFact, ContentsFact, KnowledgeGraph } from "@thoth/knowledge";
import { parseFact } from "@thoth/knowledge/facts";
import type { PackageName, Version } from "@thoth/pep";
import { readCode, readSdistCode } from "../code/read-code.ts";
import { readContents } from "../contents/read-contents.ts";
import type { Asker, WholeFile } from "../jobs/asker.ts";
import type { Answer, ItemContext, Source, SourceItem } from "../jobs/source.ts";
import { type FittingFile, fittingFile, type WheelTarget } from "./fitting-file.ts";
import { fetchProjectPage, releasesByPreference } from "./index-source.ts";
import { saidBy } from "./provenance.ts";
import { notUnderstood } from "./reading.ts";
import { isUnchanged, remember, validatorsIn } from "./validators.ts";
import { digestOf, type WantedProjects } from "./wanted-projects.ts";

/** Bytes of a file that is fetched whole and so has its hash checked; of a larger wheel parts are read. */
const WHOLE = 512 * 1024 * 1024;
/** Bytes of one member of a wheel of which parts are read. */
const LARGEST_PART = 32 * 1024 * 1024;

interface WheelItem extends SourceItem {
  readonly name: PackageName;
  readonly locked?: Version;
  readonly target: WheelTarget;
}

export interface WantedWheels {
  readonly projects: WantedProjects;
  /** What the wheels would be installed into. */
  readonly target: () => Promise<WheelTarget>;
}

/** `base`: URL of the index, with a slash at its end. */
export function contentsSource(base: string, { projects, target }: WantedWheels): Source<WheelItem> {
  return {
    name: "contents",
    place: saidBy(base, 0).source,
    // Wheels may be large, and to read them takes this machine's own time.
    atOnce: 2,
    items: async () => itemsOf(projects, await target()),
    ask: askWheel,
  };
}

/** Each project, and of a locked one each release that is locked. */
function itemsOf({ names, locked }: WantedProjects, target: WheelTarget): WheelItem[] {
  const wish = digestOf([target.pythonVersion.text, ...target.tags.keys()]);
  return names.flatMap((name): WheelItem[] => {
    const versions = locked.get(name);
    if (versions === undefined) return [{ key: name, name, target, wish }];
    return versions.map((version) => ({
      key: `${name}==${version.text}`,
      name,
      locked: version,
      target,
      wish,
    }));
  });
}

async function askWheel({ name, locked, target }: WheelItem, context: ItemContext): Promise<Answer> {
  const { asker, known, graph } = context;
  const { answer, page } = await fetchProjectPage(asker, name, validatorsIn(known));
  if (isUnchanged(answer, known)) return { kind: "unchanged", known };
  const found = page && fittingFile(releasesByPreference(page), target, locked);
  if (found === undefined) return { kind: "absent", known: page === undefined ? {} : remember(answer) };
  const { file } = found;
  const sha256 = file.hashes["sha256"];
  if (sha256 === undefined)
    throw notUnderstood(
      `the index page of \`${name}\``,
      `it does not tell the SHA-256 of \`${file.filename}\``,
    );
  const remembered = { ...remember(answer), sha256 };
  if (known["sha256"] === sha256 || (await isRead(graph, name, found)))
    return { kind: "unchanged", known: remembered };
  const bodies = await readFile(asker, found, sha256);
  const provenance = saidBy(file.url, context.now);
  const changes = bodies.map(
    (body): Change => ({ put: parseFact({ owner: name, subject: sha256, provenance, ...body }) }),
  );
  return { kind: "told", changes, known: remembered };
}

async function isRead(
  graph: KnowledgeGraph,
  name: PackageName,
  { kind, file }: FittingFile,
): Promise<boolean> {
  const kinds = kind === "wheel" ? (["contents", "code"] as const) : (["code"] as const);
  const facts = await graph.read({ owners: [name], kinds, subjects: [file.hashes["sha256"] ?? ""] });
  return facts.length === kinds.length;
}

type FileBody =
  | { readonly kind: "contents"; readonly body: ContentsFact }
  | { readonly kind: "code"; readonly body: CodeFact };

/** Throws as `WebClient.fetchFile`, what reading it throws, and `index-response-invalid` where there is none. */
async function readFile(
  asker: Asker,
  { kind, file }: FittingFile,
  sha256: string,
): Promise<readonly FileBody[]> {
  const { url, filename, size } = file;
  const whole = { url, filename, size, sha256, most: WHOLE };
  if (kind === "sdist") return [{ kind: "code", body: await codeOfSdist(asker, whole) }];
  // The page may lie about the size: the server is asked for the end of the file, wherever that is.
  if (size !== undefined && size > WHOLE)
    return await asker.withParts({ url, filename, size: undefined }, async (wheel, signal) => [
      { kind: "contents", body: await readContents(wheel, { signal, largest: LARGEST_PART }) },
    ]);
  const wheel = await asker.askWheelWhole(whole);
  try {
    const contents = await readContents(wheel, { signal: asker.signal });
    const code = await readCode(wheel, asker.signal);
    return [
      { kind: "contents", body: contents },
      { kind: "code", body: code },
    ];
  } finally {
    await wheel.close();
  }
}

async function codeOfSdist(asker: Asker, whole: WholeFile): Promise<CodeFact> {
  const file = await asker.askFile(whole);
  try {
    return await readSdistCode(
      file.createReadStream({ start: 0, autoClose: false }),
      whole.filename,
      asker.signal,
    );
  } finally {
    await file.close();
  }
}
