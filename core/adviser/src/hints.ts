// What might mend an unsatisfiable project: facts about the packages of the core that the search had to leave
// out, each with the option that would let them in.

import type { KnowledgeReader } from "@thoth/knowledge";
import { type PackageName, specifiersContain } from "@thoth/pep";
import type { Exclusion } from "./candidates.ts";
import type { Statement } from "./failure.ts";
import type { Project } from "./project.ts";
import { nearestNames } from "./spelling.ts";
import type { Universe } from "./universe.ts";

export interface Failed {
  readonly universe: Universe;
  readonly project: Project;
  readonly knowledge: KnowledgeReader;
  readonly statements: readonly Statement[];
}

/** Releases that a statement asks for and that were excluded, by reason. */
type Missed = ReadonlyMap<Exclusion, readonly number[]>;

export function hintsOf(failed: Failed): string[] {
  const hints = new Set<string>();
  for (const statement of failed.statements) {
    const { name } = failed.universe.packageOf(statement.to);
    const record = failed.knowledge.project(name);
    if (record === null) {
      const near = nearestNames(name);
      if (near.length > 0)
        hints.add(`no index has \`${name}\`; did you mean ${near.map((one) => `\`${one}\``).join(" or ")}?`);
      else
        hints.add(
          `no index that was asked has \`${name}\`: check its spelling, or name its index with \`--extra-index-url\``,
        );
      continue;
    }
    for (const [reason, releases] of missedBy(failed.universe, statement)) {
      hints.add(hintFor(failed, name, { reason, releases }));
    }
  }
  for (const hint of unusableHints(failed)) hints.add(hint);
  return [...hints].slice(0, 8);
}

function missedBy(universe: Universe, statement: Statement): Missed {
  const candidates = universe.candidatesOf(universe.packageOf(statement.to).name);
  const missed = new Map<Exclusion, number[]>();
  if (candidates === undefined) return missed;
  const { record, excluded } = candidates;
  const specifiers = specifiersOf(universe, statement);
  for (let release = 0; release < record.releaseCount; release++) {
    const reason = excluded[release];
    if (reason === undefined) continue;
    if (
      specifiers !== undefined &&
      !specifiersContain(specifiers, record.version(release), { prereleases: true })
    )
      continue;
    const known = missed.get(reason);
    if (known === undefined) missed.set(reason, [release]);
    else known.push(release);
  }
  return missed;
}

function specifiersOf(universe: Universe, { to, specifiers }: Statement) {
  return universe.specifiersNamed(to, specifiers ?? "");
}

function hintFor(
  failed: Failed,
  name: PackageName,
  missed: { reason: Exclusion; releases: readonly number[] },
): string {
  const candidates = failed.universe.candidatesOf(name);
  const record = candidates?.record;
  const newest = missed.releases[0] as number;
  const version = record?.versionText(newest) ?? "";
  const count = missed.releases.length;
  const what = count === 1 ? `${name} ${version}` : `${count} releases of ${name} (newest ${version})`;
  switch (missed.reason) {
    case "python": {
      const bound = record?.requiresPython(record.firstFile(newest)) ?? -1;
      const text = bound >= 0 ? record?.requiresPythonTexts[bound] : "another";
      const { text: current } = failed.project.target.pythonVersion;
      return `${what} would do on another Python: it needs ${text}, this is ${current} (\`--python-version\`)`;
    }
    case "platform":
      return `${what} has no wheel for this platform (\`--platform\`)`;
    case "source-only":
      return `${what} has no wheel that you allow; a source distribution exists (\`--only-binary\` excludes it)`;
    case "prerelease":
      return `a pre-release would do: ${what} (\`--prerelease allow\`)`;
    case "date":
      return `${what} was uploaded after the date you gave (\`--as-of\`)`;
    case "yanked":
      return `${what} was yanked; an exact pin (\`${name}==${version}\`) would take it`;
    case "quarantined":
      return `${name} is quarantined on its index`;
    default:
      return missed.reason satisfies never;
  }
}

function unusableHints({ universe, statements }: Failed): string[] {
  const names = new Set(
    statements
      .flatMap(({ from, to }) => [from, to])
      .map((id) => (id === undefined ? undefined : universe.packageOf(id).name)),
  );
  const byPackage = Map.groupBy(
    universe.unusable.filter((item) => names.has(item.package)),
    (item) => `${item.package} ${item.reason}`,
  );
  return [...byPackage.values()].map((items) => {
    const [first] = items as [(typeof items)[number]];
    const what =
      items.length === 1
        ? `${first.package} ${first.version}`
        : `${items.length} releases of ${first.package}`;
    if (first.reason === "build-not-allowed") {
      return `${what} tells its requirements only by running its build: \`--allow-build\` permits that`;
    }
    return `${what} was passed over: ${first.message}`;
  });
}
