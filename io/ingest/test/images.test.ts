// Names of images, challenges of registries, manifests and configurations, as they are written and as they are not.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ThothError } from "@thoth/pep";
import fc from "fast-check";
import { parseImageReference } from "../src/images/image-reference.ts";
import { forPlatform, parseConfiguration, parseManifest } from "../src/images/manifest.ts";
import { parseChallenge } from "../src/images/registry-login.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const OCI = "application/vnd.oci.image";
const fetched = (value: unknown, contentType = "") => ({
  body: Buffer.from(JSON.stringify(value)),
  digest: DIGEST,
  contentType,
});
const failing = (code: string) => (error: unknown) => error instanceof ThothError && error.code === code;

suite("names of images", () => {
  test("are read as everybody does", () => {
    const whole = (text: string) => {
      const { text: name, registry, repository, version } = parseImageReference(text);
      return [name, registry, repository, version];
    };
    const docker = "https://registry-1.docker.io/v2/";
    assert.deepEqual(whole("python"), [
      "docker.io/library/python:latest",
      docker,
      "library/python",
      "latest",
    ]);
    assert.deepEqual(whole(" a/b:1.0-x "), ["docker.io/a/b:1.0-x", docker, "a/b", "1.0-x"]);
    assert.deepEqual(whole(`python:3@${DIGEST}`), [
      `docker.io/library/python@${DIGEST}`,
      docker,
      "library/python",
      DIGEST,
    ]);
    assert.deepEqual(whole("quay.io/a/b/c"), [
      "quay.io/a/b/c:latest",
      "https://quay.io/v2/",
      "a/b/c",
      "latest",
    ]);
    assert.equal(whole("localhost/a")[1], "http://localhost/v2/");
    assert.equal(whole("localhost:5000/a")[1], "http://localhost:5000/v2/");
    assert.equal(whole("127.0.0.1:5000/a:1")[1], "http://127.0.0.1:5000/v2/");
    assert.equal(whole("[::1]:5000/a:1")[1], "http://[::1]:5000/v2/");
    assert.equal(whole("localhost.example:5000/a")[1], "https://localhost.example:5000/v2/");
    assert.equal(whole("127.0.0.1.example/a")[1], "https://127.0.0.1.example/v2/");
    for (const { text } of ["python", "quay.io/a/b:1", `x@${DIGEST}`].map(parseImageReference))
      assert.equal(parseImageReference(text).text, text);
  });

  test("that are none are refused", () => {
    for (const text of [
      "",
      "Python",
      "a:b:c",
      "a@sha256:12",
      `a@${DIGEST}@${DIGEST}`,
      "a/../b",
      "https://quay.io/a",
      "a b",
      "a:",
      "user:word@host.test/a",
      "host.test:99999999/a",
      "x".repeat(600),
    ])
      assert.throws(() => parseImageReference(text), failing("usage"), text);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        try {
          const { registry, repository, version } = parseImageReference(text);
          const url = new URL(`${repository}/manifests/${version}`, registry);
          assert.ok(url.pathname === `/v2/${repository}/manifests/${version}` && url.username === "");
        } catch (error) {
          assert.ok(failing("usage")(error), String(error));
        }
      }),
      { numRuns: 3000 },
    );
  });
});

suite("challenges of registries", () => {
  const image = parseImageReference("quay.io/a/b");
  test("say where tokens are", () => {
    assert.equal(
      parseChallenge('Bearer realm="https://auth.test/t?x=1",service="s",scope="repository:a/b:pull"', image),
      "https://auth.test/t?x=1&service=s&scope=repository%3Aa%2Fb%3Apull",
    );
    assert.equal(
      parseChallenge('bearer realm="https://me:word@auth.test/t#x"', image),
      "https://auth.test/t?scope=repository%3Aa%2Fb%3Apull",
    );
  });

  test("lead to no other place", () => {
    for (const text of [
      "",
      'Basic realm="x"',
      "Bearer",
      'Bearer realm="http://auth.test/t"',
      'Bearer realm="file:///etc/passwd"',
      'Bearer realm="/token"',
      `Bearer realm="https://a.test/${"x".repeat(5000)}"`,
    ])
      assert.equal(parseChallenge(text, image), undefined, text.slice(0, 60));
    const here = parseImageReference("localhost:5000/a");
    assert.match(parseChallenge('Bearer realm="http://localhost:5001/t"', here) ?? "", /^http:/);
  });
});

