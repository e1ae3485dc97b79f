// What the knowledge graph holds of failures and measurements decides which releases are advised: through the command.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { AnyFact, Fact, ObservationFact, Owner } from "@thoth/knowledge";
import { openGraph } from "@thoth/store";
import { buildWheel, UPLOAD_TIME } from "@thoth/testkit";
import { documentOf, openWorkshop, type Workshop } from "./workshop.ts";

const PLACE = "cpython 3.12 x86_64-linux";
const WORDS = ["--python-version", "3.12", "--platform", "linux", "--as-of", "2026-01-31"];

function failure(owner: string, version: string, more: Partial<ObservationFact> = {}): Fact<"observation"> {
  const body: ObservationFact = {
    version,
    beside: [],
    stage: "import",
    outcome: "failed",
    symptom: "ImportError: it broke",
    times: 3,
    environment: "e",
    place: PLACE,
    ...more,
  };
  const provenance = { source: "inspection", observedAt: 1000, tool: "test 1" };
  return { owner: owner as Owner, kind: "observation", subject: JSON.stringify(more), body, provenance };
}

describe("what the graph holds", () => {
  let shop: Workshop;
  let place: string;

  before(async () => {
    shop = await openWorkshop();
    place = join(shop.home, "data", "thoth", "graph.sqlite");
    mkdirSync(join(place, ".."), { recursive: true });
  });
  after(() => shop.close());

  async function know(...facts: readonly AnyFact[]): Promise<void> {
    const graph = await openGraph(place);
    const known = await graph.read({
      owners: ["alpha", "beta", "gamma", "zeta", "iota", "cve:CVE-2024-1"] as Owner[],
    });
    const drops = known.map(({ owner, kind, subject }) => ({ drop: { owner, kind, subject } }));
    await graph.write({ changes: drops, at: 1, source: "test" });
    await graph.write({ changes: facts.map((put) => ({ put })), at: 2, source: "test" });
    await graph.close();
  }

  async function advise(requirements: string, type = "stable", more: readonly string[] = []) {
    shop.write("project.in", requirements);
    const words = ["advise", "project.in", "--recommendation-type", type, ...WORDS, ...more];
    const options = ["--json", "--index-url", shop.index.indexUrl];
    const result = await shop.run("thoth", [...words, ...options], { bare: true });
    assert.equal(result.status, 0, result.stdout + result.stderr);
    const { products } = documentOf(result, "thoth advise") as {
      products: {
        packages: { name: string; version: string }[];
        objective: { level: string; value: number }[];
      }[];
    };
    const [first] = products;
    return {
      pins: first?.packages.map(({ name, version }) => `${name}==${version}`).join(" "),
      breakage: first?.objective.find(({ level }) => level === "breakage")?.value,
      flaws: first?.objective.find(({ level }) => level === "vulnerability(≥ high)")?.value,
      unproven: first?.objective.find(({ level }) => level === "unproven")?.value,
      text: JSON.stringify(products),
    };
  }

  it("keeps away from a release that failed, with the failure as the reason", async () => {
    assert.equal((await advise("beta\n")).pins, "beta==2.0");
    await know(failure("beta", "2.0"));
    const { pins, text } = await advise("beta\n");
    assert.equal(pins, "beta==1.0");
    assert.match(text, /beta 2\.0 failed at import in 3 of 3 inspections: ImportError: it broke/);
  });

  it("is minded in a lock for several environments, each with what was seen there", async () => {
    await know(failure("beta", "2.0"));
    shop.write("project.in", "beta\n");
    const lockFor = async (...platforms: string[]) => {
      const named = platforms.flatMap((platform) => ["--environment", `3.12:${platform}`]);
      const type = ["--recommendation-type", "stable", "--as-of", "2026-01-31", "--json"];
      const result = await shop.run("thoth", ["lock", "project.in", ...named, ...type]);
      const { packages, objective } = documentOf(result, "thoth lock") as {
        packages: { name: string; version: string }[];
        objective: { level: string; value: number }[];
      };
      const breakage = objective.find(({ level }) => level === "breakage")?.value;
      return [...packages.map(({ name, version }) => `${name} ${version}`), breakage];
    };
    assert.deepEqual(await lockFor("linux-x86_64", "windows-x86_64"), ["beta 1.0", 0]);
    assert.deepEqual(await lockFor("macos-arm64", "windows-x86_64"), ["beta 2.0", 0]);
  });

  it("is that of the graph which is named", async () => {
    await know();
    const other = join(shop.folder, "other.sqlite");
    const graph = await openGraph(other);
    await graph.write({ changes: [{ put: failure("beta", "2.0") }], at: 2, source: "test" });
    await graph.close();
    assert.equal((await advise("beta\n", "stable", ["--database", other])).pins, "beta==1.0");
    assert.equal((await advise("beta\n")).pins, "beta==2.0");
  });

  it("is minded beside what files of one's own tell, each observation once", async () => {
    const one = (owner: string) => ({ ...failure(owner, "2.0"), subject: "one" });
    await know(one("beta"));
    const exported = async (file: string, facts: readonly AnyFact[]) => {
      const graph = await openGraph(join(shop.folder, `${file}.sqlite`));
      await graph.write({ changes: facts.map((put) => ({ put })), at: 2, source: "test" });
      await graph.close();
      const words = ["knowledge", "export", file, "--database", `${file}.sqlite`];
      const result = await shop.run("thoth", words);
      assert.equal(result.status, 0, result.stderr);
      return file;
    };
    const own = await exported("own.gz", [one("alpha"), one("beta")]);
    assert.equal((await advise("alpha\nbeta\n")).pins, "alpha==1.0 beta==1.0");
    await know();
    assert.equal((await advise("alpha\n")).pins, "alpha==2.0 beta==2.0");
    const { pins, text } = await advise("alpha\n", "stable", ["--observations", own]);
    assert.equal(pins, "alpha==1.0 beta==1.0");
    assert.match(text, /alpha 2\.0 failed at import in 3 of 3 inspections/);
    assert.equal((await advise("alpha\n")).pins, "alpha==2.0 beta==2.0");
    await know(one("alpha"));
    const both = await advise("alpha==2.0\n", "stable", ["--observations", own]);
    assert.match(both.text, /in 3 of 3 inspections/);
    shop.write("no.gz", "this is none");
    shop.write("project.in", "alpha\n");
    const refused = await shop.run("thoth", [
      "advise",
      "project.in",
      "--observations",
      "no.gz",
      "--json",
      ...WORDS,
    ]);
    assert.equal(refused.status, 2);
  });

  it("answers the same when it is asked again, and anew when more is known", async () => {
    await know(failure("beta", "2.0"));
    const first = await advise("alpha\n");
    assert.equal(first.pins, "alpha==1.0 beta==1.0");
    assert.equal((await advise("alpha\n")).text, first.text);
    assert.equal((await advise("alpha\n")).text, first.text);
    await know();
    assert.equal((await advise("alpha\n")).pins, "alpha==2.0 beta==2.0");
  });

  it("minds a package that only a later answer has", async () => {
    const wheel = (name: string, version: string, requires: readonly string[] = []) => ({
      artifact: buildWheel({ name, version, requires }),
      uploadTime: name === "zeta" ? "2026-01-28T00:00:00Z" : UPLOAD_TIME,
    });
    shop.index.offer("eta", [wheel("eta", "1.0"), wheel("eta", "2.0", ["zeta"])]);
    shop.index.offer("zeta", [wheel("zeta", "1.0"), wheel("zeta", "2.0")]);
    await know(failure("zeta", "2.0"));
    // All of zeta is young; the second time the answer is kept.
    assert.equal((await advise("eta\n")).pins, "eta==1.0");
    assert.equal((await advise("eta\n")).pins, "eta==1.0");
    const later = ["--as-of", "2026-02-20"];
    assert.equal((await advise("eta\n", "stable", later)).pins, "eta==2.0 zeta==1.0");
  });

  it("counts for releases that fail together", async () => {
    await know(failure("alpha", "2.0", { beside: [["beta", "2.0"]] }));
    const { pins, breakage } = await advise("alpha\n");
    assert.equal(pins, "alpha==1.0 beta==2.0");
    assert.equal(breakage, 0);
    assert.equal((await advise("alpha>1\n")).breakage, 750);
    assert.equal((await advise("beta\n")).pins, "beta==2.0");
  });

  it("says nothing of other places, nor to a type that wants the newest", async () => {
    await know(failure("beta", "2.0", { place: "cpython 3.9 x86_64-linux" }));
    assert.equal((await advise("beta\n")).pins, "beta==2.0");
    await know(failure("beta", "2.0"));
    assert.equal((await advise("beta\n", "latest")).pins, "beta==2.0");
  });

  it("prefers a project with a good scorecard where another would do", async () => {
    shop.index.offer("theta", [
      {
        artifact: buildWheel({ name: "theta", version: "1.0", requires: ["beta"] }),
        uploadTime: "2024-01-01T00:00:00Z",
      },
      buildWheel({ name: "theta", version: "2.0", requires: ["iota==1.0"] }),
    ]);
    shop.index.offer("iota", [buildWheel({ name: "iota", version: "1.0" })]);
    const scorecard = (score: number): AnyFact => ({
      owner: "iota" as Owner,
      kind: "scorecard",
      subject: "",
      body: { repository: "github.com/iota/iota", date: 1000, score, checks: [] },
      provenance: { source: "https://api.scorecard.example", observedAt: 1000, tool: "test 1" },
    });
    await know(scorecard(5));
    assert.equal((await advise("theta\n", "security")).pins, "iota==1.0 theta==2.0");
    await know(scorecard(2.4));
    assert.equal((await advise("theta\n", "security")).pins, "beta==2.0 theta==1.0");
    const { text, unproven } = await advise("theta>1\n", "security");
    assert.equal(unproven, 2);
    assert.match(text, /the scorecard of iota has 2\.4 of 10 points/);
    assert.equal((await advise("theta\n")).pins, "iota==1.0 theta==2.0");
  });

  it("counts a flaw twice that attackers are known to use", async () => {
    const advisory = {
      id: "PYSEC-2024-1",
      aliases: ["CVE-2024-1"],
      modified: "2024-05-01T00:00:00Z",
      published: "2024-05-01T00:00:00Z",
      severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" }],
      affected: [{ package: { name: "beta", ecosystem: "PyPI" }, versions: ["1.0", "2.0"] }],
    };
    shop.write("advisory.json", JSON.stringify(advisory));
    const told = ["--advisories", "advisory.json"];
    await know();
    assert.equal((await advise("beta\n", "stable", told)).flaws, 300);
    const provenance = { source: "kev", observedAt: 1000, tool: "test 1" };
    const body = { known: { added: 1000, ransomware: false } };
    await know({ owner: "cve:CVE-2024-1", kind: "exploitation", subject: "", body, provenance });
    assert.equal((await advise("beta\n", "stable", told)).flaws, 600);
    assert.equal((await advise("beta\n", "stable", told)).flaws, 600);
  });
});
