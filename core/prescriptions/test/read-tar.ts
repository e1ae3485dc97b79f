// The files of a tar archive, as far as the corpora need it: long names stand in an extended header of their own.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { PrescriptionFile } from "../src/index.ts";

/** The YAML files of a `.tar.gz`; paths begin behind the first folder. */
export function readTarGz(path: string): PrescriptionFile[] {
  const tar = gunzipSync(readFileSync(path));
  const files: PrescriptionFile[] = [];
  let longName: string | undefined;
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8);
    const kind = String.fromCharCode(tar[at + 156]!);
    const prefix = field(tar, at + 345, 155);
    const name = longName ?? (prefix === "" ? "" : `${prefix}/`) + field(tar, at, 100);
    const body = tar.subarray(at + 512, at + 512 + size);
    longName = kind === "x" ? /^\d+ path=(.*)$/m.exec(body.toString("utf8"))?.[1] : undefined;
    if ((kind === "0" || kind === "\0") && name.endsWith(".yaml")) {
      files.push({ path: name.replace(/^(?:\.\/)?[^/]+\//, ""), text: body.toString("utf8") });
    }
    at += 512 + 512 * Math.ceil(size / 512);
  }
  return files;
}

function field(bytes: Buffer, start: number, length: number): string {
  const end = bytes.subarray(start, start + length).indexOf(0);
  return bytes.toString("utf8", start, start + (end < 0 ? length : end));
}
