// Where the files of a wheel lie once it is installed, and what an installer adds to them.
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/#installing-a-wheel-distribution-1-0-py32-none-any-whl
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/

import { createHash } from "node:crypto";
import type { InspectedWheel } from "@thoth/environment";
import { quote, ThothError } from "@thoth/pep";
import { PROGRAMS, ROOT, sitePackages } from "./image-folders.ts";
import type { LayerFile } from "./layer-plan.ts";
import { programsOf, withInterpreter } from "./program-text.ts";

const INSTALLER = "thoth\n";
/** Bytes of a script whose interpreter is put into it. */
const LARGEST_SCRIPT = 4 << 20;
/** What a wheel may say of its own installation, and the installer says instead. */
const OWN = ["RECORD", "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json"];

export interface WheelSettings {
  readonly name: string;
  /** Such as `3.11`. */
  readonly python: string;
  /** Of all its files, seconds since 1970. */
  readonly time: number | undefined;
}

/** Throws `invalid-wheel`, `hash-mismatch`, `limit-exceeded`. */
export async function filesOfWheel(
  wheel: InspectedWheel,
  { name, python, time }: WheelSettings,
): Promise<readonly LayerFile[]> {
  const site = sitePackages(python);
  const files = new Map<string, LayerFile>();
  const own = new Set(OWN.map((file) => `${wheel.distInfo}/${file}`));
  const put = (file: LayerFile, member: string) => {
    const known = files.get(file.path);
    const isOwn = own.has(file.path.slice(site.length + 1)) && file.path.startsWith(`${site}/`);
    if (isOwn || (known !== undefined && known.hash !== file.hash)) throw twiceAt(member);
    files.set(file.path, file);
  };
  for (const member of wheel.files.values()) {
    if (own.has(member.name)) continue;
    const { path, isScript } = placeOf(member.name, { distInfo: wheel.distInfo, site, python, name });
    const made = isScript ? await completedScript(wheel, member.name) : undefined;
    if (made !== undefined) put(madeFile(path, made, { mode: 0o755, owner: name, time }), member.name);
    else {
      const { algorithm, digest } = wheel.record.get(member.name)!;
      const mode = isScript || (member.mode & 0o111) !== 0 ? 0o755 : 0o644;
      const hash = `${algorithm}=${digest}`;
      const source = { wheel, member };
      put({ path, mode, size: member.size, hash, owner: name, time, source }, member.name);
    }
  }
  const add = (path: string, text: string, mode = 0o644) =>
    files.set(path, madeFile(path, Buffer.from(text), { mode, owner: name, time }));
  for (const program of programsOf(wheel.entryPoints ?? ""))
    add(`${PROGRAMS}/${program.name}`, program.text, 0o755);
  add(`${site}/${wheel.distInfo}/INSTALLER`, INSTALLER);
  const record = `${site}/${wheel.distInfo}/RECORD`;
  add(record, recordText([...files.values()], { record, site }));
  return [...files.values()];
}

/** By way of its `.data` folder a wheel can name a place a second time. */
function twiceAt(member: string): ThothError {
  return new ThothError(
    "invalid-wheel",
    `The wheel is not valid: ${quote(member)} would lie where it has another file, or its installer one.`,
    { details: { member: quote(member) } },
  );
}

interface Frame {
  readonly distInfo: string;
  readonly site: string;
  readonly python: string;
  readonly name: string;
}

function placeOf(member: string, { distInfo, site, python, name }: Frame) {
  const data = `${distInfo.slice(0, -".dist-info".length)}.data/`;
  if (!member.startsWith(data)) return { path: `${site}/${member}`, isScript: false };
  const slash = member.indexOf("/", data.length);
  const rest = member.slice(slash + 1);
  switch (member.slice(data.length, slash)) {
    case "scripts":
      return { path: `${PROGRAMS}/${rest}`, isScript: true };
    case "data":
      return { path: `${ROOT}/${rest}`, isScript: false };
    case "headers":
      return { path: `${ROOT}/include/site/python${python}/${name}/${rest}`, isScript: false };
    default:
      return { path: `${site}/${rest}`, isScript: false };
  }
}

/** Undefined where it stays as it is. */
async function completedScript(wheel: InspectedWheel, name: string): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let kept = 0;
  let total = 0;
  const take = (chunk: Buffer) => {
    total += chunk.length;
    if (kept >= LARGEST_SCRIPT) return;
    parts.push(chunk);
    kept += chunk.length;
  };
  await wheel.read(name, { take });
  const made = withInterpreter(Buffer.concat(parts));
  if (made === undefined || total === kept) return made;
  throw new ThothError(
    "limit-exceeded",
    `The script ${quote(name)} is larger than ${LARGEST_SCRIPT} bytes.`,
    {
      details: { limit: "scriptBytes", most: LARGEST_SCRIPT },
    },
  );
}

/** A file whose content is made here. */
export function madeFile(
  path: string,
  bytes: Buffer,
  { mode = 0o644, owner, time }: Pick<LayerFile, "owner" | "time"> & { readonly mode?: number },
): LayerFile {
  const hash = `sha256=${createHash("sha256").update(bytes).digest("base64url")}`;
  return { path, mode, size: bytes.length, hash, owner, time, source: { bytes } };
}

function recordText(
  files: readonly LayerFile[],
  { record, site }: { readonly record: string; readonly site: string },
): string {
  const rows = files.map(({ path, hash, size }) => `${field(recorded(path, site))},${hash},${size}\n`);
  rows.push(`${field(recorded(record, site))},,\n`);
  return rows.sort().join("");
}

/** As seen from the folder of packages. */
function recorded(path: string, site: string): string {
  if (path.startsWith(`${site}/`)) return path.slice(site.length + 1);
  const up = site
    .slice(ROOT.length + 1)
    .split("/")
    .map(() => "..");
  return [...up, path.slice(ROOT.length + 1)].join("/");
}

function field(path: string): string {
  return /[",\n\r]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}
