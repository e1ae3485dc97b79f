// A session on a folder of its own, and answers of it in the form in which tests compare them.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { ProjectRecord } from "@thoth/knowledge";
import { normalizeName, ThothError } from "@thoth/pep";
import { openStore } from "@thoth/store";
import { type IndexEvent, IndexSession, type IndexSessionOptions } from "../src/index.ts";

export interface Rig {
  readonly session: IndexSession;
  readonly events: IndexEvent[];
  readonly folder: string;
}

export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "thoth-index-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Closed when the test ends. `folder` may be that of another rig: then both share the cache. */
export async function openRig(
  context: TestContext,
  options: Partial<IndexSessionOptions> & { readonly folder?: string } = {},
): Promise<Rig> {
  const folder = options.folder ?? (await temporaryFolder(context));
  const events: IndexEvent[] = [];
  const store = options.store ?? openStore(join(folder, "knowledge.sqlite"));
  const session = new IndexSession({
    indexes: [],
    findLinks: [],
    cacheDirectory: folder,
    offline: false,
    allowBuild: false,
    variables: { HOME: folder },
    report: (event) => events.push(event),
    ...options,
    store,
  });
  context.after(async () => {
    await session.close();
    store.close();
  });
  return { session, events, folder };
}

export async function findProject(session: IndexSession, text: string): Promise<ProjectRecord | null> {
  const name = normalizeName(text);
  for (let round = 0; round < 100; round++) {
    const record = session.project(name);
    if (record !== undefined) return record;
    await session.supply({ projects: [name], metadata: [] });
  }
  throw new Error("no answer");
}

/** File names, in the order of the record. */
export async function filesOf(session: IndexSession, name: string): Promise<string[] | null> {
  const record = await findProject(session, name);
  return record === null
    ? null
    : Array.from({ length: record.fileCount }, (_, file) => record.filename(file));
}

/** Requirements of a file as declared, or why they are not to be had. */
export async function requirementsOf(
  session: IndexSession,
  name: string,
  filename?: string,
): Promise<string> {
  const project = await findProject(session, name);
  if (project === null) return "no project";
  const names = Array.from({ length: project.fileCount }, (_, file) => project.filename(file));
  const file = filename === undefined ? 0 : names.indexOf(filename);
  for (let round = 0; round < 100; round++) {
    const fact = session.metadata(project, file);
    if (fact !== undefined) return "unavailable" in fact ? fact.unavailable : fact.requiresDist.join(", ");
    await session.supply({ projects: [], metadata: [{ project, file }] });
  }
  throw new Error("no answer");
}

/** The code of what the work throws. */
export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  return (await failureOf(work)).code;
}

export async function failureOf(work: () => Promise<unknown>): Promise<ThothError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ThothError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

export function warningsOf(events: readonly IndexEvent[]): string[] {
  return events.flatMap((event) => (event.kind === "warning" ? [event.message] : []));
}
