// The dependency graph as a figure: layers from left to right, breadth first from what the user asks for. Order
// within a layer follows the neighbours' mean place (Sugiyama, Tagawa, Toda 1981), so that few lines cross.

import { cutTo, plural } from "../frame/printable.ts";
import { countFlaws } from "./flaw-words.ts";
import { escapeHtml } from "./html-page.ts";

export interface GraphPackage {
  readonly name: string;
  readonly version: string;
  readonly before?: string;
  /** Null is the user. */
  readonly requiredBy: readonly { readonly name: string | null }[];
  readonly vulnerabilities: readonly unknown[];
}

/** Sizes in pixels of the picture. */
const BOX_HEIGHT = 32;
const ROW = 39;
const LAYER_GAP = 64;
const COLUMN_GAP = 18;
const MARGIN = 6;
const CHARACTER = 7;

/** A picture that is no wider may be shrunk to the width of the page; wider ones are moved about. */
const MOST_FITTED = 1_500;

const MOST_NODES = 200;
const MOST_ROWS = 30;
const MOST_LETTERS = 24;
const SWEEPS = 6;

interface Node {
  readonly item: GraphPackage;
  readonly parents: Set<Node>;
  readonly children: Set<Node>;
  /** -1: not reached yet. */
  layer: number;
  /** Place within the layer; the unit is the layer's height. */
  place: number;
  x: number;
  y: number;
  width: number;
}

/** A `figure`; of several packages of one name the first counts. */
export function graphHtml(packages: readonly GraphPackage[]): string {
  const all = connect(packages);
  assignLayers(all);
  const shown = mostTelling(all);
  const layers = orderLayers(shown);
  const { width, height } = placeNodes(layers);
  const nodes = layers.flat();
  const isShown = new Set(nodes);
  const edges = nodes.flatMap((node) =>
    [...node.children].filter((child) => isShown.has(child)).map((child) => edgeSvg(node, child)),
  );
  const left = all.length - nodes.length;
  const title = `What needs what: ${plural(nodes.length, "package")}${left === 0 ? "" : ` of ${all.length}`}`;
  return `<figure>
<figcaption>${captionHtml(left)}</figcaption>
<div class="graph" role="region" aria-label="Dependency graph" tabindex="0">
<svg xmlns="http://www.w3.org/2000/svg"${width <= MOST_FITTED ? ' class="fits"' : ""} width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="graph-title">
<title id="graph-title">${title}</title>
<defs><marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" orient="auto"><path class="tip" d="M0 0 6 3 0 6z"/></marker></defs>
${[...edges, ...nodes.map(nodeSvg)].join("\n")}
</svg>
</div>
</figure>`;
}

function captionHtml(left: number): string {
  const samples = [
    ["changed", "rounded, old → new version: changed"],
    ["flaw", "cut corners, ▲ and a number: known vulnerabilities of the advised version"],
    ["", "neither"],
  ] as const;
  const legend = samples.map(([kind, words]) => {
    const shape = boxSvg({ x: 1, y: 8, width: 26, height: 14 }, kind);
    return `<svg width="28" height="16" aria-hidden="true">${shape}</svg>${words}`;
  });
  const rest =
    left === 0
      ? ""
      : `<br>${plural(left, "package")} more did not fit and ${left === 1 ? "is" : "are"} left out; the list of the whole stack has all.`;
  return `What you ask for is on the left; a line leads from a package to what it needs.<br>${legend.join("")}${rest}`;
}

