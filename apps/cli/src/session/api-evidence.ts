// Whether the releases of a stack offer what the code uses of them. It is found out for the stack that would be advised:
// where a release lacks something, the search goes on with that knowledge, until a stack holds or nothing better is left
// (docs/decisions/0025-api-evidence.md). What was found is kept by the file's hash and the names that are used.

import { createHash } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ChosenRelease, Product, RuleTerm, Universe } from "@thoth/adviser";
import type { IndexSession } from "@thoth/index";
import { tableProviders } from "@thoth/notebook";
import { normalizeName, type PackageName } from "@thoth/pep";
import type { Use } from "@thoth/python";
import { readTwice, writeTwice } from "@thoth/store";
import { printable } from "../frame/printable.ts";
import type { Terminal } from "../frame/terminal.ts";
import { type Lack, termOfLacks } from "./api-terms.ts";
import type { EvidenceFinder, Found } from "./evidence.ts";
import { readApi, topOf } from "./read-api.ts";

export interface ApiEvidenceSources {
  readonly uses: readonly Use[];
  readonly session: IndexSession;
  readonly cacheDirectory: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** What is known of one package's releases and this code. */
interface Package {
  readonly tops: string[];
  /** Of `tops`, those that no other package is known to have. */
  readonly own: readonly string[];
  readonly uses: Use[];
  readonly path: string;
  /** By SHA-256 of the file that is installed; null where it cannot be told. */
  readonly known: Record<string, { readonly version: string; readonly lacks: readonly Lack[] | null }>;
  isNew: boolean;
  /** Releases in a row that lack something. */
  failures: number;
}

/** Releases of one package that are looked at in one run. */
const MOST_RELEASES = 60;
/** Releases that are looked at together. */
const MOST_TOGETHER = 8;
const MOST_FILES = 300;
/** Other releases that are asked for a name of which it is doubtful whether it left. */
const MOST_OTHERS = 5;

export class ApiEvidence implements EvidenceFinder {
  readonly terms: readonly RuleTerm[];
  readonly #sources: ApiEvidenceSources;
  readonly #packages: ReadonlyMap<PackageName, Package>;
  /** Releases with a term. */
  readonly #told = new Map<string, RuleTerm>();

