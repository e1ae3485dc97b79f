// What releases say of themselves, told by an enemy: METADATA that lies, is huge, or asks for the impossible.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  buildSdist,
  buildWheel,
  type IndexServer,
  type Offer,
  startIndex,
  type WheelOptions,
} from "@thoth/testkit";
import { askLock, assertCivil, assertCode, assertPins, makeHome } from "../support.ts";

const home = makeHome();
let server: IndexServer;
/** Offers wheels and ranges only. */
let bare: IndexServer;

before(async () => {
  server = await startIndex();
  bare = await startIndex({ metadata: false });
});
after(() => Promise.all([server.close(), bare.close()]));

let count = 0;

function fresh(): string {
  return `liar${count++}`;
}

/** Asks for a project whose release 2.0 is spoilt and whose 1.0 is good. */
async function askBoth(
  spoil: (name: string) => Offer,
  from: IndexServer = server,
): ReturnType<typeof askLock> {
  const name = fresh();
  from.offer(name, [spoil(name), buildWheel({ name, version: "1.0" })]);
  return askLock([name], { indexUrl: from.indexUrl, home });
}

/** Asks for a project that has nothing but the spoilt release. */
async function askAlone(
  spoil: (name: string) => Offer,
  from: IndexServer = server,
): ReturnType<typeof askLock> {
  const name = fresh();
  from.offer(name, [spoil(name)]);
  return askLock([name], { indexUrl: from.indexUrl, home });
}

function wheel(options: Partial<WheelOptions>): (name: string) => Offer {
  return (name) => buildWheel({ name, version: "2.0", ...options });
}

const REFUSED = [
  "hash-mismatch",
  "metadata-mismatch",
  "invalid-metadata",
  "limit-exceeded",
  "unsatisfiable",
  "no-matching-artifact",
  "index-unreachable",
] as const;

describe("metadata", { concurrency: 2 }, () => {
  it("file whose hash is wrong is refused, and named", async () => {
    const spoilt = (name: string): Offer => ({
      artifact: buildWheel({ name, version: "2.0" }),
      metadataSha256: "0".repeat(64),
    });
    const result = await askAlone(spoilt);
    const { message, hint, details } = assertCode(result, "hash-mismatch", "unsatisfiable");
    const said = `${message} ${hint} ${JSON.stringify(details)}`;
    assert.match(said, /-2\.0-py3-none-any\.whl/);
    assert.match(said, /0{12}/);
  });

  const lies: Readonly<Record<string, Partial<WheelOptions>>> = {
    "with the name of another": { metadataText: "Metadata-Version: 2.2\nName: victim\nVersion: 2.0\n" },
    "with another version": { metadataText: "Metadata-Version: 2.2\nName: liar\nVersion: 3.0\n" },
    "without a name": { metadataText: "Metadata-Version: 2.2\nVersion: 2.0\n" },
    "that is not UTF-8": {
      metadataText: Buffer.from("Metadata-Version: 2.2\nName: \xff\xfe\nVersion: 2.0\n", "latin1"),
    },
    "that is empty": { metadataText: "" },
    "that is no metadata": { metadataText: "\0\x01\x02 <html>" },
  };
  for (const [what, options] of Object.entries(lies)) {
    for (const how of ["beside the wheel", "in the wheel"]) {
      // A metadata file is offered as text; bytes that are none can only lie in the wheel.
      if (typeof options.metadataText === "object" && how === "beside the wheel") continue;
      it(`${what} is refused ${how}`, async () => {
        const spoilt = (name: string): Offer => {
          const text = options.metadataText;
          const own = typeof text === "string" ? text.replace("Name: liar", `Name: ${name}`) : text;
          const artifact = buildWheel({
            name,
            version: "2.0",
            ...(own === undefined ? {} : { metadataText: own }),
          });
          return { artifact, ...(typeof own === "string" ? { metadataText: own } : {}) };
        };
        assertCode(await askAlone(spoilt, how === "in the wheel" ? bare : server), ...REFUSED);
      });
    }
  }

  it("that is missing from the wheel is refused", async () => {
    assertCode(await askAlone(wheel({ metadataText: null }), bare), ...REFUSED);
  });

  it("of 1 GB in the wheel is refused", async () => {
    const { deflateZeros } = await import("@thoth/testkit");
    const huge = deflateZeros(2 ** 30);
    const spoilt = (name: string): Offer =>
      buildWheel({
        name,
        version: "2.0",
        metadataText: null,
        members: [{ name: `${name}-2.0.dist-info/METADATA`, data: huge }],
      });
    assertCode(await askAlone(spoilt, bare), ...REFUSED);
  });

  it("with a million requirements is read within the limits", async () => {
    const lines = Array.from({ length: 1_000_000 }, (_, at) => `Requires-Dist: none${at % 5}`).join("\n");
    const text = (name: string): string => `Metadata-Version: 2.2\nName: ${name}\nVersion: 2.0\n${lines}\n`;
    const spoilt = (name: string): Offer => ({
      artifact: buildWheel({ name, version: "2.0" }),
      metadataText: text(name),
    });
    assertCode(await askAlone(spoilt), ...REFUSED);
  });

  it("that lies passes over the release where another one is honest", async () => {
    const result = await askBoth(
      wheel({ metadataText: "Metadata-Version: 2.2\nName: victim\nVersion: 2.0\n" }),
    );
    assertCivil(result);
    assert.ok(result.status === 0 || result.status === 3, result.stdout);
    if (result.status === 0) assert.match(result.stdout, /"version": "1\.0"/);
  });
});

