// `thoth inspect-image`: what an image holds, from registries on loopback.

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { documents, findViolations } from "@thoth/contract";
import { openGraph } from "@thoth/store";
import {
  type CommandResult,
  ImageRegistry,
  imageDigest,
  SAMPLE_IMAGE,
  startWeb,
  type WebServer,
} from "@thoth/testkit";
import { codeOf, openWorkshop, type Workshop } from "./workshop.ts";

const USER = "me";
const PASSWORD = "inspected-word-93c1";
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;

describe("thoth inspect-image", () => {
  let registry: WebServer;
  let workshop: Workshop;
  let image: string;
  /** What the registry wants to see before it gives a token. */
  let wanted: string | undefined;

  before(async () => {
    const images = new ImageRegistry([SAMPLE_IMAGE]);
    registry = await startWeb({
      answer: (url, headers) => {
        if (url.pathname !== "/token") return images.answer(url.pathname.slice(4), url, headers);
        const isLet = wanted === undefined || headers.authorization === wanted;
        return isLet ? images.token(url) : { status: 401, body: {} };
      },
    });
    image = `${new URL(registry.origin).host}/thoth/base:1.0`;
    workshop = await openWorkshop();
  });
  after(async () => {
    await registry?.close();
    await workshop?.close();
  });

  const run = async (...words: readonly string[]): Promise<CommandResult> =>
    await workshop.run("thoth", ["inspect-image", ...words]);

  it("tells it to people and to programs", async () => {
    const { status, stdout } = await run(image);
    assert.equal(status, 0);
    for (const words of [
      imageDigest(SAMPLE_IMAGE),
      "debian 9",
      "3.11.7 (/usr/local/bin/python3.11)",
      "six 2.0",
    ])
      assert.ok(stdout.includes(words), stdout);
    const { json } = await run(image, "--json");
    assert.deepEqual(findViolations(documents["thoth inspect-image"], json), []);
    const { kept, created, layers } = json as Record<string, unknown>;
    assert.deepEqual([kept, created], [false, "2024-02-03T04:05:06.123456789Z"]);
    assert.equal((layers as readonly object[]).length, 2);
  });

  it("keeps it where there is a graph, which then spares its layers", async () => {
    const graph = join(workshop.home, "graph.sqlite");
    const keep = async (...more: readonly string[]) => {
      const { json, stderr } = await run(image, "--database", graph, "--json", ...more);
      assert.ok(json, stderr);
      return (json as { readonly kept: boolean }).kept;
    };
    assert.equal(await keep(), false);
    assert.equal(existsSync(graph), false);
    await (await openGraph(graph)).close();
    assert.equal(await keep("--most-kept", "0"), false);
    assert.equal(await keep("--most-kept", "1"), true);
    const before = registry.requests.length;
    assert.equal(await keep("--most-kept", "1"), true);
    const asked = registry.requests.slice(before).map(({ path }) => path);
    // Its configuration alone.
    assert.equal(asked.filter((path) => path.includes("/blobs/")).length, 1, asked.join());
  });

  it("asks with a user and a password of a file, and shows neither", async () => {
    wanted = BASIC;
    const file = join(workshop.home, "registry.txt");
    try {
      assert.equal(codeOf(await run(image, "--json")), "unauthorized");
      writeFileSync(file, `${USER}:wrong\n`);
      assert.equal(codeOf(await run(image, "--json", "--credentials", file)), "unauthorized");
      writeFileSync(file, `${USER}:${PASSWORD}\n`);
      const { status, stdout, stderr } = await run(image, "--json", "--verbose", "--credentials", file);
      assert.equal(status, 0, stderr);
      assert.ok(!`${stdout}${stderr}`.includes(PASSWORD));
      writeFileSync(file, PASSWORD);
      const odd = await run(image, "--json", "--credentials", file);
      assert.equal(codeOf(odd), "usage");
      assert.ok(!`${odd.stdout}${odd.stderr}`.includes(PASSWORD));
    } finally {
      wanted = undefined;
    }
  });

  it("refuses what is no name, not there, or not of its kind", async () => {
    const codes = async (...words: readonly string[]) => codeOf(await run(...words, "--json"));
    assert.equal(await codes("https://quay.io/a"), "usage");
    assert.equal(await codes(image.replace(":1.0", ":2.0")), "not-found");
    assert.equal(await codes(image, "--largest", "0"), "usage");
    assert.equal(await codes(image, "--most-kept", "-1"), "usage");
  });
});
