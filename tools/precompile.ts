// Keeps the compiled code of the bundle ahead of its first run: an index on loopback, over HTTP/2 as the large ones, a
// project with conflicts, extras and markers, and locks of it and advice on it as a person would ask for them. What is missed is compiled
// when it is called, and without any of it a first run takes half as long again.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { buildWheel, makeCertificate } from "@thoth/testkit";

export interface PrecompileOptions {
  /** The launcher of the command. */
  readonly launcher: string;
  /** Where the code is kept; see `CodeCache`. */
  readonly folder: string;
  /** What the names of kept code say of the bundle. */
  readonly build: string;
}

const COMMANDS = [
  ["lock", "--format", "json"],
  ...["stable", "security", "performance", "testing", "latest"].map(
    (type) => ["advise", "--recommendation-type", type] as const,
  ),
] as const;

/** Does nothing where that was done. Throws when a run fails. */
export async function precompile({ launcher, folder, build }: PrecompileOptions): Promise<void> {
  if (globSync(`*-${build}-${process.version}-*`, { cwd: folder }).length > 0) return;
  const workshop = mkdtempSync(join(tmpdir(), "thoth-precompile-"));
  const index = await serve();
  try {
    const certificate = join(workshop, "certificate.pem");
    const project = join(workshop, "project.in");
    const caches = join(workshop, "cache");
    writeFileSync(certificate, index.certificate);
    writeFileSync(project, "app[fast]>=1\ntool\nlate<3; python_version >= '3.8'\nflask\n");
    const target = ["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"];
    const options = ["--index-url", index.url, "--cache-dir", caches, ...target];
    const environment = {
      HOME: workshop,
      THOTH_CACHE_DIR: join(workshop, "kept"),
      THOTH_CERT: certificate,
      PIP_CONFIG_FILE: devNull,
    };
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const kept = join(workshop, "kept", "compiled");
    for (const [command, ...more] of COMMANDS) {
      const call = (...words: string[]) =>
        run(launcher, [command, project, ...options, ...more, ...words], environment);
      // What fetches, what finds an excerpt, and what reads records.
      await call();
      await call("--offline");
      rmSync(join(caches, "excerpts"), { recursive: true, force: true });
      await call("--offline");
      rmSync(caches, { recursive: true, force: true });
      // The next command begins with all that those before it called.
      for (const name of readdirSync(kept)) {
        copyFileSync(join(kept, name), join(folder, name));
        // Whoever may run the bundle may read its code.
        chmodSync(join(folder, name), 0o644);
      }
      rmSync(kept, { recursive: true, force: true });
    }
  } finally {
    index.close();
    rmSync(workshop, { recursive: true, force: true });
  }
}

function run(
  launcher: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(launcher, words, {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => said.push(part));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(Buffer.concat(said).toString("utf8").trim() || `status ${status}`));
    });
  });
}

/** What each release needs; the newest of everything does not agree. */
const NEEDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  app: {
    "1.0": ["core>=1,<2", "util!=1.5", "quick; extra == 'fast'"],
    "1.1": ["core>=1,<3", "util~=2.0", "quick>=1; extra == 'fast' and sys_platform == 'linux'"],
    "2.0": ["core==3.*", "util>=3", "late<2", "quick>=2; extra == 'fast'"],
    "2.1rc1": ["core>=3"],
  },
  tool: {
    "0.9": [],
    "1.0": ["util<3,>=2", "shape[big]>=1"],
    "1.0.post1": ["util<3,>=2.1", "shape[big]>=1,!=1.2", "win; sys_platform == 'win32' or os_name == 'nt'"],
    "1.2": ["util<3", "shape>=1.1; python_version >= '3.9' and implementation_name == 'cpython'"],
  },
  core: {
    "1.0": [],
    "1.9": ["late"],
    "2.5": ["late>=1"],
    "3.0": ["late>=2", "util<4"],
    "3.1": ["shape<1.1", "late>=1"],
  },
  util: {
    "1.0": [],
    "1.5": [],
    "2.0": [],
    "2.1": ["late<4"],
    "2.2": ["core<3"],
    "3.0": ["core>=2.5"],
    "3.1": ["core>=3"],
  },
  shape: {
    "1.0": ["quick; extra == 'big'"],
    "1.1": ["quick<3; extra == 'big'", "util"],
    "1.2": [],
    "1.3": ["late!=2.0"],
  },
  late: { "1.0": [], "2.0": [], "2.1": ["quick>=1"], "3.0": [], "3.1": [] },
  quick: { "1.0": [], "2.0": [], "2.5": ["late"], "3.0": ["late>=3"] },
  // Rules and advisories speak of these.
  flask: { "2.2.0": ["werkzeug>=2.2"], "2.2.5": ["werkzeug>=2.2"] },
  werkzeug: { "2.2.0": [], "2.2.3": [], "3.0.0": ["quick"], "3.0.1": ["quick"] },
};

