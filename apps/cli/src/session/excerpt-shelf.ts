// Where excerpts of earlier resolutions lie: in memory while the process lasts, between runs in a file for each set of
// packages that somebody asked for and each target. One is given out only while the store is as it was when the excerpt
// was taken from it: whatever was written since, by whomever, voids them all.

import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { developmentOnly, Excerpt, type Project, type RuleBook } from "@thoth/adviser";
import type { IndexSession } from "@thoth/index";
import type { AdvisoryReader } from "@thoth/knowledge";
import { readTwice, writeTwice } from "@thoth/store";

/** Written in by `tools/build.ts`; the sources themselves keep no files, since nothing tells when they change. */
declare const THOTH_BUILD: string | undefined;

/** The same question is one for which the same candidates, sets and needs hold. */
interface Label {
  readonly question: string;
  readonly tags: string;
  readonly stamp: string;
  /** Seconds since 1970. */
  readonly freshUntil: number;
}

interface KeptExcerpt {
  readonly label: Label;
  readonly excerpt: Excerpt;
}

/** By question, the one used last at the end. */
export type ExcerptMemory = Map<string, KeptExcerpt>;

const MOST_IN_MEMORY = 16;
const MOST_FILES = 100;
const KEPT_DAYS = 30;
const MOST_BYTES = 16 * 1024 * 1024;
/** Drafts that a killed run left too. */
const OURS = /^[0-9a-f]{16}\.(?:excerpt|digests)(?:\.\d+)?$/;

/** Of what an index listed of a project. */
interface KeptDigest {
  /** Seconds since 1970. */
  readonly asOf: number;
  readonly digest: string;
}

interface Digests {
  readonly label: Label;
  readonly projects: Record<string, KeptDigest>;
}

export interface ShelfPlaces {
  readonly folder: string;
  readonly memory: ExcerptMemory;
}

export interface ShelfQuestion {
  readonly project: Project;
  readonly session: IndexSession;
  /** What they call malware is no candidate. */
  readonly advisories?: AdvisoryReader | undefined;
  /** What they forbid is none either, and what they cost is kept. */
  readonly rules?: RuleBook | undefined;
}

/**
 * For one question and those that follow from it: `load` before anything is read from the store, `keep` when one is solved
 * and the store has it all, `save` after the last.
 */
export class ExcerptShelf {
  readonly #places: ShelfPlaces;
  readonly #session: IndexSession;
  readonly #question: string;
  readonly #tags: string;
  readonly #build = typeof THOTH_BUILD === "undefined" ? undefined : THOTH_BUILD;
  #freshUntil = Number.MAX_SAFE_INTEGER;
  #unsaved: { readonly label: Label; readonly bytes: Uint8Array } | undefined;
  #digests: Map<string, KeptDigest> | undefined;
  #hasNewDigests = false;