describe("ranges", { concurrency: 2 }, () => {
  for (const ranges of ["honoured", "ignored", "refused", "no-suffix", "lying", "whole"] as const) {
    it(`that are ${ranges} never give a wrong answer`, async () => {
      const from = await startIndex({ metadata: false, ranges });
      try {
        const need = buildWheel({ name: "need", version: "1.0" });
        // Longer than what a client asks for at once.
        const padding = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 251));
        const asks = buildWheel({
          name: "asks",
          version: "1.0",
          requires: ["need"],
          files: { "asks/data.bin": padding },
        });
        from.offer("need", [need]);
        from.offer("asks", [asks]);
        const result = await askLock(["asks"], { indexUrl: from.indexUrl, home });
        if (ranges === "lying" && result.status !== 0)
          assertCode(result, ...REFUSED, "index-response-invalid");
        else assertPins(result, { asks: "1.0", need: "1.0" });
      } finally {
        await from.close();
      }
    });
  }
});

describe("requirements of a release", { concurrency: 2 }, () => {
  const refusedTexts: Readonly<Record<string, string>> = {
    "with a specifier of 100,000 clauses": `x${Array.from({ length: 100_000 }, (_, at) => `!=${at}`).join(",")}`,
    "with 5,000 nested parentheses": `x; ${"(".repeat(5000)}python_version > "3"${")".repeat(5000)}`,
    "with 5,000 terms": `x; ${Array.from({ length: 5000 }, () => 'python_version > "3"').join(" and ")}`,
    "with a version of 100,000 digits": `x>=${"9".repeat(100_000)}`,
    "with garbage": "x >= <<< ; ;;",
    "with shell syntax": "x; rm -rf $HOME && `id`",
    "with control characters": "x\u001b[31m>=1",
  };
  for (const [what, text] of Object.entries(refusedTexts)) {
    it(`${what} end in an answer`, async () => {
      server.offer("x", [buildWheel({ name: "x", version: "1.0" })]);
      const result = await askAlone(wheel({ requires: [text] }));
      assertCivil(result);
      if (result.status !== 0) assertCode(result, ...REFUSED, "invalid-requirement");
    });
  }

  const urls: readonly string[] = [
    "victim @ file:///etc/passwd",
    "victim @ git+ssh://git@127.0.0.1:9/x.git",
    "victim @ git+https://127.0.0.1:9/x.git@--upload-pack=touch owned",
    "victim @ http://127.0.0.1:9/victim-1.0-py3-none-any.whl",
    "victim @ javascript:alert(1)",
  ];
  for (const url of urls) {
    it(`at ${url} are refused, since the user named no address`, async () => {
      const before = server.requests.length;
      assertCode(await askAlone(wheel({ requires: [url] })), "unsatisfiable", "no-matching-artifact");
      const asked = server.requests.slice(before).map(({ path }) => path);
      assert.ok(!asked.includes("/simple/victim/"), "the name was looked up elsewhere");
    });
  }
});

