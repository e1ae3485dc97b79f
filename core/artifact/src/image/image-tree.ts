// The files of an image as its layers leave them: each layer adds, replaces and takes away. Nothing is written anywhere; of
// most files not even the name is kept. https://github.com/opencontainers/image-spec/blob/main/layer.md

import { ThothError } from "@thoth/pep";

interface Folder<Content> {
  readonly kind: "folder";
  readonly members: Map<string, Node<Content>>;
}

type Node<Content> =
  | Folder<Content>
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "file"; readonly content: Content };

export interface ImageFile<Content> {
  /** From the root, with a slash at its beginning, as it is without links. */
  readonly path: string;
  readonly content: Content;
}

export interface ImageLink<Content> extends ImageFile<Content> {
  /** Of the link itself. */
  readonly link: string;
}

/** What a layer does to one path. */
export type LayerStep<Content> =
  | { readonly kind: "folder"; readonly path: string }
  /** Without a content: a file of which nothing is wanted. */
  | { readonly kind: "file"; readonly path: string; readonly content?: Content }
  | { readonly kind: "symlink"; readonly path: string; readonly link: string }
  | { readonly kind: "hardlink"; readonly path: string; readonly link: string };

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";
const MOST_NODES = 1_000_000;
const LONGEST_PATH = 4096;
const DEEPEST = 200;
const MOST_LINKS = 40;

export class ImageTree<Content> {
  readonly #root: Folder<Content> = { kind: "folder", members: new Map() };
  #nodes = 0;

  /**
   * A layer comes over what is there, in the order of its archive; what it takes away is always of the layers below. Throws
   * `invalid-metadata` for paths that lead outside or are too deep, `limit-exceeded`.
   */
  addLayer(steps: readonly LayerStep<Content>[]): void {
    const placed = steps.map((step) => ({ step, parts: partsOf(step.path) }));
    for (const { parts } of placed) this.#takeAway(parts);
    for (const { step, parts } of placed) if (!isWhiteout(parts)) this.#put(step, parts);
  }

  /** What a path leads to, links followed; undefined where there is no such file, or nothing of it is wanted. */
  find(path: string): Content | undefined {
    const found = this.#follow(partsOf(path));
    return found?.node.kind === "file" ? found.node.content : undefined;
  }

  /** In the order of their paths. */
  files(): readonly ImageFile<Content>[] {
    const found: ImageFile<Content>[] = [];
    this.#walk((path, node) => {
      if (node.kind === "file") found.push({ path, content: node.content });
    });
    return found;
  }

  /** Symbolic links that lead to such files, in the order of their own paths. */
  links(): readonly ImageLink<Content>[] {
    const found: ImageLink<Content>[] = [];
    this.#walk((link, node) => {
      if (node.kind !== "link") return;
      const end = this.#follow(partsOf(link));
      if (end?.node.kind === "file")
        found.push({ link, path: `/${end.parts.join("/")}`, content: end.node.content });
    });
    return found;
  }

  #walk(visit: (path: string, node: Node<Content>) => void): void {
    const waiting: { path: string; node: Node<Content> }[] = [{ path: "", node: this.#root }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { path, node } = next;
      visit(path, node);
      if (node.kind !== "folder") continue;
      const members = [...node.members].sort(([a], [b]) => (a < b ? 1 : -1));
      for (const [name, member] of members) waiting.push({ path: `${path}/${name}`, node: member });
    }
  }

  #takeAway(parts: readonly string[]): void {
    const name = parts.at(-1) ?? "";
    if (!name.startsWith(WHITEOUT)) return;
    const folder = this.#folder(parts.slice(0, -1), false);
    if (folder === undefined) return;
    if (name === OPAQUE) folder.members.clear();
    else folder.members.delete(name.slice(WHITEOUT.length));
  }

  #put(step: LayerStep<Content>, parts: readonly string[]): void {
    const name = parts.at(-1);
    if (name === undefined) return;
    const parents = parts.slice(0, -1);
    const node = this.#nodeOf(step);
    if (node === undefined) {
      // Whatever has that name below is hidden.
      const known = this.#folder(parents, false)?.members;
      if (step.kind !== "folder" || known?.get(name)?.kind !== "folder") known?.delete(name);
      return;
    }
    if (++this.#nodes > MOST_NODES) throw tooMany("files", MOST_NODES);
    this.#folder(parents, true)?.members.set(name, node);
  }

  /** Folders are made when something is in them. */
  #nodeOf(step: LayerStep<Content>): Node<Content> | undefined {
    switch (step.kind) {
      case "folder":
        return undefined;
      case "file":
        return step.content === undefined ? undefined : { kind: "file", content: step.content };
      case "symlink":
        return { kind: "link", target: step.link.slice(0, LONGEST_PATH) };
      default: {
        const found = this.#follow(partsOf(step.link));
        return found?.node.kind === "file" ? found.node : undefined;
      }
    }
  }

  /** The folder at a path, links followed; with `make` one is made in the place of whatever is no folder. */
  #folder(parts: readonly string[], make: boolean): Folder<Content> | undefined {
    const found = this.#follow(parts);
    if (found?.node.kind === "folder") return found.node;
    if (!make) return undefined;
    let folder = this.#root;
    for (const part of found?.parts ?? this.#straight(parts)) {
      const member = folder.members.get(part);
      if (member?.kind === "folder") {
        folder = member;
        continue;
      }
      if (++this.#nodes > MOST_NODES) throw tooMany("files", MOST_NODES);
      const made: Folder<Content> = { kind: "folder", members: new Map() };
      folder.members.set(part, made);
      folder = made;
    }
    return folder;
  }

  /** The same path without links, as far as it is there. */
  #straight(parts: readonly string[]): readonly string[] {
    for (let length = parts.length - 1; length > 0; length--) {
      const found = this.#follow(parts.slice(0, length));
      if (found?.node.kind === "folder") return [...found.parts, ...parts.slice(length)];
    }
    return parts;
  }

  /** What is at a path, and where that is without links. A link never leads out of the image. */
  #follow(path: readonly string[]): { node: Node<Content>; parts: readonly string[] } | undefined {
    let waiting = [...path].reverse();
    let parts: string[] = [];
    let links = 0;
    let node: Node<Content> = this.#root;
    const above: Folder<Content>[] = [];
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      if (part === "..") {
        node = above.pop() ?? this.#root;
        parts.pop();
        continue;
      }
      if (node.kind !== "folder") return undefined;
      const member: Node<Content> | undefined = node.members.get(part);
      if (member === undefined) return undefined;
      if (member.kind !== "link") {
        above.push(node);
        parts.push(part);
        node = member;
        continue;
      }
      if (++links > MOST_LINKS) return undefined;
      if (member.target.startsWith("/")) {
        node = this.#root;
        parts = [];
        above.length = 0;
      }
      const steps = member.target.split("/").filter((step) => step !== "" && step !== ".");
      waiting = [...waiting, ...steps.reverse()];
      if (waiting.length > LONGEST_PATH) return undefined;
    }
    return { node, parts };
  }
}

function isWhiteout(parts: readonly string[]): boolean {
  return parts.at(-1)?.startsWith(WHITEOUT) === true;
}

/** Of a path as archives write it: `./usr/lib/`, `/usr/lib`. */
function partsOf(path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..") || parts.length > DEEPEST || path.length > LONGEST_PATH)
    throw new ThothError("invalid-metadata", "A layer has a path that leads outside or is too long.");
  return parts;
}

function tooMany(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `The image exceeds the limit of ${most} for ${limit}.`, {
    details: { limit, most },
  });
}
