// How an application is started, by the variables and the order of the Python images of Source-to-Image.
// https://github.com/sclorg/s2i-python-container

import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { given } from "../settings/directories.ts";
import type { Assembled, Builder, Program } from "./builder.ts";

type Variables = Invocation["environment"];

const MEMORY = "/dev/shm";

/** Throws usage where nothing says how the application is started. */
export async function applicationProgram(
  { environment: variables }: Invocation,
  { root, home }: Builder,
  { environment }: Assembled,
): Promise<Program> {
  const place = join(root, environment ?? "environment");
  const folder = resolve(home, given(variables, "APP_HOME") ?? ".");
  const programs = join(place, "bin");
  const above = given(variables, "PYTHONPATH");
  const sources = join(folder, "src");
  const path = [
    folder,
    ...((await isFolder(sources)) ? [sources] : []),
    ...(above === undefined ? [] : [above]),
  ];
  const surroundings = {
    folder,
    variables: {
      ...variables,
      VIRTUAL_ENV: place,
      PATH: `${programs}${delimiter}${variables["PATH"] ?? ""}`,
      PYTHONPATH: path.join(delimiter),
    },
  };
  const start =
    (await script(variables, folder)) ??
    (await server(variables, folder, programs)) ??
    (await file(variables, folder, programs)) ??
    (await django(folder, programs, portOf(variables)));
  if (start !== undefined) return { ...start, ...surroundings };
  throw new ThothError("usage", "nothing says how the application is started", {
    hint: "Add app.py or an executable app.sh, lock gunicorn and set APP_MODULE=module:application, or name a file with APP_FILE or APP_SCRIPT.",
    details: { folder },
  });
}

type Start = Pick<Program, "path" | "words">;

async function script(variables: Variables, folder: string): Promise<Start | undefined> {
  const named = given(variables, "APP_SCRIPT");
  const path = resolve(folder, named ?? "app.sh");
  if (!(await isFile(path))) {
    if (named !== undefined) throw notThere("APP_SCRIPT", named);
    return undefined;
  }
  return (await isExecutable(path)) ? { path, words: [] } : { path: "/bin/sh", words: [path] };
}

async function server(variables: Variables, folder: string, programs: string): Promise<Start | undefined> {
  const gunicorn = join(programs, "gunicorn");
  const named = given(variables, "APP_MODULE");
  if (!(await isFile(gunicorn))) {
    if (named === undefined) return undefined;
    throw new ThothError("usage", `APP_MODULE names ${quote(named)}, and gunicorn is not locked`, {
      hint: "Add gunicorn to what the project needs and lock again.",
    });
  }
  const module = named ?? (await wsgiModule(folder));
  if (module === undefined) return undefined;
  const settings = given(variables, "APP_CONFIG");
  const words = [
    module,
    "--bind",
    `0.0.0.0:${portOf(variables)}`,
    "--access-logfile",
    "-",
    // Its heartbeat is a file, which is best in memory.
    ...((await isFolder(MEMORY)) ? ["--worker-tmp-dir", MEMORY] : []),
    ...(settings === undefined ? [] : ["--config", settings]),
  ];
  return { path: gunicorn, words };
}

/** `wsgi.py` of the project or of a folder of it, as Django's projects have one. */
async function wsgiModule(folder: string): Promise<string | undefined> {
  if (await isFile(join(folder, "wsgi.py"))) return "wsgi:application";
  const entries = await readdir(folder, { withFileTypes: true });
  for (const { name } of entries
    .filter((entry) => entry.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (/^[A-Za-z_]\w*$/.test(name) && (await isFile(join(folder, name, "wsgi.py"))))
      return `${name}.wsgi:application`;
  return undefined;
}

async function file(variables: Variables, folder: string, programs: string): Promise<Start | undefined> {
  const named = given(variables, "APP_FILE");
  const path = resolve(folder, named ?? "app.py");
  if (await isFile(path)) return { path: join(programs, "python"), words: [path] };
  if (named !== undefined) throw notThere("APP_FILE", named);
  return undefined;
}

async function django(folder: string, programs: string, port: string): Promise<Start | undefined> {
  const manage = join(folder, "manage.py");
  if (!(await isFile(manage))) return undefined;
  return { path: join(programs, "python"), words: [manage, "runserver", `0.0.0.0:${port}`] };
}

/** Throws usage. */
export function portOf(variables: Variables, name = "PORT", usual = "8080"): string {
  const text = given(variables, name) ?? usual;
  if (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536) return text;
  throw new ThothError("usage", `${quote(text)} in ${name} is no port`, { hint: `Write it as ${usual}.` });
}

function notThere(variable: string, name: string): ThothError {
  return new ThothError("usage", `${variable} names ${quote(name)}, which is not there`);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
