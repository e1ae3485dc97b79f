// What the levels of an objective count, as `docs/advice.md` says it.

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ["vulnerability", "points of known vulnerabilities, one flaw once"],
  ["breakage", "points of failures that were seen, or that the code would meet"],
  ["slowness", "points of measured slowness, beside the newest release that was measured"],
  ["rule", "points of rules that hold"],
  ["stale", "packages with a newer release for more than two years"],
  ["immaturity", "very young releases, pre-releases, releases that wait for a patch, projects given up"],
  ["unproven", "releases without a told attestation, where an earlier one had it"],
  ["build", "packages that only a source distribution installs"],
  ["surface", "packages"],
  ["yanked", "yanked releases"],
  ["prerelease", "pre-releases"],
  ["lag", "days since a newer admissible release appeared"],
  ["rank", "newer releases passed over"],
  ["change", "packages that differ from the lock"],
  ["backward", "packages older than in the lock"],
]);

const SCOPES: ReadonlyMap<string, string> = new Map([
  ["direct", ", of the packages that you ask for"],
  ["rest", ", of the packages that others need"],
  ["all", ""],
]);

export function meaningOf(level: string): string | undefined {
  const [, term = "", scope = "all"] = /^(\w+)(?:\((.+)\))?$/.exec(level) ?? [];
  const meaning = MEANINGS.get(term);
  if (meaning === undefined) return undefined;
  return meaning + (SCOPES.get(scope) ?? `, ${scope.replace(/^≥ ?/, "at least ")}`);
}
