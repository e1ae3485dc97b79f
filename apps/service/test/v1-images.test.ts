// Images and builds of the first API, over HTTP, with Debian's registry: what is told of them, to whom, and what is left of a
// password.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openGraph } from "@thoth/store";
import {
  ARCHITECTURE,
  type DockerRegistry,
  imageDigest,
  missingDockerRegistry,
  REGISTRY_PASSWORD,
  REGISTRY_USER,
  SAMPLE_IMAGE,
  startDockerRegistry,
  type WorldImage,
} from "@thoth/testkit";
import { type AskV1, askerOf, type Query, type Told } from "./ask-v1.ts";
import { type StartedService, startService } from "./start-service.ts";

const OTHER: WorldImage = {
  ...SAMPLE_IMAGE,
  tag: "2.0",
  listed: false,
  environment: ["CUDA_VERSION=11.8.0"],
};
const CLOSED: WorldImage = { ...SAMPLE_IMAGE, repository: "closed/base", environment: ["ONLY=inside"] };
const CREDENTIALS = { registry_user: REGISTRY_USER, registry_password: REGISTRY_PASSWORD };
const SECRETS = [REGISTRY_PASSWORD, Buffer.from(`${REGISTRY_USER}:${REGISTRY_PASSWORD}`).toString("base64")];
const NOWHERE = "package-extract-261201014012-46c506d619bbe14b";

