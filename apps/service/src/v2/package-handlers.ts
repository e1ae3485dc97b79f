// Packages of the modern API: what the configured indexes, the knowledge graph, the advisories and the rules of the whole
// service say of them. What a tenant has of its own is shown to nobody here.

import type { PackageDocument, StatusDocument, v2Operations } from "@thoth/contract/service";
import type { ContentsFact, KnowledgeGraph, MeasurementFact, ProjectRecord } from "@thoth/knowledge";
import { reportedModule, tableModules } from "@thoth/notebook";
import { normalizeName, type PackageName, quote, ThothError } from "@thoth/pep";
import type { Handlers } from "../http/handler.ts";
import type { KnowledgeFiles } from "../knowledge/knowledge-files.ts";
import { asking } from "../v1/asking.ts";
import type { Catalogue } from "../v1/catalogue.ts";
import { hashesOf } from "../v1/index-catalogue.ts";
import { textOf } from "./job-document.ts";
import { packageDocumentOf, unitsOn } from "./package-document.ts";
import { pageOf } from "./paging.ts";

export interface PackageSources {
  readonly catalogue: Pick<Catalogue, "names" | "project">;
  readonly graph: Pick<KnowledgeGraph, "read">;
  readonly files: KnowledgeFiles;
}

/** Releases whose wheels are looked up for modules, the newest first. */
const LOOKED_AT = 10;

export function packageHandlers(
  sources: PackageSources,
): Pick<Handlers<typeof v2Operations>, "findPackages" | "readPackage"> {
  return {
    findPackages: async ({ query }) => {
      const page = pageOf(query);
      const { after = "" } = page;
      const names = await sources.catalogue.names(query["like"] ?? "");
      const rest = names.filter((name) => name > after).slice(0, page.limit + 1);
      const itself = (name: string) => name;
      return { status: 200, document: page.documentOf(rest, itself, itself) };
    },
    readPackage: asking(async ({ places, signal }) => {
      const name = normalizeName(places["name"] as string);
      return { status: 200, document: await readPackage(sources, name, signal) };
    }),
  };
}

/** Of the status. Throws what reading the files throws. */
export async function knowledgeOf(files: KnowledgeFiles): Promise<StatusDocument["knowledge"]> {
  const [advisories, rules] = await Promise.all([files.advisories(), files.rules()]);
  const newest = advisories?.newest ?? 0;
  return {
    advisories: advisories?.count ?? 0,
    newest: newest === 0 ? null : textOf(newest * 1000),
    rules: rules?.size ?? 0,
  };
}

/** Throws `not-found`, `index-unreachable`, `file-failed`. */
async function readPackage(
  { catalogue, graph, files }: PackageSources,
  name: PackageName,
  signal: AbortSignal,
): Promise<PackageDocument> {
  const [record, advisories, prescriptions, measurements] = await Promise.all([
    catalogue.project(name, signal),
    files.advisories(),
    files.rules(),
    measurementsOf(graph, name),
  ]);
  const flaws = advisories?.flaws(name) ?? [];
  const rules = prescriptions === undefined ? [] : unitsOn(name, prescriptions);
  const imports = await importsOf(graph, name, record);
  const known = [flaws, rules, measurements, imports].some(({ length }) => length > 0);
  if (record === undefined && !known) throw new ThothError("not-found", `nothing is known of ${quote(name)}`);
  return packageDocumentOf({ name, record, flaws, measurements, rules, imports });
}

type Graph = PackageSources["graph"];

async function measurementsOf(graph: Graph, name: PackageName): Promise<readonly MeasurementFact[]> {
  const facts = await graph.read({ owners: [name], kinds: ["measurement"] });
  return facts.flatMap((fact) => (fact.kind === "measurement" ? [fact.body] : []));
}

/** As its newest wheel that was looked into brings them; else as the table of well-known names has them. */
async function importsOf(
  graph: Graph,
  name: PackageName,
  record: ProjectRecord | undefined,
): Promise<readonly string[]> {
  const contents = record && (await newestContents(graph, record));
  if (contents === undefined) return tableModules(name);
  return [...new Set(contents.modules.map(reportedModule))].sort();
}

async function newestContents(graph: Graph, record: ProjectRecord): Promise<ContentsFact | undefined> {
  for (let release = 0; release < Math.min(record.releaseCount, LOOKED_AT); release++) {
    const subjects = hashesOf(record, release);
    if (subjects.length === 0) continue;
    const [fact] = await graph.read({ owners: [record.name], kinds: ["contents"], subjects });
    if (fact?.kind === "contents") return fact.body;
  }
  return undefined;
}
