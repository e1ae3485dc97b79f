// An image whose layers do to each other what layers can do.

import { type ElfPlan, writeElf } from "./elf-writer.ts";
import type { WorldImage } from "./image-registry.ts";
import type { TarMember } from "./tar-writer.ts";

/** A file of native code for 64 bits. */
export const elf = (more: Partial<ElfPlan>) =>
  writeElf({ bits: 64, littleEndian: true, machine: 62, needs: [], symbols: [], provides: [], ...more });
const libc = (newest: number) =>
  elf({ soname: "libc.so.6", provides: Array.from({ length: newest + 1 }, (_, at) => `GLIBC_2.${at}`) });
const python = (version: string) => Buffer.concat([elf({}), Buffer.from(`\0${version}\0`)]);
const package_ = (name: string, version: string) =>
  `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n\n`;
const LIB = "usr/lib/x86_64-linux-gnu";

const BOTTOM: readonly TarMember[] = [
  { name: "lib", link: { kind: "symbolic", target: "usr/lib" } },
  { name: "etc/os-release", link: { kind: "symbolic", target: "../usr/lib/os-release" } },
  { name: "usr/lib/os-release", data: 'ID=debian\nVERSION_ID="9"\n' },
  { name: "var/lib/dpkg/status", data: package_("libc6", "2.24-11") + package_("old", "1") },
  { name: `${LIB}/libc-2.24.so`, data: libc(24) },
  { name: `${LIB}/libc.so.6`, link: { kind: "symbolic", target: "libc-2.24.so" } },
  { name: `${LIB}/libgone.so.1`, data: elf({ soname: "libgone.so.1" }) },
  { name: `${LIB}/libalso.so.1`, data: elf({ soname: "libalso.so.1" }) },
  { name: "usr/lib/python3/dist-packages/six-1.0.dist-info/METADATA", data: "Name: six\nVersion: 1.0\n\nx" },
  { name: "usr/bin/bash", data: "x".repeat(100_000) },
];
const TOP: readonly TarMember[] = [
  { name: `${LIB}/.wh.libgone.so.1` },
  { name: "usr/lib/python3/dist-packages/.wh..wh..opq" },
  { name: "usr/lib/python3/dist-packages/six-2.0.egg-info", data: "Name: six\nVersion: 2.0\n" },
  // Through a link of the layer below.
  { name: "lib/x86_64-linux-gnu/libalso.so.1", data: "no library any more" },
  { name: "var/lib/dpkg/status", data: package_("libc6", "2.24-11") + package_("new", "1:2.0") },
  { name: "usr/local/bin/python3.11", data: python("3.11.7") },
  { name: "usr/local/bin/python3.12", link: { kind: "hard", target: "usr/local/bin/python3.11" } },
];
/** Debian with two layers: the upper one takes away, replaces, and brings Python. */
export const SAMPLE_IMAGE: WorldImage = {
  repository: "thoth/base",
  tag: "1.0",
  layers: [{ members: BOTTOM }, { members: TOP, packing: "zstd" }],
  environment: ["PATH=/usr/local/bin:/usr/bin", "LANG=C.UTF-8"],
};
