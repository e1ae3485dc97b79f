// The dependency graph as a figure of a page without a script.

import {
  BOX_HEIGHT,
  type Box,
  edgePath,
  flawPath,
  type GraphPackage,
  isChanged,
  type Kind,
  kindOf,
  LEGEND,
  layOut,
  type Node,
  nameOf,
  versionOf,
} from "@thoth/views/figures";
import { plural } from "../frame/printable.ts";
import { countFlaws } from "./flaw-words.ts";
import { escapeHtml } from "./html-page.ts";

/** A picture that is no wider may be shrunk to the width of the page; wider ones are moved about. */
const MOST_FITTED = 1_500;

/** A `figure`; of several packages of one name the first counts. */
export function graphHtml(packages: readonly GraphPackage[]): string {
  const { layers, width, height, left } = layOut(packages);
  const nodes = layers.flat();
  const isShown = new Set(nodes);
  const edges = nodes.flatMap((node) =>
    [...node.children].filter((child) => isShown.has(child)).map((child) => edgeSvg(node, child)),
  );
  const title = `What needs what: ${plural(nodes.length, "package")}${left === 0 ? "" : ` of ${nodes.length + left}`}`;
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
  const legend = LEGEND.map(([kind, words]) => {
    const shape = boxSvg({ x: 1, y: 8, width: 26, height: 14 }, kind);
    return `<svg width="28" height="16" aria-hidden="true">${shape}</svg>${words}`;
  });
  const rest =
    left === 0
      ? ""
      : `<br>${plural(left, "package")} more did not fit and ${left === 1 ? "is" : "are"} left out; the list of the whole stack has all.`;
  return `What you ask for is on the left; a line leads from a package to what it needs.<br>${legend.join("")}${rest}`;
}

function edgeSvg(from: Node, to: Node): string {
  return `<path class="edge" marker-end="url(#tip)" d="${edgePath(from, to)}"/>`;
}

function nodeSvg(node: Node): string {
  const { item, x, y, width } = node;
  const count = item.vulnerabilities.length;
  const was = isChanged(item) ? `, ${item.before} before` : "";
  const title = `${item.name} ${item.version}${was}${count === 0 ? "" : `, ${countFlaws(count)}`}`;
  const mark = count === 0 ? "" : ` <tspan class="count">▲ ${count}</tspan>`;
  return `<g class="node"><title>${escapeHtml(title)}</title>${boxSvg({ x, y, width, height: BOX_HEIGHT }, kindOf(item))}<text class="name" x="${x + 9}" y="${y - 3}">${escapeHtml(nameOf(item))}</text><text x="${x + 9}" y="${y + 11}">${escapeHtml(versionOf(item))}${mark}</text></g>`;
}

function boxSvg(box: Box, kind: Kind): string {
  if (kind === "flaw") return `<path class="box flaw" d="${flawPath(box)}"/>`;
  const { x, y, width, height } = box;
  const radius = kind === "changed" ? height / 2 : 2;
  return `<rect class="box ${kind}" x="${x}" y="${y - height / 2}" width="${width}" height="${height}" rx="${radius}"/>`;
}