describe("a graph", { concurrency: 2 }, () => {
  it("that is a chain of 2,000 is resolved", async () => {
    const from = await startIndex();
    for (let at = 0; at < 2000; at++) {
      const requires = at === 1999 ? [] : [`chain${at + 1}`];
      from.offer(`chain${at}`, [buildWheel({ name: `chain${at}`, version: "1.0", requires })]);
    }
    const result = await askLock(["chain0"], { indexUrl: from.indexUrl, home });
    await from.close();
    assertCivil(result);
    assert.equal(result.status, 0, result.stdout.slice(0, 500) + result.stderr.slice(0, 500));
    assert.equal((result.json as { packages: unknown[] }).packages.length, 2000);
  });

  it("of 10,000 dependencies that do not exist is refused", async () => {
    const requires = Array.from({ length: 10_000 }, (_, at) => `absent${at}`);
    assertCode(await askAlone(wheel({ requires })), ...REFUSED, "package-not-found");
  });

  it("with cycles and itself is resolved", async () => {
    server.offer("ring-a", [buildWheel({ name: "ring-a", version: "1.0", requires: ["ring-b", "ring-a"] })]);
    server.offer("ring-b", [
      buildWheel({ name: "ring-b", version: "1.0", requires: ["ring-a[x]"], extras: { x: ["ring-b"] } }),
    ]);
    assertPins(await askLock(["ring-a"], { indexUrl: server.indexUrl, home }), {
      "ring-a": "1.0",
      "ring-b": "1.0",
    });
  });

  it("with itself in another version has no stack", async () => {
    server.offer("paradox", [buildWheel({ name: "paradox", version: "1.0", requires: ["paradox==2.0"] })]);
    assertCode(await askLock(["paradox"], { indexUrl: server.indexUrl, home }), "unsatisfiable");
  });

  for (const name of ["__proto__", "constructor", "hasownproperty", "tostring"]) {
    it(`with a package called ${name} is resolved`, async () => {
      const real = name === "__proto__" ? "proto" : name;
      server.offer(real, [buildWheel({ name: real, version: "1.0", extras: { constructor: ["valueof"] } })]);
      server.offer("valueof", [buildWheel({ name: "valueof", version: "1.0" })]);
      const result = await askLock([`${real}[constructor]`], { indexUrl: server.indexUrl, home });
      assertPins(result, { [real]: "1.0", valueof: "1.0" });
    });
  }
});

describe("a source distribution", { concurrency: 2 }, () => {
  const code = { "setup.py": "import pathlib\npathlib.Path('OWNED').write_text('x')\n" };
  const backend = { ...code, "backend.py": "import pathlib\npathlib.Path('OWNED').write_text('x')\n" };
  it("with static metadata is read without running it", async () => {
    server.offer("needed", [buildWheel({ name: "needed", version: "1.0" })]);
    const result = await askAlone((name) =>
      buildSdist({ name, version: "2.0", requires: ["needed"], files: backend }),
    );
    assertCivil(result);
    assert.equal(result.status, 0, result.stdout);
  });
  for (const [what, options] of Object.entries({
    "with dynamic metadata": { dynamic: ["Requires-Dist"] },
    "without metadata": { metadataText: null, dynamic: ["Requires-Dist"] },
    "with old metadata": { metadataVersion: "1.2", dynamic: ["Requires-Dist"] },
  })) {
    it(`${what} is not built`, async () => {
      const result = await askAlone((name) =>
        buildSdist({ name, version: "2.0", files: backend, ...options }),
      );
      const { message, hint, details } = assertCode(result, "build-not-allowed", "unsatisfiable");
      assert.match(`${message} ${hint} ${JSON.stringify(details)}`, /allow-build/);
    });
  }
});