  constructor(sources: ApiEvidenceSources) {
    this.#sources = sources;
    this.#packages = packagesOf(sources);
    this.terms = [...this.#packages].flatMap(([name, item]) =>
      Object.values(item.known).flatMap(({ version, lacks }) => this.#termOf(name, version, lacks)),
    );
  }

  get identity(): string {
    return [...this.#told.values()]
      .map(({ unit, score }) => `${unit} ${score}`)
      .sort()
      .join("\n");
  }

  async prepare(): Promise<Found> {
    return { terms: [] };
  }

  async find({ packages }: Product, universe: Universe): Promise<Found> {
    const stage = this.#sources.terminal.stage("code");
    const found: RuleTerm[] = [];
    try {
      for (const { name } of packages) {
        const item = this.#packages.get(name);
        if (item === undefined) continue;
        found.push(...(await this.#look(name, item, { universe, tell: (text) => stage.update(0, 0, text) })));
      }
    } finally {
      stage.end();
      this.#save();
    }
    return { terms: found };
  }

  /** Of packages that lack something in some release: which release the code needs, and why; warnings where none has it all. */
  tell({ packages }: Product): void {
    const { terminal } = this.#sources;
    for (const { name, version } of packages) {
      const item = this.#packages.get(name);
      if (item === undefined) continue;
      const own = this.#told.get(`${name} ${version}`);
      const said = (term: RuleTerm | undefined) =>
        term?.justification.flatMap(({ type, message }) => (type === "ERROR" ? [message] : [])) ?? [];
      if (own !== undefined && own.score < 0)
        for (const message of said(own)) terminal.warn(printable(message));
      else {
        const worse = Object.values(item.known).find(
          (one) => (this.#told.get(`${name} ${one.version}`)?.score ?? 0) < 0,
        );
        const [message] = said(this.#told.get(`${name} ${worse?.version}`));
        if (worse === undefined || message === undefined) continue;
        const doubt = isDoubtful(item, { version, worse })
          ? `; whether ${version} has it cannot be told`
          : "";
        terminal.entry("code", printable(`${name} ${version}, since ${message}${doubt}`));
      }
    }
  }

  async close(): Promise<void> {
    // The session is its owner's.
  }

  /** What is new of the release that is chosen and, where the ones before it failed too, of those that come next. */
  async #look(
    name: PackageName,
    item: Package,
    { universe, tell }: { readonly universe: Universe; readonly tell: (text: string) => void },
  ): Promise<readonly RuleTerm[]> {
    const chosen = universe.choiceOf(name);
    const count = universe.candidatesOf(name)?.count ?? 0;
    if (chosen === undefined || count === 0 || Object.keys(item.known).length >= MOST_RELEASES) return [];
    const ahead = Math.min(MOST_TOGETHER, 2 ** item.failures, count - chosen);
    const releases = Array.from({ length: ahead }, (_, at) => universe.described(name, chosen + at));
    tell(`what ${name} ${releases[0]?.version ?? ""} offers`);
    // The newest, too: it may be passed over for another reason, and what it tells may help to understand older ones.
    const newest = universe.described(name, 0);
    const read = (release: ChosenRelease) => this.#read(name, item, { release, newest, universe });
    const first = await read(newest);
    const terms = await Promise.all(releases.map(read));
    const lacking = releases[0]?.version === newest.version ? first : terms[0];
    item.failures = lacking?.some(({ score }) => score < 0) === true ? item.failures + 1 : 0;
    return [...first, ...terms.flat()];
  }

  /** Empty where it was read before. */
  async #read(
    name: PackageName,
    item: Package,
    {
      release,
      newest,
      universe,
    }: Record<"release" | "newest", ChosenRelease> & { readonly universe: Universe },
  ): Promise<readonly RuleTerm[]> {
    const { known, uses, tops, own } = item;
    const sha256 = sha256Of(release);
    if (sha256 === undefined || Object.hasOwn(known, sha256)) return [];
    const { session, signal } = this.#sources;
    const elsewhere = known[sha256Of(newest) ?? ""]?.lacks ?? [];
    const others = () => othersOf(name, universe).filter(({ version }) => version !== release.version);
    const lacks = await readApi(session, { release, uses, tops, own, others, elsewhere }, signal);
    known[sha256] = { version: release.version, lacks: lacks?.map(withoutPlace) ?? null };
    item.isNew = true;
    return this.#termOf(name, release.version, lacks ?? null);
  }

  #termOf(name: PackageName, version: string, lacks: readonly Lack[] | null): RuleTerm[] {
    const item = this.#packages.get(name);
    if (lacks === null || item === undefined || this.#told.has(`${name} ${version}`)) return [];
    const term = termOfLacks(name, version, { lacks, uses: item.uses });
    if (term === undefined) return [];
    this.#told.set(`${name} ${version}`, term);
    return [term];
  }

  /** A convenience: what the disk does not take is found out again. */
  #save(): void {
    for (const item of this.#packages.values()) {
      if (!item.isNew) continue;
      item.isNew = false;
      try {
        writeTwice(item.path, Buffer.from(JSON.stringify(item.known)));
        sweep(join(item.path, ".."));
      } catch {
        return;
      }
    }
  }
}

type Known = Package["known"][string];

/** The same may be lacking in the release that was chosen. */
function isDoubtful({ known }: Package, { version, worse }: { version: string; worse: Known }): boolean {
  const own = Object.values(known).find((one) => one.version === version)?.lacks ?? [];
  const paths = new Set(worse.lacks?.flatMap(({ certain, path }) => (certain ? [path] : [])));
  return own.some(({ path }) => paths.has(path));
}

function sha256Of({ files, installs }: ChosenRelease): string | undefined {
  return files[installs]?.hashes["sha256"];
}

/** The oldest that can be read, then nearer ones: what left was mostly there from the beginning. */
function othersOf(name: PackageName, universe: Universe): readonly ChosenRelease[] {
  const { stable = 0, count = 0 } = universe.candidatesOf(name) ?? {};
  const isRead = ({ files, installs }: ChosenRelease) => files[installs]?.isSdist === false;
  // Pre-releases come last, however new they are.
  let oldest = (stable > 0 ? stable : count) - 1;
  while (oldest > 0 && !isRead(universe.described(name, oldest))) oldest--;
  const others: ChosenRelease[] = [];
  for (let at = oldest; at > 0 && others.length < MOST_OTHERS; at >>= 1) {
    const other = universe.described(name, at);
    if (isRead(other)) others.push(other);
  }
  return others;
}

function withoutPlace({
  cell: _,
  line: __,
  ...lack
}: Lack & { readonly cell: number; readonly line: number }): Lack {
  return lack;
}

/** By the package that may provide the modules which the code uses. */
function packagesOf({ uses, cacheDirectory }: ApiEvidenceSources): ReadonlyMap<PackageName, Package> {
  const tops = new Map<string, Use[]>();
  for (const use of uses) {
    const [top, ...others] = new Set(use.paths.map(topOf));
    if (top === undefined || top === "" || others.length > 0) continue;
    const known = tops.get(top);
    if (known === undefined) tops.set(top, [use]);
    else known.push(use);
  }
  const byPackage = new Map<PackageName, { tops: string[]; own: string[]; uses: Use[] }>();
  for (const [top, used] of tops) {
    for (const name of providersOf(top)) {
      const item = byPackage.get(name) ?? { tops: [], own: [], uses: [] };
      byPackage.set(name, item);
      item.tops.push(top);
      if (isOnlyProvider(name, top)) item.own.push(top);
      item.uses.push(...used);
    }
  }
  return new Map(
    [...byPackage].map(([name, item]) => {
      const path = join(cacheDirectory, "api", `${name}-${digestOf(item.uses)}.json`);
      return [name, { ...item, path, known: readKept(path), isNew: false, failures: 0 }];
    }),
  );
}

function providersOf(top: string): ReadonlySet<PackageName> {
  const names = tableProviders(top).flatMap(({ distribution, alternatives }) => [
    distribution,
    ...alternatives,
  ]);
  return new Set(
    [top, ...names].filter((name) => /^[A-Za-z0-9]/.test(name)).map((name) => normalizeName(name)),
  );
}

function isOnlyProvider(name: PackageName, top: string): boolean {
  const providers = tableProviders(top).flatMap(({ distribution, alternatives }) => [
    distribution,
    ...alternatives,
  ]);
  return providers.length === 1 && normalizeName(providers[0]!) === name;
}

/** Of what is used, wherever it stands. */
function digestOf(uses: readonly Use[]): string {
  const lines = uses.map(({ paths, how, call, guarded }) => JSON.stringify([paths, how, call, guarded]));
  return createHash("sha256")
    .update([RULES_VERSION, ...[...new Set(lines)].sort()].join("\n"))
    .digest("hex")
    .slice(0, 16);
}

/** Another one for each change of how sources are understood: what was kept before is found out again. */
const RULES_VERSION = "5";

function readKept(path: string): Package["known"] {
  const empty = Object.create(null) as Package["known"];
  try {
    const kept = JSON.parse(readTwice(path)?.toString("utf8") ?? "{}") as Package["known"];
    const isOurs = Object.values(kept).every(
      ({ version, lacks }) => typeof version === "string" && (lacks === null || Array.isArray(lacks)),
    );
    return isOurs ? Object.assign(empty, kept) : empty;
  } catch {
    // No file of ours.
    return empty;
  }
}

function sweep(folder: string): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, time: statSync(path).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of files.slice(MOST_FILES)) rmSync(path, { force: true });
}
