// Flaws of packages, as random tests need them.

import type { AdvisoryReader, Severity } from "@thoth/knowledge";
import { compareVersions, parseVersion, type Version } from "@thoth/pep";
import fc from "fast-check";

const flaw = fc.record({
  severity: fc.constantFrom<Severity>("critical", "high", "medium", "low", "unknown"),
  exploited: fc.boolean(),
  malware: fc.nat(9).map((n) => n === 0),
  /** Seconds since 1970, in 2020 and early 2021. */
  published: fc.nat(45).map((n) => Date.UTC(2020, 0, 1 + n * 10) / 1000),
  fixed: fc.constantFrom("1.1", "2.0", "3.0", "9"),
});

/** At most two of each of some of these packages. */
export function randomAdvisories(names: readonly string[]): fc.Arbitrary<AdvisoryReader> {
  return fc
    .dictionary(fc.constantFrom(...names), fc.array(flaw, { maxLength: 2 }), { maxKeys: 3 })
    .map((known): AdvisoryReader => {
      const flaws = (name: string) =>
        (known[name] ?? []).map(({ fixed, ...facts }, at) => ({
          ...facts,
          id: `F-${at}`,
          aliases: [`F-${at}`],
          score: undefined,
          summary: "",
          link: "",
          fixedIn: [fixed],
          affects: (version: Version) => compareVersions(version, parseVersion(fixed)) < 0,
        }));
      return { flaws, newest: 0, count: 1, identity: "" };
    });
}
