// Native packages of an image, from the files in which their managers keep what is installed.

import type { ImageFact } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";

/** `version` is as the manager shows it: `1:2.36-9+deb12u9`, `[epoch:]version-release`; `architecture` may be empty. */
export type NativePackage = ImageFact["packages"][number];

/** Bytes of a text with packages; the longest real ones have some 10 MB. */
const LONGEST_TEXT = 128 * 1024 * 1024;
const MOST_PACKAGES = 200_000;
const utf8 = new TextDecoder("utf-8");

/**
 * `/var/lib/dpkg/status`, or a file of `/var/lib/dpkg/status.d` (there nothing says that a package is installed: all are).
 * https://man7.org/linux/man-pages/man5/deb-control.5.html. In the order of the file; throws `limit-exceeded`.
 */
export function readDpkgStatus(bytes: Uint8Array): readonly NativePackage[] {
  return readStanzas(bytes, (fields) => {
    const status = fields.get("status")?.split(/\s+/);
    if (status !== undefined && status[2] !== "installed") return undefined;
    return packageOf("deb", [fields.get("package"), fields.get("version"), fields.get("architecture")]);
  });
}

/** `/lib/apk/db/installed`: https://wiki.alpinelinux.org/wiki/Apk_spec. Throws `limit-exceeded`. */
export function readApkInstalled(bytes: Uint8Array): readonly NativePackage[] {
  return readStanzas(bytes, (fields) =>
    packageOf("apk", [fields.get("p"), fields.get("v"), fields.get("a")]),
  );
}

function packageOf(
  kind: NativePackage["kind"],
  [name = "", version = "", architecture = ""]: readonly (string | undefined)[],
): NativePackage | undefined {
  return name === "" || version === "" ? undefined : { kind, name, version, architecture };
}

/** Paragraphs of `Field: value`, of which only the first line of each field is of interest, and the first of its name. */
function readStanzas(
  bytes: Uint8Array,
  read: (fields: ReadonlyMap<string, string>) => NativePackage | undefined,
): NativePackage[] {
  if (bytes.length > LONGEST_TEXT) throw tooLong("bytes", LONGEST_TEXT);
  const found: NativePackage[] = [];
  let fields = new Map<string, string>();
  const finish = () => {
    const one = fields.size === 0 ? undefined : read(fields);
    if (one !== undefined) found.push(one);
    if (found.length > MOST_PACKAGES) throw tooLong("packages", MOST_PACKAGES);
    fields = new Map();
  };
  for (const line of utf8.decode(bytes).split("\n")) {
    if (line.trim() === "") finish();
    const colon = line.indexOf(":");
    if (colon <= 0 || line.startsWith(" ") || line.startsWith("\t")) continue;
    // Fields of apk differ in case alone (`A` and `a`): the first of a paragraph is the one that is meant here.
    const name = line.slice(0, colon).toLowerCase();
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  finish();
  return found;
}

function tooLong(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `The list of packages exceeds the limit of ${most} for ${limit}.`, {
    details: { limit, most },
  });
}
