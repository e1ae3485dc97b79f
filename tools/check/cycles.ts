// Imports that lead back to where they started, types included: strongly connected components of the graph of
// modules (R. Tarjan, https://doi.org/10.1137/0201010), found without recursion.

import { type Module, resolveRelative } from "./modules.ts";

export function checkCycles(modules: readonly Module[]): string[] {
  const paths = new Set(modules.map(({ path }) => path));
  const edges = new Map(
    modules.map(({ path, imports }) => {
      const targets = imports.flatMap(({ specifier }) => targetOf(path, specifier, paths));
      return [path, [...new Set(targets)]] as const;
    }),
  );
  return findCycles(edges).map((cycle) => `import cycle: ${cycle.join(" → ")} → ${cycle[0]}`);
}

function targetOf(from: string, specifier: string, paths: ReadonlySet<string>): string[] {
  if (specifier.startsWith(".")) return [resolveRelative(from, specifier)].filter((path) => paths.has(path));
  const own = /^@thoth\/([^/]+)$/.exec(specifier)?.[1];
  if (own === undefined) return [];
  return [`core/${own}`, `io/${own}`, `apps/${own}`, own]
    .map((home) => `${home}/src/index.ts`)
    .filter((path) => paths.has(path));
}

interface Visit {
  readonly node: string;
  next: number;
}

/** Components of more than one node, and nodes that lead to themselves. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const cycles: string[][] = [];

  const enter = (node: string): Visit => {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    open.push(node);
    isOpen.add(node);
    return { node, next: 0 };
  };
  const leave = (node: string): void => {
    if (low.get(node) !== order.get(node)) return;
    const component = open.splice(open.indexOf(node));
    for (const member of component) isOpen.delete(member);
    if (component.length > 1 || edges.get(node)?.includes(node)) cycles.push(component);
  };
  const lower = (node: string, value: number): void => {
    low.set(node, Math.min(low.get(node) ?? value, value));
  };

  for (const root of edges.keys()) {
    if (order.has(root)) continue;
    const stack = [enter(root)];
    for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
      const target = edges.get(visit.node)?.[visit.next++];
      if (target === undefined) {
        stack.pop();
        leave(visit.node);
        const parent = stack.at(-1);
        if (parent !== undefined) lower(parent.node, low.get(visit.node) ?? 0);
      } else if (!order.has(target)) stack.push(enter(target));
      else if (isOpen.has(target)) lower(visit.node, order.get(target) ?? 0);
    }
  }
  return cycles;
}
