// `thoth knowledge export` and `import`: parts of the knowledge graph as files, to pass on.

import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { type FactKind, isOwnerOf, type Owner } from "@thoth/knowledge";
import { normalizeName, quote, ThothError } from "@thoth/pep";
import type { GraphStore } from "@thoth/store";
import { replaceFile } from "../../files/replace-file.ts";
import { type Invocation, listOption } from "../../frame/command.ts";
import { plural } from "../../frame/printable.ts";
import { openFormerGraph, openKnowledgeGraph } from "../../session/open-graph.ts";
import { now } from "../../settings/as-of.ts";

export interface Exported {
  readonly file: string;
  readonly facts: number;
  /** As of which. */
  readonly snapshot: number;
}

export interface Imported {
  readonly files: readonly string[];
  readonly facts: number;
}

/** Throws usage, file-failed, and what the database does. */
export async function exportPart(invocation: Invocation, places: readonly string[]): Promise<Exported> {
  const [file, ...others] = places;
  if (file === undefined || others.length > 0)
    throw new ThothError("usage", "knowledge is exported to one file", {
      hint: "`thoth knowledge export FILE --package NAME`: the file comes first.",
    });
  const chosen = await chosenPart(invocation);
  const graph = await openFormerGraph(invocation);
  if (graph === undefined)
    throw new ThothError("usage", "there is no knowledge graph on this machine", {
      hint: "`--database` names another.",
    });
  try {
    return await writePart(invocation, { graph, file, chosen });
  } finally {
    await graph.close();
  }
}

interface Chosen {
  readonly owners?: readonly Owner[];
  readonly kinds?: readonly FactKind[];
}

async function writePart(
  { terminal, signal }: Invocation,
  { graph, file, chosen }: { readonly graph: GraphStore; readonly file: string; readonly chosen: Chosen },
): Promise<Exported> {
  const { exportGraph } = await import("@thoth/store/graph");
  const stage = terminal.stage("export");
  let facts = 0;
  const progress = (count: number) => {
    signal.throwIfAborted();
    facts = count;
    stage.update(0, 0, plural(count, "fact"));
  };
  try {
    const { id } = await graph.snapshot();
    // Begun only when there is a file to write to.
    const bytes = async function* () {
      yield* exportGraph(graph, { ...chosen, at: id, progress }) as AsyncIterable<Uint8Array>;
    };
    await replaceFile(file, bytes());
    stage.end(`${plural(facts, "fact")} written`);
    return { file, facts, snapshot: id };
  } catch (error) {
    stage.end();
    throw error;
  }
}

async function chosenPart({ options }: Invocation): Promise<Chosen> {
  const packages = listOption(options, "package");
  const kinds = listOption(options, "kind");
  return {
    ...(packages.length === 0 ? {} : { owners: packages.map(ownerOf) }),
    ...(kinds.length === 0 ? {} : { kinds: await checkedKinds(kinds) }),
  };
}

/** A package, or such as `cve:CVE-2024-1234`. */
function ownerOf(text: string): Owner {
  const others = ["exploitation", "image", "inspection"] as const;
  return others.some((kind) => isOwnerOf(kind, text)) ? (text as Owner) : normalizeName(text);
}

async function checkedKinds(texts: readonly string[]): Promise<readonly FactKind[]> {
  const { FACT_KINDS } = await import("@thoth/knowledge/facts");
  return texts.map((text) => {
    const kind = FACT_KINDS.find((one) => one === text);
    if (kind !== undefined) return kind;
    throw new ThothError("usage", `${quote(text)} is no kind of facts`, {
      hint: `There are ${FACT_KINDS.join(", ")}.`,
    });
  });
}

/** Undefined where the places are other files. Throws usage where only some are, and as `importGraph`. */
export async function importParts(
  invocation: Invocation,
  places: readonly string[],
): Promise<Imported | undefined> {
  const { importGraph, isGraphFile } = await import("@thoth/store/graph");
  const are = await Promise.all(places.map((place) => isFile(place) && isGraphFile(createReadStream(place))));
  if (!are.includes(true)) return undefined;
  if (are.includes(false))
    throw new ThothError(
      "usage",
      "parts of a knowledge graph and advisories are imported one after the other",
    );
  const graph = await openKnowledgeGraph(invocation);
  const stage = invocation.terminal.stage("import");
  let facts = 0;
  try {
    for (const place of places) {
      const progress = (count: number) => {
        invocation.signal.throwIfAborted();
        stage.update(0, 0, plural(facts + count, "fact"));
      };
      const options = { at: now().seconds, source: `file:${basename(place)}`, progress };
      facts += (await importGraph(graph, () => createReadStream(place), options)).facts;
    }
    stage.end(`${plural(facts, "fact")} read`);
    return { files: places, facts };
  } catch (error) {
    stage.end();
    throw error;
  } finally {
    await graph.close();
  }
}

function isFile(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isFile() ?? false;
}
