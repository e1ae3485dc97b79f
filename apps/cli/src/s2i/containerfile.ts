// `thoth s2i containerfile`: the Containerfile of a project with its build context, for every tool that builds those.

import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { S2iDocument } from "@thoth/contract";
import { quote, ThothError } from "@thoth/pep";
import { readGivenText } from "../files/read-file.ts";
import { type Invocation, listOption, textOption } from "../frame/command.ts";
import { plural, shellWord } from "../frame/printable.ts";
import { openGit } from "../notebook/run-git.ts";
import { containerfileText, readVariable, readVariables } from "./containerfile-text.ts";
import { digestOfTree, ignoreRules, readTree, type SourceFile } from "./source-tree.ts";

const FILE = "Containerfile";
const UPLOAD = "upload";
const SCRIPTS = ".s2i/bin/";
/** What a folder of ours holds. */
const OURS: ReadonlySet<string> = new Set<string>([FILE, UPLOAD]);
const MOST_BYTES = 1024 * 1024;

/** Throws usage, path-escape, limit-exceeded, file-failed. */
export async function writeContainerfile(invocation: Invocation, source: string): Promise<S2iDocument> {
  const { options, terminal } = invocation;
  const builder = required(
    options,
    "builder",
    "a builder image",
    "--builder quay.io/team/thoth-s2i-notebook:1.0",
  );
  const output = resolve(required(options, "output", "a folder for it", "--output build"));
  await mustBeFree(output);
  const isFolder = (await stat(source).catch(() => undefined))?.isDirectory() === true;
  const read = (name: string) => (isFolder ? optionalText(join(source, name)) : Promise.resolve(""));
  const files = await readTree({ source, isIgnored: ignoreRules(await read(".s2iignore")), output });
  const scripts = files.filter(({ path }) => path.startsWith(SCRIPTS));
  const text = containerfileText({
    builder,
    previous: textOption(options, "incremental"),
    labels: await labelsOf(invocation, source, builder),
    variables: merged([
      ...readVariables(await read(".s2i/environment"), ".s2i/environment"),
      ...listOption(options, "env").map((one) => readVariable(one, "--env")),
    ]),
    ownScripts: new Set(scripts.map(({ path }) => path.slice(SCRIPTS.length))),
  });
  await writeContext(output, { text, files, scripts });
  const context = await digestOfTree(files);
  terminal.result(
    join(output, FILE),
    `build it with \`buildah build --timestamp 0 ${shellWord(output)}\`: ${plural(files.length, "file")}`,
  );
  return { action: "containerfile", output, builder, files: files.length, context };
}

function required(options: Invocation["options"], name: string, what: string, example: string): string {
  const value = textOption(options, name);
  if (value !== undefined) return value;
  throw new ThothError("usage", `nothing names ${what}`, { hint: `Name one, as in \`${example}\`.` });
}

async function optionalText(path: string): Promise<string> {
  if ((await stat(path).catch(() => undefined)) === undefined) return "";
  return await readGivenText(path, MOST_BYTES);
}

/** The last of a name counts; sorted, unless one uses another. */
function merged(variables: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return [...new Map(variables)].sort(([left], [right]) => (left < right ? -1 : 1));
}

/** What S2I tells of the source, as far as others can look it up; nothing where it has changes that nobody has seen. */
async function labelsOf(invocation: Invocation, source: string, builder: string) {
  const name = basename(resolve(source)).replace(/\.ipynb$/, "");
  const labels = { "io.k8s.display-name": name, "io.openshift.s2i.build.image": builder };
  const isFolder = (await stat(source).catch(() => undefined))?.isDirectory() === true;
  const folder = isFolder ? source : dirname(resolve(source));
  const git = await openGit(invocation, folder);
  const changes = await git?.ask("status", "--porcelain", "--", isFolder ? "." : basename(source));
  if (git === undefined || changes !== "") return labels;
  const commit = await git.ask("rev-parse", "HEAD");
  const remote = await git.ask("config", "--get", "remote.origin.url");
  const date = await git.ask("show", "-s", "--format=%cI", "HEAD");
  const place = publicPlace(remote);
  return {
    ...labels,
    ...(commit === undefined ? {} : { "io.openshift.s2i.build.commit.id": commit }),
    ...(date === undefined ? {} : { "io.openshift.s2i.build.commit.date": date }),
    ...(place === undefined ? {} : { "io.openshift.s2i.build.source-location": place }),
  };
}

/** Without credentials; undefined for a folder of this machine. */
function publicPlace(remote: string | undefined): string | undefined {
  const url = remote === undefined ? null : URL.parse(remote);
  if (url === null || !["https:", "http:", "ssh:", "git:"].includes(url.protocol)) return undefined;
  url.username = "";
  url.password = "";
  return url.href;
}

/** Throws usage where the folder holds what is not ours. */
async function mustBeFree(output: string): Promise<void> {
  const entries = await readdir(output).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw new ThothError("usage", `${quote(output)} is no folder that can be written`, { cause: error });
  });
  const foreign = entries.find((name) => !OURS.has(name));
  if (foreign === undefined && (entries.length === 0 || entries.includes(FILE))) return;
  throw new ThothError("usage", `the folder ${quote(output)} holds ${quote(foreign ?? entries[0] ?? "")}`, {
    hint: "Give a new or an empty folder, or one that this command has written.",
    details: { output },
  });
}

interface Context {
  readonly text: string;
  readonly files: readonly SourceFile[];
  readonly scripts: readonly SourceFile[];
}

/** Whole or not at all: beside its place first. */
async function writeContext(output: string, { text, files, scripts }: Context): Promise<void> {
  await mkdir(dirname(output), { recursive: true });
  const folder = await mkdtemp(join(dirname(output), ".thoth-s2i-"));
  try {
    await writeFile(join(folder, FILE), text, { mode: 0o644 });
    await mkdir(join(folder, UPLOAD, "src"), { recursive: true });
    for (const file of files) await writeOne(join(folder, UPLOAD, "src", file.path), file);
    for (const file of scripts)
      await writeOne(join(folder, UPLOAD, "scripts", file.path.slice(SCRIPTS.length)), file);
    await openFolders(folder);
    await mkdir(output, { recursive: true });
    for (const name of OURS) await rm(join(output, name), { recursive: true, force: true });
    for (const name of OURS) await rename(join(folder, name), join(output, name));
    await rmdir(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeOne(path: string, { from, link, isExecutable }: SourceFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (from === undefined) return await symlink(link ?? "", path);
  await copyFile(from, path);
  await chmod(path, isExecutable ? 0o775 : 0o664);
}

/** What people's masks take away is the same for all. */
async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o775);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
}
