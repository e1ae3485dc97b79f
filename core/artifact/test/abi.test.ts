import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import {
  compareNumbers,
  findMissing,
  glibcOf,
  glibcOfBytes,
  newestOf,
  parseSymbolVersion,
  readElf,
  type Surroundings,
} from "@thoth/artifact";
import type { ContentsFact, NativeLibrary } from "@thoth/knowledge";
import fc from "fast-check";

type Symbols = Readonly<Record<string, readonly string[]>>;

function library(path: string, more: Partial<NativeLibrary> = {}): NativeLibrary {
  return {
    path,
    machine: "x86_64",
    needs: Object.keys(more.symbols ?? {}),
    symbols: {},
    provides: [],
    ...more,
  };
}

function wheel(libraries: readonly NativeLibrary[], modules: readonly string[] = ["m", "m.x"]): ContentsFact {
  return {
    filename: "m-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
    size: 1,
    installedSize: 1,
    files: 1,
    modules,
    entryPoints: [],
    scripts: [],
    licenseFiles: [],
    libraries,
    opaque: [],
  };
}

const MODULE = "m/x.cpython-311-x86_64-linux-gnu.so";
const needing = (symbols: Symbols) => wheel([library(MODULE, { symbols })]);
const image = (...libraries: NativeLibrary[]): Surroundings => ({
  kind: "libraries",
  machine: "x86_64",
  libraries,
});
const glibc = (version: string): Surroundings => ({ kind: "glibc", machine: "x86_64", glibc: version });
const libc = (path: string, newest: number) =>
  library(path, {
    soname: "libc.so.6",
    provides: ["GLIBC_PRIVATE", ...Array.from({ length: newest + 1 }, (_, minor) => `GLIBC_2.${minor}`)],
  });
const told = (wheels: readonly ContentsFact[], where: Surroundings) =>
  findMissing(wheels, where).map(({ kind, library: name, versions }) => [kind, name, ...versions].join(" "));

describe("what is missing", () => {
  test("is told by library and version", () => {
    const wheels = [
      needing({ "libc.so.6": ["GLIBC_2.4", "GLIBC_2.28", "GLIBC_2.34"], "libfoo.so.1": ["FOO_1"] }),
    ];
    assert.deepEqual(told(wheels, image(libc("/lib/x86_64-linux-gnu/libc.so.6", 31))), [
      "version libc.so.6 GLIBC_2.34",
      "library libfoo.so.1 FOO_1",
    ]);
    assert.deepEqual(told(wheels, glibc("2.31")), [
      "version libc.so.6 GLIBC_2.34",
      "unknown libfoo.so.1 FOO_1",
    ]);
    assert.deepEqual(told(wheels, glibc("2.17")), [
      "version libc.so.6 GLIBC_2.28 GLIBC_2.34",
      "unknown libfoo.so.1 FOO_1",
    ]);
  });

  test("is not what another library of the environment has", () => {
    // A version of the same name in another library is no help.
    const where = image(
      libc("/lib/libc.so.6", 31),
      library("/lib/libother.so.1", { provides: ["GLIBC_2.34"] }),
    );
    assert.deepEqual(told([needing({ "libc.so.6": ["GLIBC_2.34"] })], where), [
      "version libc.so.6 GLIBC_2.34",
    ]);
  });

  test("is not what any wheel of the stack brings", () => {
    const cuda = wheel(
      [library("nvidia/cuda_runtime/lib/libcudart.so.12", { provides: ["libcudart.so.12"] })],
      ["nvidia"],
    );
    const user = needing({ "libcudart.so.12": ["libcudart.so.12"] });
    assert.deepEqual(told([user, cuda], glibc("2.28")), []);
    const [missing] = findMissing([user], image());
    assert.equal(missing?.kind, "library");
    assert.match(missing?.message ?? "", /nvidia-cuda-runtime-cu12/);
    assert.deepEqual(told([needing({ "libcuda.so.1": [] })], image()), ["driver libcuda.so.1"]);
  });

  test("is nothing where a library has no versions at all, as the linker takes it", () => {
    const where = image(library("/usr/lib/libfoo.so.1"));
    assert.deepEqual(told([needing({ "libfoo.so.1": ["FOO_9"] })], where), []);
  });

  test("is looked for where the linker looks first", () => {
    const where = image(libc("/opt/other/lib/libc.so.6", 40), libc("/usr/lib64/libc.so.6", 28));
    assert.deepEqual(told([needing({ "libc.so.6": ["GLIBC_2.34"] })], where), [
      "version libc.so.6 GLIBC_2.34",
    ]);
  });

  test("is the machine where the wheel is for others, and not where it has files for several", () => {
    const arm = library("m/y.so", { machine: "aarch64", symbols: { "libc.so.6": ["GLIBC_2.99"] } });
    assert.deepEqual(told([wheel([arm])], glibc("2.31")), ["machine "]);
    assert.deepEqual(told([wheel([arm, library(MODULE)])], glibc("2.31")), []);
  });

  test("is on demand where no module needs the file", () => {
    const plugin = library("m/plugins/libtensorrt.so", { needs: ["libnvinfer.so.10"] });
    const helper = library("m.libs/libhelper-1.so", {
      needs: ["libgfortran.so.5"],
      soname: "libhelper-1.so",
    });
    const module = library(MODULE, { needs: ["libhelper-1.so"] });
    const found = findMissing([wheel([plugin, helper, module])], image());
    assert.deepEqual(
      found.map(({ library: name, onDemand }) => [name, onDemand]),
      [
        ["libnvinfer.so.10", true],
        ["libgfortran.so.5", false],
      ],
    );
  });

  test("of the compiler's libraries is not known from glibc alone, where it is newer than the oldest system's", () => {
    const old = needing({
      "libstdc++.so.6": ["GLIBCXX_3.4.19", "CXXABI_1.3.7"],
      "libgcc_s.so.1": ["GCC_3.0"],
    });
    assert.deepEqual(told([old], glibc("2.17")), []);
    const recent = needing({ "libstdc++.so.6": ["GLIBCXX_3.4.26"] });
    assert.deepEqual(told([recent], glibc("2.28")), ["unknown libstdc++.so.6 GLIBCXX_3.4.26"]);
    assert.deepEqual(told([recent], glibc("2.31")), []);
    assert.deepEqual(told([needing({ "libz.so.1": ["ZLIB_1.2.9"] })], glibc("2.17")), []);
  });

  test("never grows with a newer glibc", () => {
    const versions = fc.uniqueArray(
      fc.nat(50).map((minor) => `GLIBC_2.${minor}`),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(versions, fc.nat(50), fc.nat(50), (needed, one, other) => {
        const [older, newer] = [Math.min(one, other), Math.max(one, other)];
        const lacking = (minor: number) =>
          new Set(
            findMissing([needing({ "libc.so.6": needed })], glibc(`2.${minor}`)).flatMap(
              (each) => each.versions,
            ),
          );
        assert.ok(lacking(newer).isSubsetOf(lacking(older)));
        // A complete list of what glibc provides says the same as its number.
        const listed = findMissing([needing({ "libc.so.6": needed })], image(libc("/lib/libc.so.6", older)));
        assert.deepEqual(new Set(listed.flatMap((each) => each.versions)), lacking(older));
      }),
    );
  });
});

