// Index pages that lie, break, never end or lead elsewhere: what `thoth lock` answers, within its limits.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { buildWheel, type Fault, type IndexServer, type Offer, startIndex } from "@thoth/testkit";
import { askLock, assertCode, assertPins, makeHome } from "../support.ts";

const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
const home = makeHome();
let server: IndexServer;
let other: IndexServer;

/** A project with one good release. */
function good(name: string): Offer {
  return buildWheel({ name, version: "1.0" });
}

/** A JSON page of a project with these entries. */
function page(name: string, entries: readonly unknown[]): string {
  return JSON.stringify({ meta: { "api-version": "1.1" }, name, files: entries });
}

function entry(
  name: string,
  version: string,
  fields: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const filename = `${name}-${version}-py3-none-any.whl`;
  return { filename, url: `${server.origin}/files/${filename}`, hashes: {}, ...fields };
}

before(async () => {
  server = await startIndex();
  other = await startIndex({ projects: { redirected: [good("redirected")] } });
});
after(() => Promise.all([server.close(), other.close()]));

let count = 0;

/** Offers a project of a fresh name whose page is spoilt, and asks for it. */
async function ask(options: {
  readonly faults: readonly Fault[] | ((name: string) => readonly Fault[]);
  readonly args?: readonly string[];
}): ReturnType<typeof askLock> {
  const name = `spoilt${count++}`;
  server.offer(name, [good(name)]);
  server.spoil(
    `/simple/${name}/`,
    ...(typeof options.faults === "function" ? options.faults(name) : options.faults),
  );
  return askLock([name], { indexUrl: server.indexUrl, home, args: options.args ?? [] });
}

