// `horus list-kernels`, `check-kernel`, `delete-kernel`.

import { normalizeName } from "@thoth/pep";
import type { Handler } from "../../frame/command.ts";
import { printable } from "../../frame/printable.ts";

export const listKernelsCommand: Handler = async ({ terminal, environment }) => {
  const { listKernels } = await import("@thoth/environment");
  const kernels = await listKernels({ variables: environment });
  terminal.document({
    kernels: kernels.map(({ name, displayName, language, path, ours, environment: folder }) => ({
      name,
      displayName,
      language,
      path,
      managed: ours,
      ...(folder === undefined ? {} : { environment: folder }),
    })),
  });
  if (kernels.length === 0) terminal.note("Jupyter finds no kernel yet; `horus install NOTEBOOK` makes one");
  else {
    const rows = kernels.map(({ name, displayName, language, ours }) => [
      name,
      displayName,
      language,
      ours ? "horus" : "",
    ]);
    terminal.result({ headings: ["name", "shown as", "language", "made by"], rows });
  }
  return 0;
};

export const checkKernelCommand: Handler = async ({ terminal, arguments: [kernel], environment }) => {
  const { checkKernel } = await import("@thoth/environment");
  const state = await checkKernel(kernel as string, { variables: environment });
  const packages = [...state.packages]
    .map(({ name, version }) => ({ name: normalizeName(name), version }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  terminal.document({ kernel: state.name, packages });
  if (!state.works) {
    terminal.warn(
      `the kernel ${state.name} does not work: its Python does not answer; \`horus install NOTEBOOK\` makes it again`,
    );
    return 1;
  }
  const rows = packages.map(({ name, version }) => [name, version]);
  terminal.result({ headings: ["package", "version"], rows });
  return 0;
};

export const deleteKernelCommand: Handler = async ({ terminal, arguments: [kernel], environment }) => {
  const { removeKernel } = await import("@thoth/environment");
  const { name, environment: folder } = await removeKernel(kernel as string, { variables: environment });
  terminal.document({ kernel: name, deleted: true });
  terminal.result(`kernel ${printable(name)} is deleted`);
  if (folder !== undefined) terminal.trace(`its environment stays, because equal locks share it: ${folder}`);
  return 0;
};