  constructor(places: ShelfPlaces, { project, session, advisories, rules }: ShelfQuestion) {
    this.#places = places;
    this.#session = session;
    this.#question = JSON.stringify([
      this.#build,
      session.places,
      advisories?.identity,
      rules?.identity,
      ...describe(project),
    ]);
    this.#tags = [...project.target.tags.keys()].join();
  }

  load(): Excerpt | undefined {
    const { stamp, offline } = this.#session;
    if (stamp === undefined) return undefined;
    const kept = this.#places.memory.get(this.#question) ?? this.#read();
    if (kept === undefined) return undefined;
    const { label, excerpt } = kept;
    if (label.question !== this.#question || label.tags !== this.#tags || label.stamp !== stamp)
      return undefined;
    if (!offline && label.freshUntil <= Date.now() / 1000) return undefined;
    if (this.#session.hasOtherPlaces(excerpt.projectNames)) return undefined;
    this.#freshUntil = label.freshUntil;
    this.#remember(kept);
    return excerpt;
  }

  /** A convenience: nothing is kept where the store does not hold all of it, or the disk does not take it. */
  keep(read: () => Uint8Array | undefined): void {
    const bytes = read();
    const excerpt = bytes && Excerpt.read(bytes);
    if (excerpt === undefined || bytes === undefined || bytes.length > MOST_BYTES) return;
    const { ownStamp: stamp, freshUntil } = this.#session;
    if (stamp === undefined) return;
    const label: Label = {
      question: this.#question,
      tags: this.#tags,
      stamp,
      freshUntil: Math.min(this.#freshUntil, freshUntil),
    };
    this.#remember({ label, excerpt });
    this.#unsaved = { label, bytes };
  }

  /** The digest of what the index lists of a project; kept where an excerpt tells how long that is the same. */
  digest({ name, asOf, digest }: { name: string; asOf: number; digest: () => string }): string {
    const span = this.#places.memory.get(this.#question)?.excerpt.dates(name);
    if (span === undefined) return digest();
    const isInside = (time: number) => span.from <= time && time < span.until;
    this.#digests ??= this.#readDigests();
    const kept = this.#digests.get(name);
    if (kept !== undefined && isInside(kept.asOf) && isInside(asOf)) return kept.digest;
    const made = digest();
    this.#digests.set(name, { asOf, digest: made });
    this.#hasNewDigests = true;
    return made;
  }

  /** Between runs. */
  save(): void {
    if (this.#build === undefined) return;
    if (this.#unsaved !== undefined) this.#write(this.#unsaved.label, this.#unsaved.bytes);
    this.#unsaved = undefined;
    const label = this.#places.memory.get(this.#question)?.label;
    if (!this.#hasNewDigests || this.#digests === undefined || label === undefined) return;
    const digests: Digests = { label, projects: Object.fromEntries(this.#digests) };
    this.#writeFile("digests", Buffer.from(JSON.stringify(digests)));
    this.#hasNewDigests = false;
  }

  #readDigests(): Map<string, KeptDigest> {
    const label = this.#places.memory.get(this.#question)?.label;
    const content = this.#build === undefined ? undefined : readTwice(this.#pathOf("digests"));
    if (content === undefined || label === undefined) return new Map();
    try {
      const kept = JSON.parse(content.toString("utf8")) as Digests;
      const isOurs = kept.label.question === this.#question && kept.label.stamp === label.stamp;
      return new Map(isOurs ? Object.entries(kept.projects) : []);
    } catch {
      // No file of ours.
      return new Map();
    }
  }

  #remember(kept: KeptExcerpt): void {
    const { memory } = this.#places;
    memory.delete(this.#question);
    memory.set(this.#question, kept);
    for (const oldest of memory.keys()) {
      if (memory.size <= MOST_IN_MEMORY) break;
      memory.delete(oldest);
    }
  }

  #read(): KeptExcerpt | undefined {
    const content = this.#build === undefined ? undefined : readTwice(this.#pathOf("excerpt"));
    if (content === undefined) return undefined;
    try {
      const end = 4 + content.readUInt32LE(0);
      const label = JSON.parse(content.toString("utf8", 4, end)) as Label;
      const excerpt = Excerpt.read(content.subarray(padded(end)));
      return excerpt === undefined ? undefined : { label, excerpt };
    } catch {
      // No file of ours.
      return undefined;
    }
  }

  #write(label: Label, excerpt: Uint8Array): void {
    const text = Buffer.from(JSON.stringify(label));
    const start = padded(4 + text.length);
    const content = Buffer.alloc(start + padded(excerpt.length));
    content.writeUInt32LE(text.length);
    content.set(text, 4);
    content.set(excerpt, start);
    this.#writeFile("excerpt", content);
  }

  #writeFile(kind: "excerpt" | "digests", content: Uint8Array): void {
    try {
      writeTwice(this.#pathOf(kind), content);
      this.#sweep();
    } catch {
      // The next run reads the records again.
    }
  }

  #pathOf(kind: "excerpt" | "digests"): string {
    return join(this.#places.folder, `${hash(this.#question)}.${kind}`);
  }

  #sweep(): void {
    const { folder } = this.#places;
    const files = readdirSync(folder)
      .filter((name) => OURS.test(name))
      .map((name) => join(folder, name))
      .map((path) => ({ path, time: statSync(path).mtimeMs }))
      .sort((a, b) => b.time - a.time);
    const before = Date.now() - KEPT_DAYS * 86_400_000;
    for (const [at, { path, time }] of files.entries())
      if (at >= MOST_FILES || time < before) rmSync(path, { force: true });
  }
}

/** All of a project that decides what is seen, but for the date, exact pins (an excerpt has its own word on both) and tags. */
function describe(project: Project): readonly unknown[] {
  const { requirements, constraints, target, policy } = project;
  const { recommendationType, asOfStrict, prerelease, resolution, noBinary, onlyBinary } = policy;
  const named = [...requirements.map(({ requirement }) => requirement), ...constraints];
  return [
    [...new Set(named.map(({ name }) => name))].sort(),
    // Rules may ask for it.
    [...developmentOnly(project)].sort(),
    target.markers,
    target.pythonVersion.text,
    [recommendationType, asOfStrict, prerelease, resolution, policy.allowBuild, policy.requiresPython],
    [...noBinary].sort(),
    [...onlyBinary].sort(),
    [...(policy.datedApart?.names ?? [])].sort(),
  ];
}

/** Two words of FNV-1a. A name only: what the file says of itself is compared. */
function hash(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x2f0b4a1d;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x01000193);
  }
  return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function padded(length: number): number {
  return (length + 7) & ~7;
}
