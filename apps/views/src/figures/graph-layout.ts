// Where the packages of a graph lie: layers from left to right, breadth first from what the user asks for. Order within a layer
// follows the neighbours' mean place (Sugiyama, Tagawa, Toda 1981), so that few lines cross.

export interface GraphPackage {
  readonly name: string;
  readonly version: string;
  /** Absent: not in the lock, or there is none. */
  readonly before?: string;
  /** Null is the user. */
  readonly requiredBy: readonly { readonly name: string | null }[];
  readonly vulnerabilities: readonly unknown[];
}

export interface Node {
  readonly item: GraphPackage;
  readonly parents: Set<Node>;
  readonly children: Set<Node>;
  /** -1: not reached yet. */
  layer: number;
  /** Place within the layer; the unit is the layer's height. */
  place: number;
  x: number;
  /** Of the middle. */
  y: number;
  width: number;
}

export interface Layout {
  /** By layer, from above. */
  readonly layers: readonly (readonly Node[])[];
  readonly width: number;
  readonly height: number;
  /** Packages that did not fit. */
  readonly left: number;
}

/** Sizes in pixels of the picture. */
export const BOX_HEIGHT = 32;
const LAYER_GAP = 64;
const ROW = 39;
const COLUMN_GAP = 18;
const MARGIN = 6;
const CHARACTER = 7;

const MOST_NODES = 200;
const MOST_ROWS = 30;
const SWEEPS = 6;
const MOST_LETTERS = 24;

/** Of several packages of one name the first counts. */
export function layOut(packages: readonly GraphPackage[]): Layout {
  const all = connect(packages);
  assignLayers(all);
  const layers = orderLayers(mostTelling(all));
  const count = layers.reduce((sum, layer) => sum + layer.length, 0);
  return { layers, ...placeNodes(layers), left: all.length - count };
}

function connect(packages: readonly GraphPackage[]): Node[] {
  const nodes = new Map<string, Node>();
  for (const item of packages)
    if (!nodes.has(item.name))
      nodes.set(item.name, {
        ...{ item, parents: new Set(), children: new Set() },
        ...{ layer: -1, place: 0, x: 0, y: 0, width: 0 },
      });
  for (const node of nodes.values())
    for (const { name } of node.item.requiredBy) {
      const parent = name === null ? undefined : nodes.get(name);
      if (parent === undefined || parent === node) continue;
      parent.children.add(node);
      node.parents.add(parent);
    }
  return [...nodes.values()].toSorted(byName);
}

export function byName({ item: a }: Node, { item: b }: Node): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function assignLayers(nodes: readonly Node[]): void {
  const isRoot = ({ item, parents }: Node) =>
    parents.size === 0 || item.requiredBy.some(({ name }) => name === null);
  spread(nodes.filter(isRoot));
  // A circle that nothing leads to.
  for (const node of nodes) if (node.layer < 0) spread([node]);
}

function spread(roots: readonly Node[]): void {
  const queue = [...roots];
  for (const root of roots) root.layer = 0;
  for (const node of queue)
    for (const child of [...node.children].toSorted(byName))
      if (child.layer < 0) {
        child.layer = node.layer + 1;
        queue.push(child);
      }
}

/** All, where they fit; else first those that have something to tell, then the nearest to the user. */
function mostTelling(nodes: readonly Node[]): readonly Node[] {
  const weight = ({ item }: Node) => (kindOf(item) === "" ? 1 : 0);
  const sorted = nodes.toSorted((a, b) => weight(a) - weight(b) || a.layer - b.layer || byName(a, b));
  return sorted.slice(0, MOST_NODES);
}

function orderLayers(nodes: readonly Node[]): Node[][] {
  const byLayer = new Map<number, Node[]>();
  for (const node of nodes) byLayer.set(node.layer, [...(byLayer.get(node.layer) ?? []), node]);
  const ordered = [...byLayer.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([, layer]) => layer.toSorted(byName));
  for (const layer of ordered) number(layer);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? ordered : ordered.toReversed()) {
      const means = new Map(
        layer.map((node) => [node, meanPlace(node, isDown ? node.parents : node.children)]),
      );
      layer.sort((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0) || byName(a, b));
      number(layer);
    }
  }
  return ordered;
}

function number(layer: readonly Node[]): void {
  for (const [at, node] of layer.entries()) node.place = (at + 0.5) / layer.length;
}

