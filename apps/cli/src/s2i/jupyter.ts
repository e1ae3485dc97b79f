// What becomes of an image with notebooks: Jupyter's server, or the outputs of one notebook.

import { mkdtemp, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { S2iDocument } from "@thoth/contract";
import { quote, ThothError } from "@thoth/pep";
import { outputOf } from "../commands/horus/run.ts";
import { runTool } from "../engines/run-tool.ts";
import type { Invocation } from "../frame/command.ts";
import { executeNotebook } from "../notebook/execute-notebook.ts";
import { openNotebook } from "../notebook/notebook-file.ts";
import { given } from "../settings/directories.ts";
import { portOf } from "./application.ts";
import { type Assembled, type AssembledNotebook, type Builder, type Program, stepOf } from "./builder.ts";
import { isOn } from "./switches.ts";

type Variables = Invocation["environment"];

/** Parts of the original's images that these do not have, and what there is instead. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  JUPYTER_PRELOAD_REPOS: "put the repository into the source, or use a link of nbgitpuller",
  JUPYTER_WORKSPACE_NAME: "mount a volume over the home",
  JUPYTER_MASTER_FILES: "mount a volume over the home",
  JUPYTER_SYNC_VOLUME: "mount a volume over the home",
  JUPYTER_ENABLE_WEBDAV: "Jupyter's own pages take files",
  JUPYTER_ENABLE_KERNELGATEWAY: "make an application of jupyter-kernel-gateway with the builder for Python",
};

export function wantsExecution(variables: Variables): boolean {
  return isOn(variables, "JUPYTER_NOTEBOOK_EXECUTE");
}

/** Throws usage where Jupyter lacks what is asked for. */
export async function jupyterProgram(
  invocation: Invocation,
  builder: Builder,
  state: Assembled,
): Promise<Program> {
  const { environment: variables, terminal } = invocation;
  for (const [name, instead] of Object.entries(LEFT_OUT))
    if (given(variables, name) !== undefined) terminal.warn(`${name} is not minded: ${instead}`);
  const place = await jupyterPlace(builder, state);
  const { program, words } = await serverOf(variables, place);
  const [first] = state.notebooks;
  // The one notebook is what a visitor wants to see.
  const opened =
    state.notebooks.length === 1 && first !== undefined && program === "jupyter-lab" ? [first.path] : [];
  const settings = await passwordSettings(invocation, place);
  return {
    path: join(place, "bin", program),
    words: [...words, ...opened.map((path) => `--LabApp.default_url=/lab/tree/${encodeURI(path)}`)],
    folder: builder.home,
    variables: {
      ...variables,
      PATH: `${join(place, "bin")}${delimiter}${variables["PATH"] ?? ""}`,
      ...(settings === undefined
        ? {}
        : {
            JUPYTER_CONFIG_PATH: joined(settings, variables["JUPYTER_CONFIG_PATH"]),
            JUPYTER_NOTEBOOK_PASSWORD: undefined,
          }),
    },
  };
}

function joined(folder: string, others: string | undefined): string {
  return others === undefined || others === "" ? folder : `${folder}${delimiter}${others}`;
}

/** A Jupyter that the notebook has locked itself, else the builder's. */
async function jupyterPlace({ root, jupyter }: Builder, state: Assembled): Promise<string> {
  for (const { environment } of state.notebooks)
    if (await isThere(join(root, environment, "bin", "jupyter-lab"))) return join(root, environment);
  if (await isThere(join(jupyter, "bin", "jupyter"))) return jupyter;
  throw new ThothError("usage", "there is no Jupyter in this image", {
    hint: "Lock jupyterlab with the notebook, or build upon the builder image for notebooks.",
  });
}

async function serverOf(variables: Variables, place: string) {
  const port = portOf(variables, "JUPYTER_NOTEBOOK_PORT", "8888");
  const words = ["--ip=0.0.0.0", `--port=${port}`, "--no-browser"];
  const inHub = given(variables, "JUPYTERHUB_API_TOKEN") !== undefined;
  const isLab = isOn(
    variables,
    "JUPYTER_ENABLE_LAB",
    given(variables, "JUPYTER_NOTEBOOK_INTERFACE") !== "notebook",
  );
  const program = inHub ? "jupyterhub-singleuser" : isLab ? "jupyter-lab" : "jupyter-notebook";
  if (await isThere(join(place, "bin", program))) return { program, words: inHub ? ["--ip=0.0.0.0"] : words };
  const package_ = inHub ? "jupyterhub" : isLab ? "jupyterlab" : "notebook";
  throw new ThothError("usage", `${quote(program)} is asked for, and this image has none`, {
    hint: `Lock ${package_} with the notebook, and jupyterlab with it.`,
  });
}

/** A folder with the digest of the password: nobody reads it from the list of processes, and no kernel has it. */
async function passwordSettings(invocation: Invocation, place: string): Promise<string | undefined> {
  const { environment: variables, signal } = invocation;
  const password = given(variables, "JUPYTER_NOTEBOOK_PASSWORD");
  if (password === undefined) return undefined;
  const asked = await runTool({
    program: join(place, "bin", "python"),
    words: [
      "-I",
      "-B",
      "-c",
      "import os; from jupyter_server.auth import passwd; print(passwd(os.environ['JUPYTER_NOTEBOOK_PASSWORD']))",
    ],
    folder: tmpdir(),
    variables,
    signal,
    timeoutSeconds: 60,
  });
  const digest = asked.output.trim();
  if (asked.status !== 0 || digest === "")
    throw new ThothError("environment-failed", "Jupyter makes no digest of JUPYTER_NOTEBOOK_PASSWORD", {
      details: { status: asked.status, stderr: asked.messages.slice(-2000) },
    });
  const folder = await mkdtemp(join(tmpdir(), "jupyter-"));
  const settings = { PasswordIdentityProvider: { hashed_password: digest } };
  await writeFile(join(folder, "jupyter_server_config.json"), JSON.stringify(settings), { mode: 0o600 });
  return folder;
}

/** Throws execution-failed, usage. */
export async function executeAssembled(
  invocation: Invocation,
  builder: Builder,
  state: Assembled,
): Promise<S2iDocument> {
  const { environment: variables } = invocation;
  const one = chosenNotebook(state, given(variables, "JUPYTER_NOTEBOOK_PATH"));
  process.chdir(builder.home);
  const environment = join(builder.root, one.environment);
  const output = outputOf(one.path, given(variables, "JUPYTER_NOTEBOOK_OUTPUT"));
  const step = stepOf(invocation, { folder: builder.home });
  const file = await openNotebook(step, one.path);
  const { executed, total, seconds } = await executeNotebook(step, {
    file,
    output,
    environment: { path: environment },
    runner: { path: builder.jupyter },
    allowErrors: false,
  });
  return { action: "run", notebook: one.path, output, cells: { executed, total }, seconds };
}

/** Throws usage where it is not clear which one is meant. */
function chosenNotebook({ notebooks }: Assembled, named: string | undefined): AssembledNotebook {
  const found = named === undefined ? notebooks : notebooks.filter(({ path }) => path === named);
  const [one, ...others] = found;
  if (one !== undefined && others.length === 0) return one;
  const names = notebooks.map(({ path }) => path);
  throw new ThothError(
    "usage",
    named === undefined
      ? "nothing says which notebook is executed"
      : `the image has no notebook ${quote(named)}`,
    {
      hint:
        names.length === 0
          ? "No notebook was assembled."
          : `Name one with JUPYTER_NOTEBOOK_PATH: ${names
              .slice(0, 10)
              .map((name) => quote(name))
              .join(", ")}.`,
      details: { notebooks: names },
    },
  );
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
