// Names of nested requirements files: taken from the folder of the file that names them, in normal form, so that
// a circle of files is seen.

/** Has a scheme that pip opens. */
export function isUrl(text: string): boolean {
  return /^(?:https?|file):/i.test(text);
}

/** `reference` as seen from the file `from`; paths use `/`, and `..` above the root or the start is kept. */
export function joinPath(from: string, reference: string): string {
  if (isUrl(reference)) return reference;
  if (isUrl(from)) return URL.parse(reference, from)?.href ?? reference;
  if (/^(?:[/\\]|[A-Za-z]:[/\\])/.test(reference)) return normalizePath(reference);
  const folder = from.slice(0, Math.max(from.lastIndexOf("/"), from.lastIndexOf("\\")) + 1);
  return normalizePath(folder + reference);
}

function normalizePath(path: string): string {
  const root = path.startsWith("/") ? "/" : "";
  const parts: string[] = [];
  for (const part of path.split(/[/\\]/)) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || root === "") parts.push(part);
  }
  return root + parts.join("/") || ".";
}
