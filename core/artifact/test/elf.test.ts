import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { isElf, namesSymbol, readElf } from "@thoth/artifact";
import type { NativeLibrary } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import { type ElfPlan, writeElf } from "@thoth/testkit";
import fc from "fast-check";

const hasReadelf = spawnSync("readelf", ["--version"]).status === 0;
const noReadelf = hasReadelf ? false : "readelf is not installed";

/** Real files of this machine: libraries and programs, each once. */
function realFiles(most: number): string[] {
  const folders = ["/usr/lib", "/lib", "/usr/lib64", "/usr/bin", "/usr/local/lib"].flatMap((folder) => {
    try {
      return [folder, ...readdirSync(folder).map((name) => join(folder, name))];
    } catch {
      return [];
    }
  });
  const found = new Set<string>();
  for (const folder of folders) {
    let names: string[] = [];
    try {
      names = readdirSync(folder);
    } catch {
      continue;
    }
    for (const name of names) {
      if (!/\.so(\.|$)/.test(name) && folder !== "/usr/bin") continue;
      try {
        const path = realpathSync(join(folder, name));
        if (statSync(path).isFile() && statSync(path).size < 64 << 20 && isElf(firstBytes(path)))
          found.add(path);
      } catch {
        // A link that leads nowhere.
      }
    }
  }
  const all = [...found].sort();
  const step = Math.max(1, Math.floor(all.length / most));
  return all.filter((_, index) => index % step === 0);
}

function firstBytes(path: string): Uint8Array {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(4);
    readSync(file, bytes, 0, 4, 0);
    return bytes;
  } finally {
    closeSync(file);
  }
}

interface Told {
  readonly soname: string | undefined;
  readonly needs: readonly string[];
  readonly symbols: Readonly<Record<string, readonly string[]>>;
  readonly provides: readonly string[];
}

/** What `readelf` tells of files. */
function askReadelf(paths: readonly string[], words: readonly string[]): Map<string, Told> {
  const environment = { ...process.env, LC_ALL: "C" };
  const done = spawnSync("readelf", ["-W", ...words, ...paths], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    env: environment,
  });
  const told = new Map<string, Told>();
  const texts = paths.length === 1 ? [`${paths[0]}\n${done.stdout}`] : done.stdout.split(/^File: /m).slice(1);
  for (const text of texts) {
    const needed = new Map<string, Set<string>>();
    const provides = new Set<string>();
    let part = "";
    let library = "";
    for (const line of text.split("\n")) {
      if (/^Version (needs|definition|symbols) section/.test(line)) part = line.split(" ")[1]!;
      const file = /Version: 1 {2}File: (\S+) {2}Cnt:/.exec(line);
      if (part === "needs" && file !== null) library = file[1]!;
      const name = /Name: (\S+) {2}Flags: (.*?) {2}Version:/.exec(line);
      if (part === "needs" && name !== null && !name[2]!.includes("WEAK"))
        needed.set(library, (needed.get(library) ?? new Set()).add(name[1]!));
      const given = /Rev: 1 {2}Flags: (.*?) {2}Index: .* Name: (\S+)$/.exec(line);
      if (part === "definition" && given !== null && !given[1]!.includes("BASE")) provides.add(given[2]!);
    }
    told.set(text.slice(0, text.indexOf("\n")).trim(), {
      soname: /\(SONAME\).*\[(.*)\]/.exec(text)?.[1],
      needs: Array.from(text.matchAll(/\(NEEDED\).*\[(.*)\]/g), (match) => match[1]!),
      symbols: Object.fromEntries(
        [...needed]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, versions]) => [key, [...versions].sort()]),
      ),
      provides: [...provides].sort(),
    });
  }
  return told;
}

function plain({ soname, needs, symbols, provides }: NativeLibrary): Told {
  return { soname, needs, symbols: { ...symbols }, provides };
}