describe("images of the first API", { skip: missingDockerRegistry() }, () => {
  let home: string;
  let open: DockerRegistry;
  let closed: DockerRegistry;
  let service: StartedService;
  let ask: AskV1;
  let base: string;
  let inside: string;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-images-"));
    [open, closed] = [await startDockerRegistry(), await startDockerRegistry(false)];
    base = await open.push(SAMPLE_IMAGE);
    await open.push(OTHER);
    inside = await closed.push(CLOSED);
    await makeGraph(join(home, "data"));
    const hosts = [open, closed].flatMap(({ host }) => ["--allowed-host", `+${host}`]);
    service = await startService({
      data: join(home, "data"),
      words: [...hosts, "--workers", "1"],
      variables: { THOTH_SECRET_KEY: Buffer.alloc(32, 7).toString("base64"), ...RATES },
    });
    ask = askerOf(service.url);
  });
  after(async () => {
    await service?.stop();
    await open?.close();
    await closed?.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function analysis(query: Query): Promise<string> {
    const { status, document } = await ask("analyzeImage", query);
    assert.equal(status, 202, JSON.stringify(document));
    return String(document["analysis_id"]);
  }

  const resultOf = async (place: string): Promise<Told> => await ask.result("readImageAnalysis", place);

  it("tells what a registry tells of one", async () => {
    const { status, document } = await ask("readImageMetadata", { image: `${base}:1.0`, verify_tls: "true" });
    assert.equal(status, 200, JSON.stringify(document));
    const { digest, layers, Digest, Env, ...others } = document;
    assert.deepEqual([Digest, Env], [digest, ["PATH=/usr/local/bin:/usr/bin", "LANG=C.UTF-8"]]);
    const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !/^[A-Z]/.test(name)));
    assert.match(String(digest), /^sha256:[0-9a-f]{64}$/);
    assert.equal((layers as readonly string[]).length, 2);
    assert.deepEqual(rest, {
      name: base,
      tag: "1.0",
      repo_tags: ["1.0", "2.0"],
      created: "2024-02-03T04:05:06.123456789Z",
      docker_version: "",
      labels: {},
      architecture: ARCHITECTURE,
      os: "linux",
    });
    const byDigest = await ask("readImageMetadata", { image: `${base}@${imageDigest(OTHER)}` });
    assert.deepEqual([byDigest.document["digest"], byDigest.document["tag"]], [imageDigest(OTHER), ""]);
  });

  it("tells what one holds, by its tag and by its digests", async () => {
    const place = await analysis({ image: `${base}:1.0`, environment_type: "buildtime", debug: "True" });
    assert.match(place, /^package-extract-\d{12}-[0-9a-f]{16}$/);
    const { status, document } = await resultOf(place);
    assert.equal(status, 200, JSON.stringify(document));
    const { metadata, result } = document as Record<string, Record<string, unknown>>;
    assert.deepEqual(metadata?.["arguments"], {
      "thoth-package-extract": {
        verbose: true,
        metadata: { environment_type: "buildtime", origin: null, is_external: true },
      },
      "extract-image": { image: `${base}:1.0` },
    });
    const { "system-symbols": symbols, "rpm-dependencies": rpms, ...found } = result ?? {};
    assert.deepEqual(found["operating-system"], { id: "debian", name: "debian", version_id: "9" });
    assert.deepEqual(found["deb"], [
      { name: "libc6", version: "2.24-11", epoch: "", arch: "amd64" },
      { name: "new", version: "2.0", epoch: "1", arch: "amd64" },
    ]);
    assert.deepEqual(rpms, []);
    assert.deepEqual(found["mercator"], [
      {
        ecosystem: "Python-Dist",
        path: "/usr/lib/python3/dist-packages/six-2.0.egg-info",
        result: { name: "six", version: "2.0" },
      },
    ]);
    assert.deepEqual(Object.keys(symbols as object), ["libc.so.6"]);
    assert.deepEqual(found["environment-variables"], { PATH: "/usr/local/bin:/usr/bin", LANG: "C.UTF-8" });
    assert.equal(found["image-digest"], imageDigest(SAMPLE_IMAGE));
    const { document: state } = await ask("readImageAnalysisStatus", { place });
    assert.equal((state["status"] as { readonly state: string }).state, "terminated");
    assert.match(String((await ask("readImageAnalysisLog", { place })).document["log"]), /has ended/);

    const tagged = await ask("readImageMetadata", { image: `${base}:1.0` });
    for (const hash of [imageDigest(SAMPLE_IMAGE), String(tagged.document["digest"])]) {
      const told = (await ask("readImageAnalysisByHash", { place: hash })).document["metadata"];
      assert.equal((told as { readonly document_id: string }).document_id, place);
    }
    const other = await resultOf(await analysis({ image: `${base}@${imageDigest(OTHER)}` }));
    const { "image-digest": digest, "cuda-version": cuda } = other.document["result"] as typeof found;
    assert.deepEqual([digest, cuda], [imageDigest(OTHER), { CUDA_VERSION: "11.8.0" }]);
  });

  it("lists what it has analysed, where there is a graph", async () => {
    const images = async (query: Query) =>
      (await ask("listContainerImages", query)).document["container_images"] as readonly Query[];
    const [found, ...more] = await images({ image_name: "thoth/base", cuda_version: "11.8" });
    assert.deepEqual(
      [found?.["env_image_name"], found?.["image_sha"], more.length],
      [base, imageDigest(OTHER).slice(7), 0],
    );
    assert.equal((await images({})).length, 2);
  });

  it("asks once for what many ask, and again where one insists", async () => {
    const query = { image: `${base}:2.0` };
    const first = await analysis(query);
    await resultOf(first);
    const { document } = await ask("analyzeImage", { ...query, origin: "https://git.test/me" });
    assert.deepEqual([document["analysis_id"], document["cached"]], [first, true]);
    assert.notEqual(await analysis({ ...query, force: "true" }), first);
  });

  it("refuses what is no name, no hash, or of no registry that may be asked", async () => {
    const both = (status: number, images: readonly string[]) =>
      images.flatMap((image) =>
        (["readImageMetadata", "analyzeImage"] as const).map((name) => [status, name, { image }] as const),
      );
    const image = `${base}:1.0`;
    const cases: readonly (readonly [number, Parameters<AskV1>[0], Query])[] = [
      ...both(400, NO_NAMES),
      ...both(403, ELSEWHERE),
      [400, "readImageMetadata", { image: `${base}:absent` }],
      [400, "readImageMetadata", { image, verify_tls: "false" }],
      [400, "readImageMetadata", { image, registry_user: "x" }],
      [403, "readImageMetadata", { image: `${inside}:1.0` }],
      [403, "readImageMetadata", { image: `${inside}:1.0`, ...CREDENTIALS, registry_password: "wrong" }],
      [400, "analyzeImage", { image, environment_type: "sometime" }],
      [400, "readImageAnalysis", { place: NOWHERE.replace("package-extract", "adviser") }],
      [404, "readImageAnalysis", { place: NOWHERE }],
      [404, "readImageAnalysisLog", { place: NOWHERE }],
      [404, "readImageAnalysisStatus", { place: NOWHERE }],
      [400, "readImageAnalysisByHash", { place: "0".repeat(64) }],
      [400, "readImageAnalysisByHash", { place: "md5:0" }],
      [404, "readImageAnalysisByHash", { place: `sha256:${"0".repeat(64)}` }],
    ];
    for (const [status, name, query] of cases) {
      const told = await ask(name, query);
      assert.equal(told.status, status, `${name} ${JSON.stringify(query)}: ${JSON.stringify(told.document)}`);
    }
    const { document } = await ask("readImageMetadata", { image: "python:3.12" });
    assert.match(String(document["error"]), /registry-1\.docker\.io.*THOTH_ALLOWED_HOSTS/);
  });

  it("tells why there is no result, and looks again the next time", async () => {
    const query = { image: `${base}:absent` };
    const first = await analysis(query);
    const { status, document } = await resultOf(first);
    assert.equal(status, 400);
    assert.match(String(document["error"]), /has no image/);
    assert.notEqual(await analysis(query), first);
    const denied = await resultOf(await analysis({ image: `${inside}:1.0` }));
    assert.match(String(denied.document["error"]), /not given to whoever asks/);
  });

  it("takes credentials for one question, which nobody else shares, and leaves none anywhere", async () => {
    const query = { image: `${inside}:1.0`, ...CREDENTIALS };
    assert.equal((await ask("readImageMetadata", query)).status, 200);
    const [first, second] = [await ask("analyzeImage", query), await ask("analyzeImage", query)];
    assert.deepEqual([first.document["cached"], second.document["cached"]], [false, false]);
    const place = String(first.document["analysis_id"]);
    const { status, document } = await resultOf(place);
    assert.equal(status, 200, JSON.stringify(document));
    assert.equal((await resultOf(String(second.document["analysis_id"]))).status, 200);
    assert.equal((await ask("readImageAnalysisByHash", { place: imageDigest(CLOSED) })).status, 404);
    const { document: images } = await ask("listContainerImages", { image_name: "closed" });
    assert.deepEqual(images["container_images"], []);
    const log = await ask("readImageAnalysisLog", { place });
    const told = JSON.stringify([first, second, document, log, service.lines, service.said()]);
    for (const secret of SECRETS) assert.ok(!told.includes(secret));
    for (const [file, bytes] of filesBelow(home))
      for (const secret of SECRETS) assert.ok(!bytes.includes(secret), file);
    assert.deepEqual(leftFolders(), []);
  });

  it("tells nothing of credentials in what it refuses", async () => {
    const given = { ...CREDENTIALS, base_registry_password: REGISTRY_PASSWORD };
    const told = [
      await ask("analyzeImage", { image: "a b", ...given }),
      await ask("analyzeImage", { image: "quay.io/a/b", ...CREDENTIALS }),
      await ask("readImageMetadata", { image: `${base}:1.0`, nonsense: "x", ...given }),
      await ask("readImageMetadata", { image: `${base}:1.0`, token: "nobody", ...given }),
      await ask("analyzeBuild", given, {}),
    ];
    for (const { status, document } of told) {
      assert.ok([400, 401, 403].includes(status), String(status));
      for (const secret of SECRETS) assert.ok(!JSON.stringify(document).includes(secret));
    }
  });

  it("analyses what goes in and what comes out of a build, and keeps its log", async () => {
    const build_log = {
      log: "Collecting tensorflow\n\u0000 and a \ud800",
      kind: "BuildLog",
      apiversion: null,
    };
    const body = { base_image: `${base}:1.0`, output_image: `${inside}:1.0`, build_log };
    const query = {
      output_registry_user: REGISTRY_USER,
      output_registry_password: REGISTRY_PASSWORD,
      environment_type: "runtime",
    };
    const { status, document } = await ask("analyzeBuild", query, body);
    assert.equal(status, 202, JSON.stringify(document));
    for (const secret of SECRETS) assert.ok(!JSON.stringify(document).includes(secret));
    const idOf = (name: string) => String((document[name] as { readonly analysis_id: string }).analysis_id);
    assert.equal((await resultOf(idOf("base_image_analysis"))).status, 200);
    assert.equal((await resultOf(idOf("output_image_analysis"))).status, 200);
    assert.equal(document["buildlog_analysis"], null);
    const place = String(document["buildlog_document_id"]);
    assert.match(place, /^buildlog-\d{12}-[0-9a-f]{32}$/);
    assert.deepEqual((await ask("readBuildLog", { place })).document, build_log);
    assert.equal((await ask("readBuildLog", { place: place.replace(/.$/, "x") })).status, 404);
    assert.equal((await ask("analyzeBuild", {}, { base_image: null, output_image: "" })).status, 400);
    for (const output_image of ["quay.io/a/b", "a b"]) {
      const refused = await ask("analyzeBuild", {}, { ...body, base_image: `${base}:never`, output_image });
      assert.ok(refused.status === 403 || refused.status === 400);
    }
    // Nothing of it was begun.
    const { document: never } = await ask("analyzeImage", { image: `${base}:never` });
    assert.equal(never["cached"], false);
    const alone = (await ask("analyzeBuild", {}, { build_log: { log: "x" } })).document;
    assert.deepEqual([alone["base_image_analysis"], alone["output_image_analysis"]], [null, null]);
    assert.ok(!JSON.stringify(service.lines).includes("tensorflow"));
  });

  it("says that it is no GitHub app where it is none", async () => {
    assert.equal((await ask("hearKebechetWebhook", {}, { action: "created" })).status, 501);
    assert.equal(service.lines.at(-1)?.["level"], "info");
  });

  it("keeps no credentials without a key, nor where everybody reads what is found", async () => {
    const words = ["--allowed-host", `+${closed.host}`, "--workers", "0"];
    const key = Buffer.alloc(32, 7).toString("base64");
    for (const [variables, why] of [
      [{}, /THOTH_SECRET_KEY/],
      [{ THOTH_SECRET_KEY: key, THOTH_ANONYMOUS: "ask,read" }, /with a token/],
    ] as const) {
      const other = await startService({ words, variables });
      try {
        const asked = await askerOf(other.url)("analyzeImage", { image: `${inside}:1.0`, ...CREDENTIALS });
        assert.equal(asked.status, 403);
        assert.match(String(asked.document["error"]), why);
      } finally {
        await other.stop();
      }
    }
  });

  it("takes no fault of whoever asks for one of its own", () => {
    assert.deepEqual(
      service.lines.filter(({ level }) => level === "error"),
      [],
    );
  });
});

