// Source distributions: never built unless that is allowed, and then in an environment made for the build.

import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ThothError } from "@thoth/pep";
import {
  type Artifact,
  buildSdist,
  buildWheel,
  gzipZeros,
  type IndexServer,
  makeTarGz,
  startIndex,
} from "@thoth/testkit";
import { buildMetadata } from "../src/create-environment.ts";
import { interpreter, uv, World } from "./world.ts";

/** A build backend of its own: makes a wheel of one module that says which backend package it saw. */
const BACKEND = `
import base64, hashlib, os, pathlib, zipfile

METADATA = "Metadata-Version: 2.1\\nName: built\\nVersion: 1.0\\nRequires-Dist: small\\n"

def get_requires_for_build_wheel(config_settings=None):
    return ["helper==1.0"]

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    print("noise on standard output")
    folder = pathlib.Path(metadata_directory, "built-1.0.dist-info")
    folder.mkdir()
    (folder / "METADATA").write_text(METADATA)
    return folder.name

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    import helper
    files = {
        "built.py": "helper = %r\\nhome = %r\\n" % (helper.__version__, os.environ["HOME"]),
        "built-1.0.dist-info/METADATA": METADATA,
        "built-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    record = ""
    name = "built-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as archive:
        for path, text in files.items():
            data = text.encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += "%s,sha256=%s,%d\\n" % (path, digest, len(data))
            archive.writestr(path, data)
        archive.writestr("built-1.0.dist-info/RECORD", record + "built-1.0.dist-info/RECORD,,\\n")
    return name
`;

function sdist(files: Readonly<Record<string, string>> = {}): Artifact {
  return buildSdist({
    name: "built",
    version: "1.0",
    dynamic: ["Requires-Dist"],
    files: { "backend.py": BACKEND, ...files },
  });
}

let server: IndexServer;
let world: World;

before(async () => {
  server = await startIndex({
    projects: {
      helper: [buildWheel({ name: "helper", version: "1.0" })],
      small: [buildWheel({ name: "small", version: "1.0" })],
      setuptools: ["45.3.0", "57.5.0", "80.0.0", "82.0.0"].map((version) =>
        buildWheel({ name: "setuptools", version }),
      ),
    },
  });
  world = await World.open([server.indexUrl]);
});

after(async () => {
  await world.close();
  await server.close();
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ThothError, `an error was expected, not ${String(error)}`);
  return error.code;
}

async function metadataOf(artifact: Pick<Artifact, "filename" | "bytes">): Promise<string> {
  const path = join(world.folder, artifact.filename);
  await writeFile(path, artifact.bytes);
  const { session, root } = world;
  return await buildMetadata(path, { interpreter, session, root, uv: uv ?? false });
}

test("not built unless allowed", async () => {
  const lock = await world.lock([sdist()]);
  assert.equal(await codeOf(world.create(lock)), "build-not-allowed");
});

test("built in an environment of its own, with a home of its own, and installed", async () => {
  const here = await World.open([server.indexUrl]);
  const made = await here.create(await here.lock([sdist()]), { allowBuild: true });
  assert.deepEqual(made.packages, [{ name: "built", version: "1.0" }]);
  const [folder] = (await readdir(join(made.path, "lib"))).filter((name) => name.startsWith("python"));
  const text = await readFile(join(made.path, "lib", folder ?? "", "site-packages", "built.py"), "utf8");
  assert.match(text, /helper = '1\.0'/);
  assert.ok(!text.includes(`home = '${process.env["HOME"]}'`));
  assert.deepEqual(
    (await here.listRoot()).filter((name) => name.startsWith(".")),
    [],
  );
  await here.close();
});

test("with build tools of its time, where what its setup.py says is known to need them", async () => {
  const backend = BACKEND.replace("helper==1.0", "setuptools")
    .replace("import helper", "import setuptools")
    .replace("helper.__version__", "setuptools.__version__");
  for (const [setup, version] of [
    ["from setuptools import setup, Feature\n", "45.3.0"],
    ["from setuptools import setup\nsetup(use_2to3=True)\n", "57.5.0"],
    ["import pkg_resources\n", "80.0.0"],
    ["from setuptools import setup\n# pkg_resources is not needed\n", "82.0.0"],
  ]) {
    const here = await World.open([server.indexUrl]);
    const lock = await here.lock([sdist({ "backend.py": backend, "setup.py": setup as string })]);
    const made = await here.create(lock, { allowBuild: true });
    const [folder] = (await readdir(join(made.path, "lib"))).filter((name) => name.startsWith("python"));
    const text = await readFile(join(made.path, "lib", folder ?? "", "site-packages", "built.py"), "utf8");
    assert.match(text, new RegExp(`helper = '${version}'`));
    await here.close();
  }
});

test("its metadata", async () => {
  const text = await metadataOf(sdist());
  assert.match(text, /^Requires-Dist: small$/m);
  assert.deepEqual(
    (await world.listRoot()).filter((name) => name.startsWith(".")),
    [],
  );
});

test("a build that fails, needs what is not there, or names a backend that is none", async () => {
  assert.equal(
    await codeOf(metadataOf(sdist({ "backend.py": "raise SystemExit('no compiler')" }))),
    "environment-failed",
  );
  const needs =
    '[build-system]\nrequires = ["no-such-package"]\nbuild-backend = "backend"\nbackend-path = ["."]\n';
  assert.equal(await codeOf(metadataOf(sdist({ "pyproject.toml": needs }))), "environment-failed");
  const odd = '[build-system]\nrequires = []\nbuild-backend = "os;system"\n';
  assert.equal(await codeOf(metadataOf(sdist({ "pyproject.toml": odd }))), "invalid-project");
  const outside = '[build-system]\nrequires = []\nbuild-backend = "x"\nbackend-path = ["../.."]\n';
  assert.equal(await codeOf(metadataOf(sdist({ "pyproject.toml": outside }))), "path-escape");
});

test("archives that lead out of their folder, are bombs, or are none", async () => {
  const filename = "built-1.0.tar.gz";
  for (const name of ["../evil", "/etc/evil", "built-1.0/../../evil"]) {
    assert.equal(
      await codeOf(metadataOf({ filename, bytes: makeTarGz([{ name, data: "x" }]) })),
      "path-escape",
    );
  }
  assert.equal(await codeOf(metadataOf({ filename, bytes: Buffer.from("nothing") })), "invalid-metadata");
  const zeros = await codeOf(metadataOf({ filename, bytes: gzipZeros(1 << 28) }));
  assert.ok(["invalid-metadata", "limit-exceeded"].includes(zeros), zeros);
});

test("a wheel that is not what the source distribution is", async () => {
  const other = BACKEND.replaceAll("built-1.0", "other-1.0").replace("Name: built", "Name: other");
  const lock = await world.lock([sdist({ "backend.py": other })]);
  assert.equal(await codeOf(world.create(lock, { allowBuild: true })), "metadata-mismatch");
});
