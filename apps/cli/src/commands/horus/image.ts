// `horus image`: a container image of a notebook with its lock, made without a daemon.

import type { NotebookImageDocument } from "@thoth/contract";
import { ThothError } from "@thoth/pep";
import { type Handler, textOption } from "../../frame/command.ts";
import { plural, shellWord } from "../../frame/printable.ts";
import { usualBase } from "../../image/base-of-image.ts";
import { type ImagePlace, readBasePlace, readPlace } from "../../image/image-places.ts";
import { type MadeImage, makeImage } from "../../image/make-image.ts";
import { notebookArgumentOf, openNotebook } from "../../notebook/notebook-file.ts";
import { statedRequirements } from "../../notebook/notebook-requirements.ts";
import { requiredLock } from "../../notebook/prepare-notebook.ts";
import { readIndexSettings } from "../../settings/resolution-settings.ts";

export const imageCommand: Handler = async (invocation) => {
  const { terminal, options, environment } = invocation;
  const path = notebookArgumentOf(invocation);
  const output = textOption(options, "output");
  if (output === undefined)
    throw new ThothError("usage", "there is no place for the image", {
      hint: "Name a folder, a file that ends in .tar, or an image of a registry with --output.",
    });
  const place = await readPlace(output);
  const file = await openNotebook(invocation, path);
  const settings = readIndexSettings(options, environment);
  const lock = requiredLock(file, { indexes: settings });
  const base = await readBasePlace(
    textOption(options, "base") ?? (await usualBase(lock, statedRequirements(file)?.python)),
  );
  const made = await makeImage(invocation, { file, lock, base, place, settings });
  const document = documentOf(path, place, made);
  terminal.document(document);
  const { layers, size, packages } = document;
  terminal.result(
    `image     ${document.image}`,
    `manifest  ${document.manifest}`,
    `base      ${document.base.digest}`,
    `size      ${(size / 2 ** 20).toFixed(1)} MiB in ${plural(layers.length, "layer")}, ${plural(packages.length, "package")}`,
    `starts    ${made.built.command.join(" ")}`,
    `written   ${document.output}`,
  );
  if (made.built.command[0] !== "jupyter")
    terminal.note(
      `the lock has no Jupyter: to open the notebook in a browser, \`horus requirements ${shellWord(path)} --add jupyterlab\`, lock and make the image again`,
    );
  return 0;
};

function documentOf(notebook: string, place: ImagePlace, made: MadeImage): NotebookImageDocument {
  const { base, built, wheels, attachments, pushed } = made;
  return {
    notebook,
    image: built.configuration.descriptor.digest,
    manifest: built.manifest.descriptor.digest,
    base: { digest: base.digest, python: base.python.version, platform: base.platform },
    kind: place.kind,
    output: place.kind === "registry" ? place.reference.text : place.path,
    size: built.layers.reduce((sum, layer) => sum + layer.size, 0),
    layers: built.layers.map(({ digest, size }) => ({ digest, size })),
    attachments: attachments.map(({ entry: { artifactType = "", digest } }) => ({
      type: artifactType,
      digest,
    })),
    ...(pushed === undefined ? {} : { pushed: { bytes: pushed.sent, ...pushed.blobs } }),
    packages: wheels.map(({ name, version }) => ({ name, version })),
  };
}