describe("real ELF files", () => {
  test("are read as readelf reads them", { skip: noReadelf }, () => {
    const paths = realFiles(400);
    assert.ok(paths.length > 20, `${paths.length} files`);
    const told = askReadelf(paths, ["-d", "-V"]);
    for (const path of paths)
      assert.deepEqual(plain(readElf(readFileSync(path), path)), told.get(path), path);
  });

  test("tell the same without section headers", () => {
    for (const path of realFiles(60)) {
      const bytes = readFileSync(path);
      const stripped = Buffer.from(bytes);
      const wide = bytes[4] === 2;
      stripped.fill(0, wide ? 40 : 32, wide ? 48 : 36);
      stripped.fill(0, wide ? 58 : 46, wide ? 64 : 52);
      assert.deepEqual(readElf(stripped, path), readElf(bytes, path));
    }
  });

  test("name the functions that they export", () => {
    const path = realFiles(10_000).find((one) => /\/libc\.so\.6$|\/libc-2\./.test(one));
    if (path === undefined) return;
    const bytes = readFileSync(path);
    assert.ok(namesSymbol(bytes, "malloc"));
    assert.ok(!namesSymbol(bytes, "malloc_of_nobody"));
    assert.ok(!namesSymbol(bytes, "PyInit_nothing"));
  });
});

const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.+-]{0,20}$/);
const words = (most: number) => fc.uniqueArray(word, { maxLength: most });
const plans: fc.Arbitrary<ElfPlan> = fc
  .record({
    bits: fc.constantFrom(32 as const, 64 as const),
    littleEndian: fc.boolean(),
    machine: fc.constantFrom(3, 21, 22, 40, 62, 183, 243, 9999),
    needs: words(8),
    provides: words(8),
    soname: fc.option(word, { nil: undefined }),
    symbols: fc.uniqueArray(fc.tuple(word, fc.uniqueArray(word, { minLength: 1, maxLength: 6 })), {
      maxLength: 5,
      selector: ([name]) => name,
    }),
  })
  .map(({ soname, ...rest }) => (soname === undefined ? rest : { ...rest, soname }));

describe("written ELF files", () => {
  test("are read back, of both widths and byte orders", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const read = readElf(writeElf(plan), "x.so");
        assert.deepEqual(plain(read), {
          soname: plan.soname,
          needs: plan.needs,
          symbols: Object.fromEntries(plan.symbols.map(([name, versions]) => [name, [...versions].sort()])),
          provides: [...plan.provides].sort(),
        });
      }),
    );
  });

  test("say their machine as platform tags do", () => {
    const machine = (bits: 32 | 64, littleEndian: boolean, number: number) =>
      readElf(writeElf({ bits, littleEndian, machine: number, needs: [], symbols: [], provides: [] }), "x.so")
        .machine;
    assert.equal(machine(64, true, 62), "x86_64");
    assert.equal(machine(32, true, 3), "i686");
    assert.equal(machine(64, true, 183), "aarch64");
    assert.equal(machine(64, true, 21), "ppc64le");
    assert.equal(machine(64, false, 21), "ppc64");
    assert.equal(machine(64, false, 22), "s390x");
    assert.equal(machine(32, true, 40), "armv7l");
    assert.equal(machine(64, true, 9999), "machine-9999");
  });

  test("are the same to readelf", { skip: noReadelf }, () => {
    const folder = mkdtempSync(join(tmpdir(), "thoth-elf-"));
    try {
      const sample = fc.sample(plans, { numRuns: 24, seed: 7 });
      const paths = sample.map((plan, index) => {
        const path = join(folder, `${index}.so`);
        writeFileSync(path, writeElf(plan));
        return path;
      });
      const told = askReadelf(paths, ["-d"]);
      for (const [index, plan] of sample.entries()) {
        const { soname, needs } = told.get(paths[index]!)!;
        assert.deepEqual({ soname, needs }, { soname: plan.soname, needs: plan.needs });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("that are changed anywhere are read or refused", () => {
    const change = fc.tuple(fc.nat(2000), fc.nat(255));
    fc.assert(
      fc.property(plans, fc.array(change, { maxLength: 8 }), fc.nat(2000), (plan, changes, length) => {
        const bytes = writeElf(plan).slice(0, Math.max(1, length));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          readElf(bytes, "x.so");
        } catch (error) {
          assert.ok(error instanceof ThothError && error.code === "invalid-binary", String(error));
        }
      }),
    );
  });
});