function connect(packages: readonly GraphPackage[]): Node[] {
  const nodes = new Map<string, Node>();
  for (const item of packages)
    if (!nodes.has(item.name))
      nodes.set(item.name, {
        item,
        parents: new Set(),
        children: new Set(),
        layer: -1,
        place: 0,
        x: 0,
        y: 0,
        width: 0,
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

function byName({ item: a }: Node, { item: b }: Node): number {
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

/** Layers from the left, none of them empty, each in its order from the top. */
function orderLayers(nodes: readonly Node[]): Node[][] {
  const layers = new Map<number, Node[]>();
  for (const node of nodes.toSorted((a, b) => a.layer - b.layer || byName(a, b)))
    layers.set(node.layer, [...(layers.get(node.layer) ?? []), node]);
  const ordered = [...layers.values()];
  for (const layer of ordered) number(layer);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? ordered : ordered.toReversed()) {
      const means = new Map(
        layer.map((node) => [node, meanPlace(node, isDown ? node.parents : node.children)]),
      );
      layer.sort((a, b) => means.get(a)! - means.get(b)! || byName(a, b));
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
    const width = Math.max(
      ...nodes.map(({ item }) => CHARACTER * Math.max(nameOf(item).length, detailOf(item).length) + 18),
    );
    const top = MARGIN + BOX_HEIGHT / 2 + ((highest - nodes.length) * ROW) / 2;
    for (const [row, node] of nodes.entries()) Object.assign(node, { x, y: top + row * ROW, width });
    right = x + width;
    x = right + gap;
  }
  return { width: right + LAYER_GAP / 2, height: (highest - 1) * ROW + BOX_HEIGHT + 2 * MARGIN };
}

function edgeSvg(from: Node, to: Node): string {
  const start = from.x + from.width;
  const reach = LAYER_GAP / 2;
  // What lies at the same depth, or nearer to the user, is reached from its right side.
  const end = to.layer > from.layer ? to.x : to.x + to.width;
  const bend = to.layer > from.layer ? end - reach : end + reach;
  return `<path class="edge" marker-end="url(#tip)" d="M${start} ${from.y}C${start + reach} ${from.y} ${bend} ${to.y} ${end} ${to.y}"/>`;
}

function nodeSvg(node: Node): string {
  const { item, x, y, width } = node;
  const count = item.vulnerabilities.length;
  const was = isChanged(item) ? `, ${item.before} before` : "";
  const title = `${item.name} ${item.version}${was}${count === 0 ? "" : `, ${countFlaws(count)}`}`;
  const mark = count === 0 ? "" : ` <tspan class="count">▲ ${count}</tspan>`;
  return `<g class="node"><title>${escapeHtml(title)}</title>${boxSvg({ x, y, width, height: BOX_HEIGHT }, kindOf(item))}<text class="name" x="${x + 9}" y="${y - 3}">${escapeHtml(nameOf(item))}</text><text x="${x + 9}" y="${y + 11}">${escapeHtml(versionOf(item))}${mark}</text></g>`;
}

type Kind = "changed" | "flaw" | "";

function kindOf(item: GraphPackage): Kind {
  return item.vulnerabilities.length > 0 ? "flaw" : isChanged(item) ? "changed" : "";
}

function isChanged({ before, version }: GraphPackage): boolean {
  return before !== undefined && before !== version;
}

function nameOf({ name }: GraphPackage): string {
  return cutTo(name, MOST_LETTERS);
}

function versionOf(item: GraphPackage): string {
  return cutTo(isChanged(item) ? `${item.before} → ${item.version}` : item.version, MOST_LETTERS);
}

/** As many letters as the second line has. */
function detailOf(item: GraphPackage): string {
  const count = item.vulnerabilities.length;
  return count === 0 ? versionOf(item) : `${versionOf(item)} ▲ ${count}`;
}

interface Box {
  readonly x: number;
  /** Of the middle. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxSvg({ x, y, width, height }: Box, kind: Kind): string {
  const top = y - height / 2;
  if (kind !== "flaw") {
    const radius = kind === "changed" ? height / 2 : 2;
    return `<rect class="box ${kind}" x="${x}" y="${top}" width="${width}" height="${height}" rx="${radius}"/>`;
  }
  const cut = height / 4;
  const across = width - 2 * cut;
  const down = height - 2 * cut;
  return `<path class="box flaw" d="M${x + cut} ${top}h${across}l${cut} ${cut}v${down}l${-cut} ${cut}h${-across}l${-cut} ${-cut}v${-down}z"/>`;
}
