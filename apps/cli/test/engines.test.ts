import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { after, before, describe, it } from "node:test";
import { findPeer } from "@thoth/testkit";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

const uv = findPeer("uv");
const pipenv = findPeer("pipenv");
const env = {
  PATH: [uv, pipenv]
    .map((path) => path && dirname(path))
    .concat(process.env["PATH"])
    .filter(Boolean)
    .join(delimiter),
};
const hasPip = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;
const hasBash = spawnSync("bash", ["--version"]).status === 0;

describe("engines", () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
  });
  after(() => shop.close());

  const pins = (json: unknown) =>
    (json as { packages: { name: string; version: string; artifacts: { sha256: string }[] }[] }).packages.map(
      ({ name, version, artifacts }) => {
        assert.ok(artifacts.length > 0 && artifacts.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256)));
        return `${name}==${version}`;
      },
    );

  for (const [engine, found] of [
    ["uv", uv !== undefined],
    ["pip", hasPip],
    ["pipenv", pipenv !== undefined],
  ] as const) {
    it(`${engine} makes a lock of the same shape`, {
      skip: !found && `${engine} is not on this machine`,
    }, async () => {
      shop.write("requirements.in", "alpha\n");
      const result = await shop.run("thoth", ["lock", "requirements.in", "--engine", engine, "--json"], {
        env,
      });
      assert.equal(result.status, 0, result.stderr);
      assert.deepEqual(pins(documentOf(result, "thoth lock")), ["alpha==2.0", "beta==2.0"]);
      assert.equal((result.json as { proof: string }).proof, "feasible");
      shop.write("requirements.in", "alpha==2.0\ngamma\n");
      const none = await shop.run("thoth", ["lock", "requirements.in", "--engine", engine, "--json"], {
        env,
      });
      assert.equal(none.status, 1, none.stdout);
      assert.equal(codeOf(none), "unsatisfiable");
    });
  }

  it("that are not here, or cannot do what is asked, say so", async () => {
    shop.write("requirements.in", "alpha\n");
    const absent = await shop.run("thoth", ["lock", "requirements.in", "--engine", "uv", "--json"], {
      env: { PATH: "/usr/bin:/bin" },
    });
    if (absent.status !== 0) assert.equal(codeOf(absent), "environment-failed");
    for (const words of [
      ["--engine", "pip", "--resolution", "lowest"],
      ["--engine", "pipenv", "--as-of", "2026-01-01"],
    ]) {
      assert.equal(codeOf(await shop.run("thoth", ["lock", "requirements.in", "--json", ...words])), "usage");
    }
  });

  it("are offered where ours cannot reach what it needs", async () => {
    shop.write("requirements.in", "--index-url http://127.0.0.1:9/simple/\nalpha\n");
    const result = await shop.run("thoth", ["lock", "requirements.in", "--json"], { bare: true });
    assert.equal(codeOf(result), "index-unreachable");
    const { error } = result.json as { error: { hint: string; details: { engines?: string[] } } };
    if (hasPip) assert.ok(error.details.engines !== undefined && error.hint.includes("--engine"));
  });
});

describe("completion", () => {
  it("is a script that the shell can read", { skip: !hasBash && "bash is not on this machine" }, async () => {
    const shop = await openWorkshop();
    try {
      for (const program of ["thoth", "horus"] as const) {
        const { stdout } = await shop.run(program, ["completion", "bash"]);
        assert.equal(spawnSync("bash", ["-n"], { input: stdout }).status, 0);
        const asked = spawnSync("bash", [], {
          input: `${stdout}\nCOMP_WORDS=(${program} lock --pre); COMP_CWORD=2; _${program}; printf '%s\\n' "\${COMPREPLY[@]}"`,
          encoding: "utf8",
        });
        assert.match(asked.stdout, /--prerelease/);
      }
    } finally {
      await shop.close();
    }
  });
});
