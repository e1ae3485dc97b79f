// The first API as it is on the wire: statuses, headers, pages, and answers that are what its description says.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findViolations } from "@thoth/contract";
import { type Operation, v1Operations } from "@thoth/contract/service";
import { buildWheel, type IndexServer, startIndex } from "@thoth/testkit";
import { type StartedService, startService } from "./start-service.ts";

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly document: Record<string, never>;
}

type Query = Readonly<Record<string, string>>;

const BODY = {
  application_stack: { requirements: '[packages]\nalpha = "*"\n', requirements_lock: "" },
  runtime_environment: { python_version: "3.11", labels: { a: "b" } },
  labels: null,
  library_usage: null,
};

describe("first API", () => {
  let index: IndexServer;
  let service: StartedService;

  before(async () => {
    const versions = ["1.0", "1.1", "2.0", "3.0b1"];
    index = await startIndex({
      projects: {
        alpha: versions.map((version) => buildWheel({ name: "alpha", version, requires: REQUIRES })),
        beta: [buildWheel({ name: "beta", version: "1.0", requiresPython: ">=3.12" })],
      },
    });
    const { host } = new URL(index.indexUrl);
    const words = ["--index-url", index.indexUrl, "--allowed-host", `+${host}`, "--workers", "1"];
    service = await startService({ words });
  });
  after(async () => {
    await service?.stop();
    await index?.close();
  });

  async function ask(path: string, init: RequestInit = {}): Promise<Told> {
    const answer = await fetch(`${service.url}/api/v1${path}`, init);
    const text = await answer.text();
    const document = text === "" ? {} : JSON.parse(text);
    return { status: answer.status, headers: answer.headers, document };
  }

  /** An answer of one of the statuses that are described, and of the described form. */
  async function fitting(
    name: keyof typeof v1Operations,
    query: Query = {},
    init?: RequestInit,
  ): Promise<Told> {
    const { path, answers }: Operation = v1Operations[name];
    const { analysis_id = "", ...rest } = query;
    const place = path.replace("/api/v1", "").replace("{analysis_id}", analysis_id);
    const told = await ask(`${place}?${new URLSearchParams(rest)}`, init);
    const described = answers[told.status];
    assert.notEqual(described, undefined, `${name}: ${told.status} ${JSON.stringify(told.document)}`);
    assert.deepEqual(findViolations(described?.schema ?? {}, told.document), []);
    return told;
  }

  const post = (body: unknown): RequestInit => ({
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const advise = (query: Query = {}, body: unknown = BODY) =>
    fitting("adviseOnPython", { recommendation_type: "latest", ...query }, post(body));

  it("takes what the clients send, and answers an analysis to its end", async () => {
    const query = { origin: "None", source_type: "cli", dev: "False", debug: "False", force: "True" };
    const { status, document } = await advise(query);
    assert.equal(status, 202);
    assert.deepEqual([document["cached"], document["authenticated"]], [false, false]);
    const id = { analysis_id: String(document["analysis_id"]) };
    let result = await fitting("readAdvise", id);
    while (result.status === 202) {
      // Sooner than any client asks again, and not so often that it is refused.
      await sleep(100);
      result = await fitting("readAdvise", id);
    }
    assert.equal(result.status, 200);
    assert.equal((await fitting("readAdviseStatus", id)).status, 200);
    assert.equal((await fitting("readAdviseLog", id)).status, 200);
    assert.equal((await advise()).document["cached"], true);
  });

  it("tells what is wrong in `error`, and what was asked in `parameters`", async () => {
    const unknown = "adviser-261201014012-46c506d619bbe14b";
    const cases: readonly (readonly [number, Promise<Told>])[] = [
      [404, fitting("readAdvise", { analysis_id: unknown })],
      [404, fitting("readAdviseLog", { analysis_id: unknown })],
      [404, fitting("readAdviseStatus", { analysis_id: unknown })],
      [400, fitting("readAdvise", { analysis_id: unknown.replace("adviser", "provenance-checker") })],
      [400, fitting("readProvenanceStatus", { analysis_id: unknown })],
      [400, advise({ recommendation_type: "best" })],
      [400, advise({ nonsense: "1" })],
      [400, advise({ dev: "perhaps" })],
      [400, advise({}, { application_stack: {} })],
      [400, advise({}, "{")],
      [400, advise({}, { ...BODY, application_stack: { requirements: "x".repeat(4 * 1024 * 1024) } })],
      [401, advise({ token: "nobody" })],
      [401, advise({}, { ...BODY, kebechet_metadata: { package_name: "alpha" } })],
      [400, fitting("checkProvenanceOfPython", {}, post({ application_stack: BODY.application_stack }))],
    ];
    for (const [number, [status, told]] of cases.entries()) {
      const { status: answered, document } = await told;
      assert.equal(answered, status, `case ${number}: ${JSON.stringify(document)}`);
      assert.equal(typeof document["error"], "string");
    }
    assert.equal((await advise({ token: "nobody" })).document["error"], "Bad token supplied");
  });

  it("knows who asks by the token of the query, and does not tell it again", async () => {
    const { document } = await advise({ token: String(service.token), origin: "https://git.test/x" });
    assert.equal(document["authenticated"], true);
    assert.equal(JSON.stringify(document).includes(String(service.token)), false);
    assert.notEqual(
      (await fitting("readAdvise", { analysis_id: String(document["analysis_id"]) })).status,
      404,
    );
  });

  it("lets pages of other origins ask", async () => {
    const { headers } = await ask("/python-package-index");
    assert.equal(headers.get("access-control-allow-origin"), "*");
    const preflight = await ask("/advise/python", { method: "OPTIONS" });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get("access-control-allow-methods") ?? "", /POST/);
    assert.equal((await ask("/nowhere", { method: "OPTIONS" })).status, 404);
  });

  it("tells its version in headers, of failures too", async () => {
    for (const path of ["", "/nowhere", "/advise/python/x"])
      assert.match((await ask(path)).headers.get("x-thoth-version") ?? "", /^\d+\.\d+/);
    const head = await ask("", { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("x-user-api-service-version") !== null], [200, true]);
    assert.equal((await ask("", { method: "DELETE" })).status, 405);
  });

  it("describes itself, and offers all that it describes", async () => {
    const { document } = await ask("/openapi.json");
    const { document: told } = await ask("");
    assert.deepEqual(Object.keys(document["paths"] ?? {}).sort(), told["paths"]);
  });

  const versionsOf = ({ document }: Told) =>
    (document["versions"] as unknown as readonly { readonly package_version: string }[]).map(
      ({ package_version: version }) => version,
    );

  it("lists versions, all or those for an environment, and pages of them", async () => {
    const name = "Alpha";
    const all = await fitting("listPythonPackageVersions", { name });
    assert.deepEqual(versionsOf(all), ["3.0b1", "2.0", "1.1", "1.0"]);
    const page = { name, order_by: "ASC", page: "1", per_page: "3" };
    const second = await fitting("listPythonPackageVersions", page);
    assert.deepEqual(versionsOf(second), ["3.0b1"]);
    assert.deepEqual(
      ["page", "per_page", "page_count", "entries_count", "prev", "next"].map((header) =>
        second.headers.get(header),
      ),
      ["1", "3", "2", "4", "0", null],
    );
    const place = { name: "beta", os_name: "ubi", os_version: "9" };
    const fits = async (python_version: string) =>
      versionsOf(await fitting("listPythonPackageVersions", { ...place, python_version })).length;
    assert.deepEqual([await fits("3.11"), await fits("3.12")], [0, 1]);
    assert.equal((await fitting("listPythonPackageVersions", place)).status, 400);
    assert.equal((await fitting("listPythonPackageVersions", { name: "absent" })).status, 404);
  });

  it("lists packages that it has met", async () => {
    await fitting("listPythonPackageVersions", { name: "alpha" });
    const { document } = await fitting("listPythonPackages", { like: "LPH" });
    assert.deepEqual(document["packages"], [{ package_name: "alpha" }]);
  });

  it("tells what a version says of itself, needs, and where it fits", async () => {
    const known = { name: "alpha", version: "2", index: index.indexUrl };
    const { document } = await fitting("readPythonPackageVersionMetadata", known);
    const metadata = document["metadata"] as unknown as Record<string, unknown>;
    assert.deepEqual([metadata["package_version"], metadata["dependencies"]], ["2.0", REQUIRES]);
    const needs = async (more: Query) =>
      (await fitting("listPythonPackageDependencies", { ...known, ...more })).document["dependencies"];
    assert.deepEqual(await needs({}), [
      { name: "beta", version: ">=1", extra: "", environment_marker: "" },
      { name: "gamma", version: "*", extra: "more", environment_marker: 'extra == "more"' },
    ]);
    assert.equal(((await needs({ marker_evaluation_result: "true" })) as unknown as []).length, 1);
    const beta = { ...known, name: "beta", version: "1.0" };
    const places = (await fitting("listPythonPackageVersionEnvironments", beta)).document["environments"];
    const first = await fitting("listPythonPackageVersionEnvironments", {
      ...beta,
      page: "0",
      per_page: "1",
    });
    assert.deepEqual(first.document["environments"], [(places as unknown as readonly object[])[0]]);
    assert.equal(JSON.stringify(places).includes('"3.11"'), false);
    assert.equal(JSON.stringify(places).includes('"3.12"'), true);
    for (const wrong of [{ version: "9" }, { version: "no" }, { index: "https://pypi.org/simple" }])
      assert.equal((await fitting("readPythonPackageVersionMetadata", { ...known, ...wrong })).status, 404);
  });

  it("tells the whole metadata of a version, and what is known of one without a wheel", async () => {
    const known = { name: "alpha", version: "2", index: index.indexUrl };
    const { document } = await fitting("readPythonPackageMetadata", known);
    const { name, version, requires_dist, classifier, author } = document["metadata"] as unknown as Record<
      string,
      unknown
    >;
    assert.deepEqual([name, version, requires_dist], ["alpha", "2.0", REQUIRES]);
    assert.deepEqual([classifier, author], [[], null]);
    assert.equal((await fitting("readPythonPackageMetadata", { ...known, version: "9" })).status, 404);
    assert.equal((await fitting("readPythonPackageMetadata", { name: "alpha" })).status, 400);
  });

  it("tells as many stacks as are asked for", async () => {
    const stacksOf = async (query: Query) => {
      const place = { ...BODY, runtime_environment: { python_version: "3.12" } };
      const { document } = await advise({ ...query, force: "true" }, place);
      const id = { analysis_id: String(document["analysis_id"]) };
      let result = await fitting("readAdvise", id);
      for (; result.status === 202; result = await fitting("readAdvise", id)) await sleep(100);
      const { report, parameters } = result.document["result"] as unknown as {
        readonly report: { readonly products: readonly object[] };
        readonly parameters: { readonly count: number };
      };
      return [report.products.length, parameters.count];
    };
    assert.deepEqual(await stacksOf({ count: "2", limit: "100" }), [2, 2]);
    assert.deepEqual(await stacksOf({ count: "1000" }), [4, 50]);
    for (const wrong of [{ count: "0" }, { count: "x" }, { limit: "-1" }])
      assert.equal((await advise(wrong)).status, 400);
  });

  it("knows who provides an import only where it is so", async () => {
    const found = await fitting("listPythonImportProviders", { import_name: "alpha" });
    assert.equal(JSON.stringify(found.document).includes('"package_import":"alpha"'), true);
    for (const import_name of ["__builtins__", "beta.absent", "no such", "../x"])
      assert.equal((await fitting("listPythonImportProviders", { import_name })).status, 404);
  });

  it("lists environments, platforms, indexes and images", async () => {
    for (const name of ["listPythonEnvironments", "listPythonPlatforms", "listPythonPackageIndexes"] as const)
      assert.equal((await fitting(name)).status, 200);
    const images = await fitting("listContainerImages", { page: "0", os_name: "ubi" });
    assert.deepEqual(images.document["container_images"], []);
  });

  it("is not at fault for an index that is away", async () => {
    index.spoil("/simple/away/", { kind: "status", status: 500 });
    const { status, headers } = await fitting("listPythonPackageVersions", { name: "away" });
    assert.deepEqual([status, headers.get("retry-after")], [503, "2"]);
    index.spoil("/simple/away/");
  });
});

const REQUIRES = ["beta>=1", "gamma; extra == 'more'"];
