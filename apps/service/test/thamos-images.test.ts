// Images and builds by the library of the original's client, with its own checks of what comes back.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  type DockerRegistry,
  imageDigest,
  makeCertificate,
  missingDockerRegistry,
  REGISTRY_PASSWORD,
  REGISTRY_USER,
  runProgram,
  SAMPLE_IMAGE,
  startDockerRegistry,
} from "@thoth/testkit";
import { type StartedService, startService } from "./start-service.ts";
import { thamosPython } from "./thamos-peer.ts";

const skip = thamosPython === undefined ? "thamos cannot be installed here" : missingDockerRegistry();

/** Prints one document of all that it was told. */
const PROGRAM = `
import json, sys
from thamos import lib
from thamos.swagger_client import ImageAnalysisApi, PythonPackagesApi

image, user, password, digest = sys.argv[1:]
registry = {"registry_user": user, "registry_password": password}

@lib.with_api_client
def others(client):
    images = ImageAnalysisApi(client)
    metadata = images.post_image_metadata(image=image, **registry)
    try:
        by_hash = images.get_analyze_by_hash(digest).metadata.analyzer
    except lib.ApiException as error:
        by_hash = error.status
    return metadata.to_dict(), by_hash

found = lib.image_analysis(image, environment_type="runtime", **registry)
identifier = lib.image_analysis(image, environment_type="runtime", nowait=True, **registry)
build = lib.build_analysis(
    {"log": "Collecting x"}, None, image, environment_type="runtime",
    output_registry_user=user, output_registry_password=password,
)
metadata, by_hash = others()
print(json.dumps({
    "found": found.to_dict(), "status": lib.get_status(identifier), "log": lib.get_log(identifier),
    "output": build.output_image_analysis.analysis_id, "buildlog": build.buildlog_document_id,
    "tags": metadata["repo_tags"], "by_hash": by_hash,
}, default=str))
`;

interface Told {
  readonly found: {
    readonly skopeo_inspect: { readonly digest: string };
    readonly deb: readonly { readonly name: string }[];
  };
  readonly log: string;
  readonly output: string;
  readonly buildlog: string;
  readonly tags: readonly string[];
  readonly by_hash: unknown;
}

describe("thamos, of images", { skip }, () => {
  let home: string;
  let registry: DockerRegistry;
  let service: StartedService;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-thamos-"));
    registry = await startDockerRegistry(false);
    const { key, certificate } = makeCertificate();
    writeFileSync(join(home, "service.crt"), certificate);
    writeFileSync(join(home, "service.key"), key);
    service = await startService({
      words: [
        ...["--allowed-host", `+${registry.host}`, "--workers", "1"],
        ...["--tls-cert", join(home, "service.crt"), "--tls-key", join(home, "service.key")],
      ],
      variables: { THOTH_SECRET_KEY: Buffer.alloc(32, 7).toString("base64") },
    });
    writeFileSync(join(home, ".thoth.yaml"), `host: ${new URL(service.url).host}\ntls_verify: false\n`);
    writeFileSync(join(home, "ask.py"), PROGRAM);
  });
  after(async () => {
    await service?.stop();
    await registry?.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("asks for all that there is", async () => {
    const name = `${await registry.push(SAMPLE_IMAGE)}:1.0`;
    const digest = imageDigest(SAMPLE_IMAGE);
    const words = [join(home, "ask.py"), name, REGISTRY_USER, REGISTRY_PASSWORD, digest];
    const { status, json, stderr } = await runProgram(thamosPython as string, words, {
      home,
      timeoutMs: 120_000,
      env: {
        ...{
          LC_ALL: "C.UTF-8",
          THAMOS_NO_PROGRESSBAR: "1",
          THAMOS_NO_EMOJI: "1",
          THAMOS_NO_INTERACTIVE: "1",
        },
        ...{ THAMOS_DISABLE_TLS_WARNING: "1", REQUESTS_CA_BUNDLE: join(home, "service.crt") },
      },
    });
    assert.equal(status, 0, stderr);
    const { found, log, output, buildlog, tags, by_hash } = json as Told;
    assert.deepEqual([found.skopeo_inspect.digest, found.deb[0]?.name], [digest, "libc6"]);
    assert.match(log, /is queued/);
    assert.match(output, /^package-extract-/);
    assert.match(buildlog, /^buildlog-/);
    // What took credentials is told by its id alone.
    assert.deepEqual([tags, by_hash], [["1.0"], 404]);
  });
});