function meanPlace(node: Node, neighbours: ReadonlySet<Node>): number {
  const places = [...neighbours].filter(({ layer }) => layer !== node.layer).map(({ place }) => place);
  return places.length === 0 ? node.place : places.reduce((sum, place) => sum + place, 0) / places.length;
}

/** A high layer is broken into columns side by side. */
function placeNodes(layers: readonly Node[][]): { readonly width: number; readonly height: number } {
  const columns = layers.flatMap((layer) => {
    const count = Math.ceil(layer.length / MOST_ROWS);
    const rows = Math.ceil(layer.length / count);
    return Array.from({ length: count }, (_, at) => ({
      nodes: layer.slice(at * rows, (at + 1) * rows),
      gap: at === count - 1 ? LAYER_GAP : COLUMN_GAP,
    }));
  });
  const highest = Math.max(1, ...columns.map(({ nodes }) => nodes.length));
  let x = MARGIN;
  let right = MARGIN;
  for (const { nodes, gap } of columns) {
    const letters = nodes.map(({ item }) => Math.max(nameOf(item).length, detailOf(item).length));
    const width = CHARACTER * Math.max(0, ...letters) + 18;
    const top = MARGIN + BOX_HEIGHT / 2 + ((highest - nodes.length) * ROW) / 2;
    for (const [row, node] of nodes.entries()) Object.assign(node, { x, y: top + row * ROW, width });
    right = x + width;
    x = right + gap;
  }
  return { width: right + LAYER_GAP / 2, height: (highest - 1) * ROW + BOX_HEIGHT + 2 * MARGIN };
}

export type Kind = "changed" | "flaw" | "";

export function kindOf(item: GraphPackage): Kind {
  return item.vulnerabilities.length > 0 ? "flaw" : isChanged(item) ? "changed" : "";
}

export function isChanged({ before, version }: Pick<GraphPackage, "before" | "version">): boolean {
  return before !== undefined && before !== version;
}

/** The line from a package to what it needs: a `d` of SVG. */
export function edgePath(from: Node, to: Node): string {
  const start = from.x + from.width;
  const reach = LAYER_GAP / 2;
  // What lies at the same depth, or nearer to the user, is reached from its right side.
  const end = to.layer > from.layer ? to.x : to.x + to.width;
  const bend = to.layer > from.layer ? end - reach : end + reach;
  return `M${start} ${from.y}C${start + reach} ${from.y} ${bend} ${to.y} ${end} ${to.y}`;
}

export interface Box {
  readonly x: number;
  /** Of the middle. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A box with cut corners: a `d` of SVG. */
export function flawPath({ x, y, width, height }: Box): string {
  const cut = height / 4;
  const [across, down] = [width - 2 * cut, height - 2 * cut];
  return `M${x + cut} ${y - height / 2}h${across}l${cut} ${cut}v${down}l${-cut} ${cut}h${-across}l${-cut} ${-cut}v${-down}z`;
}

/** Samples of boxes with what they mean. */
export const LEGEND: readonly (readonly [Kind, string])[] = [
  ["changed", "rounded, old → new version: changed"],
  ["flaw", "cut corners, ▲ and a number: known vulnerabilities of the advised version"],
  ["", "neither"],
];

export function nameOf({ name }: GraphPackage): string {
  return cut(name);
}

export function versionOf(item: GraphPackage): string {
  return cut(isChanged(item) ? `${item.before} → ${item.version}` : item.version);
}

/** As many letters as the second line has. */
function detailOf(item: GraphPackage): string {
  const count = item.vulnerabilities.length;
  return count === 0 ? versionOf(item) : `${versionOf(item)} ▲ ${count}`;
}

function cut(text: string): string {
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS - 1)}…`;
}

/** Where an arrow key leads from a package: to the neighbours, and up and down within a layer. */
export function neighbour({ layers }: Layout, from: Node, key: string): Node | undefined {
  const layer = layers.find((nodes) => nodes.includes(from)) ?? [];
  const at = layer.indexOf(from);
  const nearest = (nodes: Iterable<Node>) =>
    [...nodes]
      .filter((node) => layers.some((shown) => shown.includes(node)))
      .toSorted((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y) || byName(a, b))[0];
  switch (key) {
    case "ArrowRight":
      return nearest(from.children);
    case "ArrowLeft":
      return nearest(from.parents);
    case "ArrowDown":
      return layer[at + 1];
    case "ArrowUp":
      return layer[at - 1];
    case "Home":
      return layers[0]?.[0];
    case "End":
      return layers.at(-1)?.at(-1);
    default:
      return undefined;
  }
}
