// Installs what is missing: npm packages (the project's own Node among them), the bundle, and what Python must
// offer. Plain JavaScript for Node 20 or later, because nothing is installed yet when it runs.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { run } from "./node24.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = `${root}node_modules/.thoth-installed`;

/** Runs a command with its output on stderr; throws when it fails. */
function must(command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (done.status !== 0) throw new Error(`\`${command} ${args.join(" ")}\` failed`);
}

function works(command, args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** The npm packages of the lock file; nothing is asked of a registry when they are in place. */
function installPackages() {
  const digest = createHash("sha256")
    .update(readFileSync(`${root}package-lock.json`))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  console.error("installing npm packages …");
  must(process.platform === "win32" ? "npm.cmd" : "npm", [
    "ci",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts=false",
  ]);
  writeFileSync(stamp, digest);
}

/** A Python of 3.9 or later that can make virtual environments. */
function checkPython() {
  const probe = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))";
  if (["python3", "python"].some((name) => works(name, ["-c", probe]))) return;
  const needed = ["python3", "python3-venv"];
  if (process.getuid?.() === 0 && works("apt-get", ["--version"])) {
    console.error(`installing ${needed.join(" ")} …`);
    must("apt-get", ["update", "-q"]);
    must("apt-get", ["install", "-q", "-y", ...needed]);
    return;
  }
  throw new Error(
    `Python 3.9 or later with venv is missing: install ${needed.join(" and ")} (on Debian: \`sudo apt-get install ${needed.join(" ")}\`)`,
  );
}

/** A package of Debian's, where that is possible; tests that need it are skipped by name without. */
function installPackage(name) {
  if (process.getuid?.() !== 0 || !works("apt-get", ["--version"])) return;
  console.error(`installing ${name} …`);
  try {
    must("apt-get", ["update", "-q"]);
    must("apt-get", ["install", "-q", "-y", name]);
  } catch (error) {
    console.error(`no ${name}: ${error.message}`);
  }
}

/** What the tests of the extension look through. */
export function installBrowser() {
  if (process.env.THOTH_CHROMIUM !== undefined || existsSync("/usr/bin/chromium")) return;
  installPackage("chromium");
}

/** A server of which the tests of the knowledge graph start their own. */
export function installDatabase() {
  if (existsSync("/usr/lib/postgresql") || works("initdb", ["--version"])) return;
  installPackage("postgresql");
}

/** What moves the clock under a database. */
export function installClock() {
  if (!works("faketime", ["--version"])) installPackage("faketime");
}

/** What builds the container image without a daemon, makes the base that it stands on, and reads images of our making. */
export function installImageBuilder() {
  for (const name of ["buildah", "debootstrap", "docker-registry", "skopeo", "umoci"])
    if (!works(name, ["--version"])) installPackage(name);
}

/** Everything that the commands and the tests need. */
export function setUp() {
  installPackages();
  checkPython();
  if (run(`${root}tools/build.ts`, []) !== 0) throw new Error("the bundle could not be built");
}
