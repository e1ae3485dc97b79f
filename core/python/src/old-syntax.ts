// What stands in code of old that a newer Python takes for a mistake: forms of Python 2, and names that became keywords.
// https://docs.python.org/3/whatsnew/3.0.html, https://docs.python.org/3/whatsnew/3.7.html

import { lineAt, lineStarts, parseTree } from "./syntax.ts";

export interface OldSyntax {
  /** In the text, from 0. */
  readonly line: number;
  /** As a sentence calls it. */
  readonly what: string;
  /** The first Python that refuses it. */
  readonly since: "3.0" | "3.7";
}

const MOST = 100;

/** Text that is broken in another way says nothing. */
export function oldSyntax(text: string): readonly OldSyntax[] {
  const tree = parseTree(text);
  if (tree === undefined) return [];
  const starts = lineStarts(text);
  const found: OldSyntax[] = [];
  const plain = text.split("");
  tree.iterate({
    enter: ({ name, from, to, node }) => {
      if (name === "String" || name === "FormatString" || name === "Comment") plain.fill(" ", from, to);
      // With an error in it, it is no statement of Python 2 either.
      if (name !== "PrintStatement" || node.getChild("⚠") !== null) return;
      const word = text.startsWith("exec", from) ? "exec" : "print";
      found.push({ line: lineAt(starts, from), what: `\`${word}\` as a statement`, since: "3.0" });
    },
  });
  const code = plain.join("");
  for (const { pattern, what, since } of FORMS)
    for (const { index } of code.matchAll(pattern)) found.push({ line: lineAt(starts, index), what, since });
  return found.sort((one, other) => one.line - other.line).slice(0, MOST);
}

/** In code without its texts and comments. */
const FORMS: readonly (Omit<OldSyntax, "line"> & { readonly pattern: RegExp })[] = [
  { pattern: /^[ \t]*print[ \t]*>>/gm, what: "`print` as a statement", since: "3.0" },
  {
    pattern: /^[ \t]*except[ \t]+(?:[\w.]+|\([\w., \t]*\))[ \t]*,[ \t]*\w+[ \t]*:/gm,
    what: "`except Error, name`",
    since: "3.0",
  },
  { pattern: /^[ \t]*raise[ \t]+[\w.]+[ \t]*,/gm, what: "`raise Error, text`", since: "3.0" },
  { pattern: /<>/g, what: "`<>`", since: "3.0" },
  // A keyword where nothing follows that it may begin.
  {
    pattern: /(?<![\p{L}\p{N}_])async(?![\p{L}\p{N}_]|[ \t]+(?:def|for|with)\b)/gu,
    what: "`async` as a name",
    since: "3.7",
  },
  {
    pattern: /(?<![\p{L}\p{N}_])await(?=[ \t]*(?:=(?!=)|[,)\].:]))/gu,
    what: "`await` as a name",
    since: "3.7",
  },
];
