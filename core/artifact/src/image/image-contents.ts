// What an image holds, of the files that its layers leave.

import type { ImageFact, NativeLibrary } from "@thoth/knowledge";
import type { ImageWord } from "./image-files.ts";
import type { ImageFile, ImageTree } from "./image-tree.ts";

export type ImageContents = Pick<ImageFact, "os" | "packages" | "pythons" | "distributions" | "libraries">;

/** Each sorted. */
export function imageContents(tree: ImageTree<ImageWord>): ImageContents {
  const files = tree.files();
  const os = [tree.find("etc/os-release"), tree.find("usr/lib/os-release")].find(
    (word) => word?.kind === "os",
  );
  const { id, version } = os?.kind === "os" ? os.os : { id: "linux", version: "" };
  return {
    os: { id: id.slice(0, 200), version: version.slice(0, 200) },
    packages: files
      .flatMap(({ content }) => (content.kind === "packages" ? content.packages : []))
      .sort((a, b) =>
        compare(`${a.name} ${a.architecture} ${a.version}`, `${b.name} ${b.architecture} ${b.version}`),
      ),
    pythons: files.flatMap(({ path, content }) =>
      content.kind === "python" && !STORE.test(path)
        ? [{ path, version: pythonVersion(path, content.version, files) }]
        : [],
    ),
    distributions: files
      .flatMap(({ path, content }) =>
        content.kind === "distribution" && !STORE.test(path) ? [{ ...content.distribution, path }] : [],
      )
      .sort((a, b) => compare(a.name, b.name) || compare(a.path, b.path)),
    libraries: librariesOf(tree),
  };
}

/** Where conda keeps what it links to environments. */
const STORE = /\/pkgs\/[^/]+\/(?:bin|lib)\//;

/** An interpreter may have all of itself in the library that lies beside it. */
function pythonVersion(path: string, version: string, files: readonly ImageFile<ImageWord>[]): string {
  if (version.split(".").length > 2) return version;
  const prefix = path.replace(/bin\/[^/]+$/, "lib");
  const library = files.find(
    ({ path: other, content }) =>
      content.kind === "library" &&
      content.python?.startsWith(`${version}.`) === true &&
      other.startsWith(prefix),
  );
  return library?.content.kind === "library" ? (library.content.python ?? version) : version;
}

/** As the linker finds them: by the names of files, and of links that its makers have left. */
function librariesOf(tree: ImageTree<ImageWord>): readonly NativeLibrary[] {
  const found = new Map<string, NativeLibrary>();
  for (const { path, content } of tree.files())
    if (content.kind === "library") found.set(path, { ...content.library, path });
  for (const { link, content } of tree.links()) {
    if (content.kind !== "library") continue;
    if (content.library.soname !== baseName(link) && /\.so\.\d+$/.test(link))
      found.set(link, { ...content.library, path: link });
  }
  return [...found.values()].sort((a, b) => compare(a.path, b.path));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
