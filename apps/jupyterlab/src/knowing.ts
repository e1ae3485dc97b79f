// What is known of packages, asked for beside the work: flaws and news of what is locked, versions, names.

import type { Badge, Flaw, Found, PackageRow, Translator, Version } from "@thoth/views";
import type { Audit, Names, News, Outdated, Versions } from "./documents.ts";
import type { Ended } from "./run.ts";

type Ask = (words: readonly string[], signal: AbortSignal) => Promise<Ended>;

/** Milliseconds without another letter until a name is searched for. */
const TYPED = 200;
const LEAST_LETTERS = 2;

export class Knowing {
  readonly #trans: Translator;
  readonly #ask: Ask;
  /** Of the locked versions, by package. */
  #flaws: ReadonlyMap<string, readonly Flaw[]> = new Map();
  #badges: ReadonlyMap<string, readonly Badge[]> = new Map();
  #searching: AbortController | undefined;
  remark: string | undefined;

  constructor(trans: Translator, ask: Ask) {
    this.#trans = trans;
    this.#ask = ask;
  }

  marked(rows: readonly PackageRow[]): readonly PackageRow[] {
    return rows.map((row) => {
      const [flaws, badges] = [this.#flaws.get(row.name), this.#badges.get(row.name)];
      return { ...row, ...(flaws && { flaws }), ...(badges && { badges }) };
    });
  }

  /** What is known here: nobody is asked because a notebook is looked at. */
  async refresh(hasLock: boolean, signal: AbortSignal): Promise<void> {
    const answer = async (words: readonly string[]) =>
      hasLock ? (await this.#ask(words, signal)).document : undefined;
    const { vulnerabilities = [], unknown = [] } = ((await answer(["audit"])) ?? {}) as Audit;
    this.#flaws = Map.groupBy(vulnerabilities, (flaw) => flaw.package_name);
    this.remark = unknown[0] === undefined ? undefined : this.#trans.__("Not known: %1", unknown[0]);
    const { packages = [] } = ((await answer(["outdated", "--offline"])) ?? {}) as Outdated;
    this.#badges = new Map(packages.map((item) => [item.name, this.#badgesOf(item)]));
  }

  #badgesOf({ yanked, gone, status, newest, outdated, unknown }: News): readonly Badge[] {
    const trans = this.#trans;
    const badges: Badge[] = [];
    if (yanked === true) badges.push({ kind: "yanked", text: trans.__("yanked") });
    if (gone === true) badges.push({ kind: "gone", text: trans.__("gone from its index") });
    if (status !== null && status !== "active") badges.push({ kind: "given up", text: status });
    if (unknown) badges.push({ kind: "unknown", text: trans.__("nothing known") });
    if (outdated && newest !== null) badges.push({ kind: "outdated", text: trans.__("%1 is there", newest) });
    return badges;
  }

  /** All that the index has; none where it does not answer. */
  async versions(name: string): Promise<readonly Version[]> {
    const { signal } = new AbortController();
    const ended = await this.#ask(["versions", name], signal).catch(() => undefined);
    const { versions = [] } = ((ended?.status === 0 && ended.document) || {}) as Versions;
    return versions.map(({ version, fits, uploaded, why, vulnerabilities }) => {
      const notes = [
        uploaded,
        why,
        vulnerabilities > 0
          ? this.#trans._n("%1 known vulnerability", "%1 known vulnerabilities", vulnerabilities)
          : undefined,
      ];
      return { version, fits, text: notes.filter((note) => note).join(", ") };
    });
  }

  /** The package that mostly provides a module. */
  async provider(module: string): Promise<string | undefined> {
    const { signal } = new AbortController();
    const ended = await this.#ask(["search", module, "--module", "--offline"], signal).catch(() => undefined);
    return ((ended?.document ?? {}) as Names).names?.[0]?.name;
  }

  /** Undefined where something else was typed meanwhile. */
  async search(text: string): Promise<readonly Found[] | undefined> {
    this.#searching?.abort();
    const controller = new AbortController();
    this.#searching = controller;
    const [name = ""] = /^[\w.-]*/.exec(text.trim()) ?? [];
    if (name.length < LEAST_LETTERS || name !== text.trim()) return [];
    await new Promise((resolve) => setTimeout(resolve, TYPED));
    if (controller.signal.aborted) return undefined;
    const named = async (words: readonly string[]) => {
      const ended = await this.#ask(["search", name, ...words], controller.signal).catch(() => undefined);
      return controller.signal.aborted ? undefined : ((ended?.document ?? {}) as Names);
    };
    const here = await named(["--offline"]);
    // Only what no list here has is asked for.
    const all = here?.names?.[0]?.match === "exact" ? here : await named([]);
    const { names = here?.names ?? [] } = all ?? {};
    return (
      all &&
      names.map(({ name: one, version }) => ({ name: one, ...(version !== null && { newest: version }) }))
    );
  }
}