/** Such as whoever runs a service makes with `thoth knowledge refresh`. */
async function makeGraph(data: string): Promise<void> {
  const folder = join(data, "home", ".local", "share", "thoth");
  mkdirSync(folder, { recursive: true });
  await (await openGraph(join(folder, "graph.sqlite"))).close();
}

function filesBelow(folder: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name))]);
}

/** Of jobs that are done; others' tests may be at work too, so that none of theirs is looked into. */
function leftFolders(): readonly string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith("thoth-job-"))
    .filter((name) => {
      try {
        return readdirSync(join(tmpdir(), name)).includes("credentials");
      } catch {
        return false;
      }
    });
}

const RATES = {
  THOTH_ANONYMOUS_RATE: "1000000,1000000",
  THOTH_ANONYMOUS_QUESTION_RATE: "1000000,1000000",
  THOTH_FAILURE_RATE: "1000,1000",
};
const NO_NAMES = [
  ...["https://quay.io/a", "http://127.0.0.1/", "file:///etc/passwd", "a b", "user:word@host.test/a"],
  ...["../../etc", "--output=x", "host.test:99999999/a", "a@sha256:12", "[::1/a"],
];
const ELSEWHERE = [
  ...["localhost:80/a", "127.0.0.1:1/a", "[::1]:80/a", "169.254.169.254/a", "127.1/a", "2130706433:80/a"],
  ...["metadata.google.internal/a", "quay.io/a/b", "python", "registry.internal:5000/a", "0.0.0.0:5000/a"],
];
