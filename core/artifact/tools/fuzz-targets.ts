// What the fuzzer feeds: readers of bytes, each with inputs that it understands.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  readApkInstalled,
  readDpkgStatus,
  readElf,
  readOsRelease,
  readRpmDatabase,
  readRpmHeader,
} from "@thoth/artifact";
import { type ElfPlan, writeElf } from "@thoth/testkit";

export interface ByteTarget {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  readonly run: (bytes: Uint8Array) => unknown;
}

export function byteTargets(): ByteTarget[] {
  const header = rpmHeader({ name: "bash", version: "5.2", release: "1.fc40", architecture: "x86_64" });
  return [
    { name: "elf", seeds: elfSeeds(), run: (bytes) => readElf(bytes, "x.so") },
    { name: "rpm-header", seeds: [header], run: readRpmHeader },
    { name: "rpm-database", seeds: [rpmDatabase(header)], run: readRpmDatabase },
    {
      name: "texts",
      seeds: [
        Buffer.from(
          "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\nPackage: b\n",
        ),
        Buffer.from("P:musl\nV:1.2\nA:x86_64\n\nP:b\nV:1\n"),
        Buffer.from("ID=debian\nVERSION_ID=\"12\"\nID_LIKE='a b'\n"),
      ],
      run: (bytes) => [readDpkgStatus(bytes), readApkInstalled(bytes), readOsRelease(bytes)],
    },
  ];
}

function elfSeeds(): Uint8Array[] {
  const plan = (bits: 32 | 64, littleEndian: boolean): ElfPlan => ({
    bits,
    littleEndian,
    machine: 62,
    soname: "libx.so.1",
    needs: ["libc.so.6", "libm.so.6", "libstdc++.so.6"],
    symbols: [
      ["libc.so.6", ["GLIBC_2.2.5", "GLIBC_2.28", "GLIBC_2.34"]],
      ["libstdc++.so.6", ["GLIBCXX_3.4", "CXXABI_1.3"]],
    ],
    provides: ["X_1.0", "X_1.1", "X_2.0"],
  });
  return [plan(64, true), plan(64, false), plan(32, true), plan(32, false)].map(writeElf);
}

function rpmHeader(fields: Record<"name" | "version" | "release" | "architecture", string>): Uint8Array {
  const values = [fields.name, fields.version, fields.release, fields.architecture];
  const tags = [1000, 1001, 1002, 1022];
  const data = Buffer.from(`${values.join("\0")}\0`);
  const out = Buffer.alloc(8 + 16 * tags.length);
  out.writeUInt32BE(tags.length, 0);
  out.writeUInt32BE(data.length, 4);
  let offset = 0;
  for (const [index, tag] of tags.entries()) {
    for (const [at, value] of [tag, 6, offset, 1].entries())
      out.writeUInt32BE(value, 8 + 16 * index + 4 * at);
    offset += values[index]!.length + 1;
  }
  return Buffer.concat([out, data]);
}

function rpmDatabase(header: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "thoth-fuzz-"));
  try {
    const database = new DatabaseSync(join(folder, "rpmdb.sqlite"));
    database.exec(
      "PRAGMA page_size = 512; CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)",
    );
    const statement = database.prepare("INSERT INTO Packages(blob) VALUES (?)");
    for (let row = 0; row < 30; row++)
      statement.run(row % 3 === 0 ? Buffer.concat([header, Buffer.alloc(700)]) : header);
    database.close();
    return readFileSync(join(folder, "rpmdb.sqlite"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
