// The layers that an image has besides its packages: the virtual environment that makes the base's Python see them, and
// the notebook with the kernel that it asks for. https://docs.python.org/3/library/venv.html,
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs

import { HOME, PROGRAMS, ROOT, USER } from "./image-folders.ts";
import type { LayerPlan } from "./layer-plan.ts";
import { madeFile } from "./wheel-files.ts";

export interface ImagePython {
  /** In the base, with a slash at its beginning. */
  readonly path: string;
  /** Such as `3.11.2`. */
  readonly version: string;
}

export interface ImageNotebook {
  /** `analysis.ipynb`. */
  readonly name: string;
  readonly bytes: Buffer;
  /** That the notebook asks for, in the form of a kernel's name. */
  readonly kernel: string | undefined;
}

const OWNER = "the image";
/** What ipykernel brings by itself. */
const USUAL_KERNEL = "python3";

export function environmentLayer({ path, version }: ImagePython): LayerPlan {
  const home = path.slice(0, path.lastIndexOf("/"));
  const minor = version.split(".", 2).join(".");
  const settings = [
    `home = ${home}`,
    "include-system-site-packages = false",
    `version = ${version}`,
    `executable = ${path}`,
    "",
  ].join("\n");
  return {
    title: `environment for Python ${version}`,
    files: [madeFile(`${ROOT}/pyvenv.cfg`, Buffer.from(settings), { owner: OWNER })],
    links: [
      { path: `${PROGRAMS}/python3`, link: path },
      { path: `${PROGRAMS}/python`, link: "python3" },
      { path: `${PROGRAMS}/python${minor}`, link: "python3" },
    ],
    folders: [HOME],
  };
}

export function notebookLayer({ name, bytes, kernel }: ImageNotebook, hasKernel: boolean): LayerPlan {
  const notebook = { ...madeFile(`${HOME}/${name}`, bytes, { mode: 0o664, owner: OWNER }), user: USER };
  const isOwn = hasKernel && kernel !== undefined && kernel !== USUAL_KERNEL;
  return {
    title: `notebook ${name}`,
    files: isOwn ? [notebook, kernelFile(kernel)] : [notebook],
    folders: [HOME],
  };
}

function kernelFile(kernel: string) {
  const spec = {
    argv: [`/${PROGRAMS}/python`, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    display_name: kernel,
    language: "python",
  };
  const path = `${ROOT}/share/jupyter/kernels/${kernel}/kernel.json`;
  return madeFile(path, Buffer.from(`${JSON.stringify(spec, undefined, 1)}\n`), { owner: OWNER });
}
