// `thoth graph`: who needs whom in a lock, as a tree.

import { quote, ThothError } from "@thoth/pep";
import type { Handler } from "../../frame/command.ts";
import { printable } from "../../frame/printable.ts";
import { readLock } from "../../locks/read-lock.ts";

interface Node {
  readonly name: string;
  readonly version: string;
  readonly requires: readonly string[];
}

export const graphCommand: Handler = async ({ terminal, arguments: [given], environment }) => {
  const path = (given ?? "pylock.toml") as string;
  const { lock } = await readLock(path, environment);
  if (lock === undefined)
    throw new ThothError("usage", `${quote(path)} does not tell which package needs which`, {
      hint: "A pylock.toml does.",
    });
  const nodes: Node[] = lock.packages.map(({ name, version, dependencies = [] }) => ({
    name,
    version: version?.text ?? "",
    requires: dependencies
      .flatMap(({ name: required }) => (typeof required === "string" ? [required] : []))
      .sort(),
  }));
  terminal.document({ packages: nodes });
  terminal.result(...treeLines(nodes).map(printable));
  return 0;
};

/** From those that nobody needs, else from the first; what was told above is not told again. */
function treeLines(nodes: readonly Node[]): readonly string[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const needed = new Set(nodes.flatMap(({ requires }) => requires));
  const told = new Set<string>();
  const lines: string[] = [];
  const roots = [...nodes.filter(({ name }) => !needed.has(name)), ...nodes];
  for (const root of roots) {
    if (told.has(root.name)) continue;
    const waiting: { readonly node: Node; readonly lead: string; readonly branch: string }[] = [
      { node: root, lead: "", branch: "" },
    ];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { node, lead, branch } = next;
      const children = told.has(node.name) ? [] : node.requires.flatMap((name) => byName.get(name) ?? []);
      const above = told.has(node.name) && node.requires.length > 0 ? " (above)" : "";
      told.add(node.name);
      lines.push(`${lead}${branch}${node.name} ${node.version}${above}`);
      const inner = branch === "" ? lead : `${lead}${branch.startsWith("└") ? "   " : "│  "}`;
      const last = children.length - 1;
      for (const [at, child] of [...children.entries()].toReversed())
        waiting.push({ node: child, lead: inner, branch: at === last ? "└─ " : "├─ " });
    }
  }
  return lines;
}
