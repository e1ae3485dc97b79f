// Advisories and prescriptions that others wrote, through the commands that read them: every document is understood, every
// release that an advisory lists is told as affected, every rule is one.

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseVersion, tryParseVersion } from "../../core/pep/src/index.ts";
import { readAdvisories } from "../../io/ingest/src/index.ts";
import { dataFolder, runCommand } from "../../testkit/src/index.ts";
import { type Failure, type Outcome, type Suite, withFolder } from "./suite.ts";

/** The archive of the data folder whose name has the word. */
function archiveOf(word: string, usual: string): string {
  const folder = dataFolder();
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.find((name) => name.includes(word) && name.endsWith(".tar.gz")) ?? usual;
}

const SLOW = { timeoutMs: 300_000, memoryMiB: 2048 } as const;

async function runAdvisories(archive: string): Promise<Outcome> {
  const { advisories, skipped } = await readAdvisories(archive);
  const failed: Failure[] = skipped.map(({ name, reason }) => ({ id: name, message: reason }));
  const alive = advisories.filter(({ withdrawn }) => !withdrawn);
  return await withFolder(async (home) => {
    const imported = await runCommand("thoth", ["knowledge", "import", archive, "--json"], { home, ...SLOW });
    const count = (imported.json as { readonly advisories?: number } | undefined)?.advisories;
    if (imported.status !== 0 || count !== alive.length)
      failed.push({
        id: "knowledge import",
        message: `${alive.length} expected: ${imported.stdout}${imported.stderr}`.slice(0, 500),
      });
    failed.push(...(await auditListed(home, alive)));
    return { passed: advisories.length + 1 - failed.length, failed, skipped: [] };
  });
}

type Advisory = Awaited<ReturnType<typeof readAdvisories>>["advisories"][number];

/** One lock per round: each package in one of the releases that its advisories list, which must all be told. */
async function auditListed(home: string, advisories: readonly Advisory[]): Promise<Failure[]> {
  const expected = new Map<string, Map<string, string[]>>();
  for (const { id, affected } of advisories) {
    for (const { name, versions } of affected) {
      const version = versions.map(String).findLast((text) => tryParseVersion(text) !== undefined);
      if (version === undefined) continue;
      const byVersion = expected.get(name) ?? new Map<string, string[]>();
      byVersion.set(version, [...(byVersion.get(version) ?? []), id]);
      expected.set(name, byVersion);
    }
  }
  const failed: Failure[] = [];
  for (let round = 0; ; round++) {
    const rows = [...expected].flatMap(([name, versions]) => {
      const entry = [...versions][round];
      return entry === undefined ? [] : [{ name, version: entry[0], ids: entry[1] }];
    });
    if (rows.length === 0) return failed;
    const lines = rows.map(
      ({ name, version }) => `${name}==${parseVersion(version).text} --hash=sha256:${"0".repeat(64)}`,
    );
    const lock = join(home, "requirements.txt");
    writeFileSync(lock, `${lines.join("\n")}\n`);
    const audit = await runCommand("thoth", ["audit", lock, "--json"], { home, ...SLOW });
    const told = (
      audit.json as
        | {
            readonly vulnerabilities?: readonly {
              readonly package_name: string;
              readonly aliases: readonly string[];
            }[];
          }
        | undefined
    )?.vulnerabilities;
    const known = new Set(
      (told ?? []).flatMap((item) => item.aliases.map((alias) => `${item.package_name} ${alias}`)),
    );
    for (const { name, version, ids } of rows) {
      for (const id of ids)
        if (!known.has(`${name} ${id}`))
          failed.push({
            id,
            message: `${name} ${version} is listed and not told${told === undefined ? `: ${audit.stdout.slice(0, 200)}` : ""}`,
          });
    }
  }
}

async function runPrescriptions(archive: string): Promise<Outcome> {
  return await withFolder(async (home) => {
    const result = await runCommand("thoth", ["prescriptions", "validate", archive, "--json"], {
      home,
      ...SLOW,
    });
    const read = result.json as
      | {
          readonly units: number;
          readonly errors: readonly {
            readonly file: string;
            readonly line: number;
            readonly message: string;
          }[];
        }
      | undefined;
    if (read === undefined)
      return {
        passed: 0,
        failed: [{ id: "prescriptions validate", message: result.stderr.slice(0, 500) }],
        skipped: [],
      };
    const failed = read.errors.map(({ file, line, message }) => ({ id: `${file}:${line}`, message }));
    return { passed: read.units, failed, skipped: [] };
  });
}

export const advisoriesSuite: Suite = {
  name: "advisories",
  data: archiveOf("advisories", "pypa-advisories-2024-10.tar.gz"),
  run: runAdvisories,
  leftOut: async () => [],
};

export const prescriptionsSuite: Suite = {
  name: "prescriptions",
  data: archiveOf("prescriptions", "thoth-prescriptions-half.tar.gz"),
  run: runPrescriptions,
  leftOut: async () => [],
};