suite("manifests", () => {
  const layer = (mediaType: string, more: object = {}) => ({ mediaType, digest: DIGEST, size: 5, ...more });
  const manifest = (...layers: readonly object[]) => ({
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: layer(`${OCI}.config.v1+json`),
    layers,
  });

  test("name layers in all their forms", () => {
    const docker = "application/vnd.docker.image.rootfs.diff.tar";
    const types = [
      `${OCI}.layer.v1.tar`,
      `${OCI}.layer.v1.tar+gzip`,
      `${OCI}.layer.v1.tar+zstd`,
      docker,
      `${docker}.gzip`,
    ];
    const read = parseManifest(fetched(manifest(...types.map((type) => layer(type)))), "x");
    assert.deepEqual(read.kind === "image" && read.layers.map(({ packing }) => packing), [
      "none",
      "gzip",
      "zstd",
      "none",
      "gzip",
    ]);
    const { mediaType: _, ...bare } = manifest();
    assert.equal(parseManifest(fetched(bare, `${OCI}.manifest.v1+json`), "x").kind, "image");
  });

  test("of other forms are refused", () => {
    for (const value of [
      {},
      [],
      { ...manifest(), schemaVersion: 1 },
      { ...manifest(), mediaType: "text/plain" },
      { ...manifest(), config: layer("application/vnd.example+json") },
      { ...manifest(), layers: {} },
      manifest(layer(`${OCI}.layer.v1.tar+gzip+encrypted`)),
      manifest(layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")),
      manifest(layer(`${OCI}.layer.v1.tar`, { digest: "sha512:00" })),
      manifest(layer(`${OCI}.layer.v1.tar`, { digest: "../../x" })),
      manifest(layer(`${OCI}.layer.v1.tar`, { size: -1 })),
    ])
      assert.throws(
        () => parseManifest(fetched(value), "x"),
        failing("index-response-invalid"),
        JSON.stringify(value),
      );
    const many = manifest(...Array.from({ length: 501 }, () => layer(`${OCI}.layer.v1.tar`)));
    assert.throws(() => parseManifest(fetched(many), "x"), failing("limit-exceeded"));
  });

  test("for several platforms are chosen from", () => {
    const one = (architecture: string, variant?: string) => ({
      digest: `sha256:${Buffer.from(architecture + (variant ?? ""))
        .toString("hex")
        .padEnd(64, "0")}`,
      platform: { os: "linux", architecture, ...(variant === undefined ? {} : { variant }) },
    });
    const manifests = [
      { digest: DIGEST },
      one("unknown"),
      one("arm", "v7"),
      one("arm64", "v8"),
      one("amd64"),
      one("arm64"),
    ];
    const index = { schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests };
    const read = parseManifest(fetched(index), "x");
    assert.ok(read.kind === "index");
    assert.equal(forPlatform(read.manifests, "amd64"), one("amd64").digest);
    assert.equal(forPlatform(read.manifests, "arm64"), one("arm64").digest);
    assert.equal(forPlatform(read.manifests, "arm"), one("arm", "v7").digest);
    assert.equal(forPlatform(read.manifests, "s390x"), undefined);
  });
});

suite("configurations", () => {
  const read = (value: unknown) => parseConfiguration(Buffer.from(JSON.stringify(value)), "x");
  test("tell of variables, and of Linux alone", () => {
    const config = { Env: ["A=1=2", "PATH=", "=x", "bare", "__proto__=y"] };
    const { environment, created } = read({ os: "linux", architecture: "amd64", config });
    assert.deepEqual(Object.entries(environment), [
      ["A", "1=2"],
      ["PATH", ""],
      ["__proto__", "y"],
    ]);
    assert.equal(created, undefined);
    assert.equal(read({ os: "linux", architecture: "amd64", created: "1970-01-01T00:00:00Z" }).created, 0);
    assert.throws(() => read({ os: "windows", architecture: "amd64" }), failing("index-response-invalid"));
    assert.throws(() => read({ os: "linux" }), failing("index-response-invalid"));
  });
});