describe("versions of symbols", () => {
  test("are ordered by numbers within a family", () => {
    assert.equal(
      newestOf("GLIBC", ["GLIBC_2.4", "GLIBC_2.28", "GLIBC_2.3.4", "GLIBCXX_9", "GLIBC_PRIVATE"]),
      "GLIBC_2.28",
    );
    assert.equal(newestOf("X", ["GLIBC_2.4"]), undefined);
    assert.equal(parseSymbolVersion("GLIBC_PRIVATE"), undefined);
    const numbers = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        assert.equal(Math.sign(compareNumbers(a, b)) + Math.sign(compareNumbers(b, a)), 0);
        if (compareNumbers(a, b) <= 0 && compareNumbers(b, c) <= 0) assert.ok(compareNumbers(a, c) <= 0);
        assert.equal(compareNumbers(a, b) === 0, a.join(".") === b.join("."));
      }),
    );
  });
});

describe("glibc of this machine", () => {
  const path = [
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib/aarch64-linux-gnu/libc.so.6",
    "/lib64/libc.so.6",
  ].find(existsSync);
  const asked = spawnSync("getconf", ["GNU_LIBC_VERSION"], { encoding: "utf8" }).stdout?.trim() ?? "";
  const skip = path !== undefined && asked.startsWith("glibc ") ? false : "this machine has no glibc";

  test("is told by its bytes as by itself", { skip }, () => {
    const bytes = readFileSync(path!);
    assert.equal(`glibc ${glibcOfBytes(bytes)}`, asked);
    const bySymbols = glibcOf([readElf(bytes, path!)])!;
    assert.ok(compareNumbers(bySymbols.split(".").map(Number), asked.slice(6).split(".").map(Number)) <= 0);
  });

  test("and of nothing is nothing", () => {
    assert.equal(glibcOfBytes(Buffer.from("stable release version x")), undefined);
    assert.equal(glibcOf([library("/lib/libc.so")]), undefined);
  });
});