interface Served {
  readonly url: string;
  /** PEM. */
  readonly certificate: string;
  close(): void;
}

async function serve(): Promise<Served> {
  const tls = makeCertificate();
  const server = createSecureServer({ key: tls.key, cert: tls.certificate });
  const files = new Map<string, Uint8Array>();
  const pages = new Map<string, string>();
  server.on("request", (request, response) => {
    const page = pages.get(request.url);
    const file = files.get(request.url);
    if (page !== undefined) {
      response.setHeader("content-type", "application/vnd.pypi.simple.v1+json");
      response.setHeader("etag", '"1"');
      response.end(page);
      return;
    }
    const range = /^bytes=(\d+)-(\d+)$/.exec(String(request.headers.range ?? ""));
    if (file === undefined || range === null) {
      response.statusCode = 404;
      response.end();
      return;
    }
    const [first, last] = [Number(range[1]), Math.min(Number(range[2]), file.length - 1)];
    response.statusCode = 206;
    response.setHeader("content-range", `bytes ${first}-${last}/${file.length}`);
    response.end(file.subarray(first, last + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [name, releases] of Object.entries(NEEDS)) {
    const page = pageOf(name, releases, origin);
    pages.set(`/simple/${name}/`, page.text);
    for (const [path, bytes] of page.files) files.set(path, bytes);
  }
  return { url: `${origin}/simple/`, certificate: tls.certificate, close: () => server.close() };
}

const TAGS = [
  "py3-none-any",
  "cp311-cp311-manylinux_2_17_x86_64",
  "cp311-cp311-win_amd64",
  "cp312-abi3-musllinux_1_2_x86_64",
];

function pageOf(
  name: string,
  releases: Readonly<Record<string, readonly string[]>>,
  origin: string,
): { text: string; files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  const entries = Object.entries(releases).flatMap(([version, needs], at) =>
    TAGS.slice(0, 1 + (at % TAGS.length)).map((tag) => {
      const wheel = buildWheel({
        name,
        version,
        tag,
        requires: needs,
        extras: { fast: [], big: [] },
        // Long enough for its METADATA to be found by ranges.
        files: {
          [`${name}.py`]: `pad = "${createHash("sha512")
            .update(name + version)
            .digest("hex")
            .repeat(600)}"\n`,
        },
      });
      const path = `/files/${wheel.filename}`;
      files.set(path, wheel.bytes);
      return {
        filename: wheel.filename,
        hashes: { sha256: createHash("sha256").update(wheel.bytes).digest("hex") },
        "requires-python": at === 0 ? null : ">=3.8",
        size: wheel.bytes.length,
        "upload-time": `2024-0${at + 1}-01T12:00:00.000000Z`,
        url: origin + path,
        yanked: version === "1.5" ? "it was broken" : false,
      };
    }),
  );
  const text = JSON.stringify({
    files: entries,
    meta: { "api-version": "1.1" },
    name,
    versions: Object.keys(releases),
  });
  return { text, files };
}
