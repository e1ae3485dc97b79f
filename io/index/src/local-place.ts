// An index or a place of links on this machine: a tree as in PEP 503 (a folder per project, with or without an
// index.html), a flat folder of files, or one page of links.

import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type IndexFile,
  normalizeName,
  type PackageName,
  parseFindLinks,
  parseProjectPage,
  quote,
  ThothError,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from "@thoth/pep";
import { fileFailure, isFileError } from "./file-failure.ts";

export interface LocalPage {
  readonly files: readonly IndexFile[];
  readonly warnings: readonly string[];
}

/** Entries of one folder that are looked at. */
const MOST_ENTRIES = 1_000_000;
const PAGES = ["index.json", "index.html"];

export class LocalPlace {
  readonly #path: string;
  readonly #pageBytes: number;
  #content: Content | undefined;

  constructor(path: string, pageBytes: number) {
    this.#path = path;
    this.#pageBytes = pageBytes;
  }

  /** Whether there is anything of the project. Throws as `project`. */
  knows(name: PackageName): boolean {
    const { folders, files } = this.#read();
    return folders.has(name) || files.has(name);
  }

  /** Of the projects that it has something of. Throws as `project`. */
  get names(): readonly PackageName[] {
    const { folders, files } = this.#read();
    return [...folders.keys(), ...files.keys()];
  }

  /** Undefined: it does not have the project. Throws `file-failed`, or what a page's parser throws. */
  async project(name: PackageName): Promise<LocalPage | undefined> {
    const { folders, files, warnings } = this.#read();
    const own = files.get(name) ?? [];
    const pages: LocalPage[] = [];
    for (const folder of folders.get(name) ?? [])
      pages.push(await readProjectFolder(folder, name, this.#pageBytes));
    if (own.length === 0 && pages.length === 0) return undefined;
    return {
      files: [...pages.flatMap((page) => page.files), ...own],
      warnings: [...warnings, ...pages.flatMap((page) => page.warnings)],
    };
  }

  #read(): Content {
    this.#content ??= readContent(this.#path, this.#pageBytes);
    return this.#content;
  }
}

interface Content {
  /** Folders by the name of their project. */
  readonly folders: ReadonlyMap<PackageName, readonly string[]>;
  /** Files that lie here or are linked from here. */
  readonly files: ReadonlyMap<PackageName, readonly IndexFile[]>;
  readonly warnings: readonly string[];
}

/** One listing, without waiting: most names are not here, and whoever asks for them must not wait. */
function readContent(path: string, pageBytes: number): Content {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return sortEntries(path, readdirSync(path, { withFileTypes: true }));
    if (status.size > pageBytes) throw tooLarge(path, pageBytes);
    const page = parseFindLinks(readFileSync(path, "utf8"), { url: pathToFileURL(path).href });
    return { folders: new Map(), files: groupFiles(page.files), warnings: page.warnings };
  } catch (error) {
    throw isFileError(error) ? fileFailure(error, path) : error;
  }
}

function sortEntries(path: string, entries: readonly Dirent[]): Content {
  checkCount(path, entries);
  const folders = new Map<PackageName, string[]>();
  const files: IndexFile[] = [];
  for (const entry of entries.toSorted(byName)) {
    if (isArchive(entry.name)) files.push(fileIn(path, entry.name));
    else if (!entry.isFile()) add(folders, normalizeName(entry.name), join(path, entry.name));
  }
  return { folders, files: groupFiles(files), warnings: [] };
}

/** By the project that each name begins with. */
export function groupFiles(files: readonly IndexFile[]): ReadonlyMap<PackageName, readonly IndexFile[]> {
  const groups = new Map<PackageName, IndexFile[]>();
  for (const file of files) {
    const { filename } = file;
    const parsed = filename.endsWith(".whl")
      ? tryParseWheelFilename(filename)
      : tryParseSdistFilename(filename);
    if (parsed !== undefined) add(groups, parsed.name, file);
  }
  return groups;
}

function add<T>(groups: Map<PackageName, T[]>, name: PackageName, item: T): void {
  const known = groups.get(name);
  if (known === undefined) groups.set(name, [item]);
  else known.push(item);
}

async function readProjectFolder(folder: string, name: PackageName, pageBytes: number): Promise<LocalPage> {
  const entries = await listFolder(folder).catch((error: unknown) => {
    // Something that is neither a file nor a folder is no project.
    if (error instanceof ThothError && error.details?.["reason"] === "ENOTDIR") return [];
    throw error;
  });
  for (const page of PAGES) {
    if (!entries.some((entry) => entry.name === page)) continue;
    const path = join(folder, page);
    return parseProjectPage(await readText(path, pageBytes), { url: pathToFileURL(path).href, name });
  }
  const files = entries
    .filter((entry) => isArchive(entry.name))
    .map((entry) => fileIn(folder, entry.name))
    .filter((file) => groupFiles([file]).has(name));
  return { files, warnings: [] };
}

function fileIn(folder: string, filename: string): IndexFile {
  const url = pathToFileURL(join(folder, filename)).href;
  return { filename, url, hashes: {}, yanked: false, coreMetadata: false };
}

function isArchive(name: string): boolean {
  return /\.(?:whl|tar\.gz|zip)$/.test(name) && !/[\u0000-\u001f\u007f-\u009f]/.test(name);
}

async function listFolder(path: string): Promise<readonly Dirent[]> {
  const entries = await orFailure(path, () => readdir(path, { withFileTypes: true }));
  checkCount(path, entries);
  return entries.sort(byName);
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

function checkCount(path: string, entries: readonly Dirent[]): void {
  if (entries.length <= MOST_ENTRIES) return;
  throw new ThothError("limit-exceeded", `The folder ${quote(path)} has more than ${MOST_ENTRIES} entries.`, {
    details: { limit: "entries", most: MOST_ENTRIES },
  });
}

function tooLarge(path: string, limit: number): ThothError {
  return new ThothError("limit-exceeded", `${quote(path)} is larger than the limit of ${limit} bytes.`, {
    details: { limit: "bytes", most: limit },
  });
}

async function readText(path: string, limit: number): Promise<string> {
  return (await readLocalFile(path, limit)).toString("utf8");
}

/** The bytes of a file of at most `limit`. Throws `file-failed` or `limit-exceeded`. */
export async function readLocalFile(path: string, limit: number): Promise<Buffer> {
  return await orFailure(path, async () => {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      if (size > limit) throw tooLarge(path, limit);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  });
}

async function orFailure<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isFileError(error) ? fileFailure(error, path) : error;
  }
}