describe("index pages", { concurrency: 3 }, () => {
  describe("a page without an end", { concurrency: 5 }, () => {
    it("of 200 MB is given up", async () => {
      const error = assertCode(
        await ask({ faults: [{ kind: "flood", size: 200e6, prefix: "{" }] }),
        "limit-exceeded",
      );
      assert.ok(error.details !== undefined);
    });
    it("that is a gzip bomb of 10 GB is given up", async () => {
      assertCode(await ask({ faults: [{ kind: "bomb", size: 10e9 }] }), "limit-exceeded");
    });
    it("of one byte every 0.2 s is given up", async () => {
      const body = `{"meta":{},"name":"x","files":[]${" ".repeat(100_000)}}`;
      const faults: readonly Fault[] = [
        { kind: "body", body, contentType: JSON_TYPE, times: 0 },
        { kind: "slow", bytes: 1, everyMs: 200 },
      ];
      assertCode(await ask({ faults }), "index-unreachable", "limit-exceeded");
    });
    it("that never begins is given up", async () => {
      assertCode(await ask({ faults: [{ kind: "stall" }] }), "index-unreachable", "limit-exceeded");
    });
    it("with Retry-After of a day is not waited for", async () => {
      const faults: readonly Fault[] = [{ kind: "status", status: 503, retryAfter: "86400" }];
      const result = await ask({ faults });
      assertCode(result, "index-unreachable");
      assert.ok(result.seconds < 50);
    });
  });

  describe("a page that breaks", () => {
    it("is refused when it is cut off", async () => {
      assertCode(
        await ask({ faults: [{ kind: "cut", after: 40 }] }),
        "index-unreachable",
        "index-response-invalid",
      );
    });
    it("is refused when it is no JSON though it says so", async () => {
      const faults: readonly Fault[] = [{ kind: "body", body: "{ files: [", contentType: JSON_TYPE }];
      assertCode(await ask({ faults }), "index-response-invalid");
    });
    it("is refused when it is empty, or an image", async () => {
      for (const body of ["", "\x89PNG\r\n\x1a\n\0\0"]) {
        const faults: readonly Fault[] = [{ kind: "body", body, contentType: JSON_TYPE }];
        assertCode(await ask({ faults }), "index-response-invalid");
      }
    });
    it("is read by its content when HTML comes as JSON, and JSON as HTML", async () => {
      for (const contentType of [JSON_TYPE, "text/html", "application/octet-stream", null]) {
        const { status, json } = await ask({ faults: [{ kind: "type", contentType }] });
        assert.equal(status, 0, JSON.stringify(json));
      }
      const body =
        '<!DOCTYPE html><html><body><a href="/files/x-1.0-py3-none-any.whl">x-1.0-py3-none-any.whl</a></body></html>';
      server.offer("x", [good("x")]);
      server.spoil("/simple/x/", { kind: "body", body, contentType: JSON_TYPE });
      assertPins(await askLock(["x"], { indexUrl: server.indexUrl, home }), { x: "1.0" });
    });
    it("is refused when it is 100,000 levels deep", async () => {
      const deep = `{"meta":{"api-version":"1.1"},"name":"x","files":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
      const body = { kind: "body", body: deep, contentType: JSON_TYPE } as const;
      assertCode(await ask({ faults: [body] }), "index-response-invalid", "limit-exceeded");
      const html = { kind: "body", body: "<div>".repeat(100_000), contentType: "text/html" } as const;
      const result = await ask({ faults: [html] });
      assertCode(
        result,
        "index-response-invalid",
        "no-matching-artifact",
        "package-not-found",
        "unsatisfiable",
      );
    });
  });

  describe("a server that recovers", () => {
    const passing: readonly (readonly [string, Fault])[] = [
      ["500", { kind: "status", status: 500, times: 2 }],
      ["503", { kind: "status", status: 503, times: 2 }],
      ["429 with Retry-After", { kind: "status", status: 429, retryAfter: "1", times: 1 }],
      ["a reset", { kind: "reset", times: 2 }],
      ["a reset in the middle", { kind: "reset", after: 60, times: 1 }],
      ["a short page", { kind: "cut", after: 60, times: 1 }],
    ];
    for (const [what, fault] of passing) {
      it(`is asked again after ${what}`, async () => {
        const name = `passing${count++}`;
        server.offer(name, [good(name)]);
        server.spoil(`/simple/${name}/`, fault);
        assertPins(await askLock([name], { indexUrl: server.indexUrl, home }), { [name]: "1.0" });
      });
    }
  });

  describe("a server that says no", () => {
    for (const status of [404, 410]) {
      it(`with ${status} does not know the project`, async () => {
        assertCode(await ask({ faults: [{ kind: "status", status }] }), "package-not-found");
      });
    }
    for (const status of [401, 403]) {
      it(`with ${status} wants an account`, async () => {
        assertCode(await ask({ faults: [{ kind: "status", status }] }), "unauthorized");
      });
    }
    it("with 500 for ever is unreachable", async () => {
      assertCode(await ask({ faults: [{ kind: "status", status: 500 }] }), "index-unreachable");
    });
    it("by not being there is unreachable", async () => {
      assertCode(await askLock(["x"], { indexUrl: "http://127.0.0.1:9/simple/", home }), "index-unreachable");
    });
  });

  describe("a redirect", () => {
    it("in a loop is left", async () => {
      const faults = (name: string): readonly Fault[] => [{ kind: "redirect", to: `/simple/${name}/` }];
      assertCode(await ask({ faults }), "index-unreachable", "index-response-invalid", "limit-exceeded");
    });
    for (const to of [
      "file:///etc/passwd",
      "ftp://127.0.0.1/x",
      "javascript:alert(1)",
      "http://",
      "\\\\host\\share",
    ]) {
      it(`to ${to} is refused`, async () => {
        assertCode(
          await ask({ faults: [{ kind: "redirect", to }] }),
          "index-response-invalid",
          "index-unreachable",
        );
      });
    }
    it("to another port is followed", async () => {
      const to = `${other.indexUrl}redirected/`;
      server.offer("redirected", [good("redirected")]);
      server.spoil("/simple/redirected/", { kind: "redirect", to });
      assertPins(await askLock(["redirected"], { indexUrl: server.indexUrl, home }), { redirected: "1.0" });
    });
  });

  describe("one odd entry", () => {
    /** Entries that no index may offer, and such as are only not wanted here. */
    const unwanted = new Set(["with a version of 100,000 digits", "with a huge epoch and local part"]);
    const odd: Readonly<Record<string, (name: string) => unknown>> = {
      "that is no object": () => 5,
      "that is null": () => null,
      "without a name": (name) => ({ url: `${server.origin}/files/${name}` }),
      "with wrong types": (name) =>
        entry(name, "9.0", { filename: 7, url: [], hashes: "sha256", yanked: { a: 1 } }),
      "whose name escapes": (name) => entry(name, "9.0", { filename: `../../${name}-9.0-py3-none-any.whl` }),
      "whose name is absolute": (name) =>
        entry(name, "9.0", { filename: `/etc/${name}-9.0-py3-none-any.whl` }),
      "whose name has a backslash": (name) =>
        entry(name, "9.0", { filename: `..\\${name}-9.0-py3-none-any.whl` }),
      "whose name has a NUL": (name) =>
        entry(name, "9.0", { filename: `${name}-9.0-py3-none-any.whl\0.exe` }),
      "whose address is a file": (name) =>
        entry(name, "9.0", { url: `file:///etc/${name}-9.0-py3-none-any.whl` }),
      "whose address is a script": (name) => entry(name, "9.0", { url: "javascript:alert(1)" }),
      "of a version that is none": (name) => entry(name, "9.x.y"),
      "of another project": (name) => entry(`${name}other`, "9.0"),
      "with garbage in requires-python": (name) => entry(name, "9.0", { "requires-python": ">=3.x <<" }),
      "with a version of 100,000 digits": (name) => entry(name, "9".repeat(100_000)),
      "with a huge epoch and local part": (name) =>
        entry(name, `${"9".repeat(40)}!1.0+${"a.".repeat(20_000)}b`),
      "with a prototype as key": (name) =>
        JSON.parse(`{"__proto__":{"filename":"x"},"constructor":1,"filename":"${name}"}`),
    };
    for (const [what, make] of Object.entries(odd)) {
      it(`${what} does not spoil the others`, async () => {
        const name = `odd${count++}`;
        server.offer(name, [good(name)]);
        const whole = page(name, [make(name), entry(name, "1.0"), make(name)]);
        server.spoil(`/simple/${name}/`, { kind: "body", body: whole, contentType: JSON_TYPE });
        const result = await askLock([unwanted.has(what) ? `${name}<2` : name], {
          indexUrl: server.indexUrl,
          home,
        });
        assertPins(result, { [name]: "1.0" });
      });
    }
    it("is not enough alone", async () => {
      const faults = (name: string): readonly Fault[] => [
        { kind: "body", body: page(name, [5, null]), contentType: JSON_TYPE },
      ];
      assertCode(await ask({ faults }), "index-response-invalid", "no-matching-artifact");
    });
  });
});
