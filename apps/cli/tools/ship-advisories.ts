// Development command: makes the advisories that this version is shipped with, facts alone, from an archive of the PyPA's
// advisory database. Usage: node tools/node24.mjs apps/cli/tools/ship-advisories.ts ARCHIVE

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileAdvisories, readAdvisories } from "@thoth/ingest";

const [archive] = process.argv.slice(2);
if (archive === undefined) throw new Error("name an archive of OSV documents");
const { advisories, skipped } = await readAdvisories(archive);
for (const { name, reason } of skipped) console.error(`${name} was skipped: ${reason}`);
const bytes = compileAdvisories(advisories, { summaries: false });
writeFileSync(fileURLToPath(new URL("../data/advisories.bin", import.meta.url)), bytes);
console.log(`${advisories.length} advisories, ${bytes.length} bytes`);
