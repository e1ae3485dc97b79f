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

/** What a package needs: a name, and a version where the lock has several. */
interface Need {
  readonly name: string;
  readonly version: string | undefined;
}

export const graphCommand: Handler = async ({ terminal, arguments: [given], environment }) => {
  const path = (given ?? "pylock.toml") as string;
  const { lock } = await readLock(path, environment);
  if (lock === undefined)
    throw new ThothError("usage", `${quote(path)} does not tell which package needs which`, {
      hint: "A pylock.toml does.",
    });
  const needs = new Map<Node, readonly Need[]>();
  for (const { name, version, dependencies = [] } of lock.packages) {
    const own = dependencies.flatMap(needOf).sort((a, b) => (a.name < b.name ? -1 : 1));
    const requires = [...new Set(own.map((need) => need.name))];
    needs.set({ name, version: version?.text ?? "", requires }, own);
  }
  terminal.document({ packages: [...needs.keys()] });
  terminal.result(...treeLines(needs).map(printable));
  return 0;
};

function needOf({ name, version }: Readonly<Record<string, unknown>>): readonly Need[] {
  if (typeof name !== "string") return [];
  return [{ name, version: typeof version === "string" ? version : undefined }];
}

/** From those that nobody needs, else from the first; what was told above is not told again. */
function treeLines(needs: ReadonlyMap<Node, readonly Need[]>): readonly string[] {
  const nodes = [...needs.keys()];
  const byName = Map.groupBy(nodes, ({ name }) => name);
  const childrenOf = (node: Node) =>
    (needs.get(node) ?? []).flatMap(({ name, version }) =>
      (byName.get(name) ?? []).filter((one) => version === undefined || one.version === version),
    );
  const needed = new Set(nodes.flatMap(({ requires }) => requires));
  const told = new Set<Node>();
  const lines: string[] = [];
  const roots = [...nodes.filter(({ name }) => !needed.has(name)), ...nodes];
  for (const root of roots) {
    if (told.has(root)) continue;
    const waiting: { readonly node: Node; readonly lead: string; readonly branch: string }[] = [
      { node: root, lead: "", branch: "" },
    ];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { node, lead, branch } = next;
      const children = told.has(node) ? [] : childrenOf(node);
      const above = told.has(node) && node.requires.length > 0 ? " (above)" : "";
      told.add(node);
      lines.push(`${lead}${branch}${node.name} ${node.version}${above}`);
      const inner = branch === "" ? lead : `${lead}${branch.startsWith("└") ? "   " : "│  "}`;
      const last = children.length - 1;
      for (const [at, child] of [...children.entries()].toReversed())
        waiting.push({ node: child, lead: inner, branch: at === last ? "└─ " : "├─ " });
    }
  }
  return lines;
}
