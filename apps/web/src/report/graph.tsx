// The dependency graph as a figure: one looks at it, goes through it with a mouse or the arrow keys, or reads it as a list.

import {
  BOX_HEIGHT,
  type Box,
  byName,
  edgePath,
  flawPath,
  type GraphPackage,
  isChanged,
  type Kind,
  kindOf,
  type Layout,
  LEGEND,
  layOut,
  type Node,
  nameOf,
  neighbour,
  versionOf,
} from "@thoth/views/figures";
import * as React from "react";
import { Link } from "../frame/link.tsx";
import { addressOf } from "../frame/place.ts";
import { Scrolled } from "../frame/scrolled.tsx";
import { flaws, listed, order, plural } from "../frame/sentence.tsx";
import type { AdvisedPackage } from "./model.ts";

export function Graph({ packages }: { readonly packages: readonly AdvisedPackage[] }): React.ReactElement {
  const layout = React.useMemo(() => layOut(packages), [packages]);
  const [chosen, setChosen] = React.useState<string>();
  const nodes = layout.layers.flat();
  const node = nodes.find(({ item }) => item.name === chosen);
  return (
    <figure>
      <Legend left={layout.left} />
      <Picture layout={layout} chosen={node} choose={setChosen} />
      <div role="status" className="told">
        {node === undefined ? (
          <p className="quiet">Choose a package to see what needs it and what it needs.</p>
        ) : (
          <Told node={node} />
        )}
      </div>
      <AsList packages={packages} />
    </figure>
  );
}

function Legend({ left }: { readonly left: number }): React.ReactElement {
  return (
    <figcaption>
      What you ask for is on the left; a line leads from a package to what it needs.
      <ul className="legend">
        {LEGEND.map(([kind, words]) => (
          <li key={words}>
            <svg width={28} height={16} aria-hidden="true">
              <Shape x={1} y={8} width={26} height={14} kind={kind} />
            </svg>{" "}
            {words}
          </li>
        ))}
      </ul>
      {left > 0 && `${plural(left, "package")} more did not fit; the list below has all.`}
    </figcaption>
  );
}

interface PictureProps {
  readonly layout: Layout;
  readonly chosen: Node | undefined;
  readonly choose: (name: string) => void;
}

function Picture({ layout, chosen, choose }: PictureProps): React.ReactElement {
  const { layers, width, height } = layout;
  const nodes = layers.flat();
  const picture = React.useRef<SVGSVGElement>(null);
  const move = (event: React.KeyboardEvent, from: Node) => {
    const to = neighbour(layout, from, event.key);
    if (to === undefined) return;
    event.preventDefault();
    choose(to.item.name);
    const boxes = picture.current?.querySelectorAll<SVGGElement>("g.node") ?? [];
    boxes[nodes.indexOf(to)]?.focus();
  };
  return (
    <Scrolled label="Picture of the dependency graph" className="graph">
      {/* biome-ignore lint/a11y/useSemanticElements: a picture is no group of a form. */}
      <svg
        ref={picture}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label={`What needs what: ${plural(nodes.length, "package")}; arrow keys lead from one to the next`}
      >
        <Edges nodes={nodes} chosen={chosen} />
        {nodes.map((node, at) => (
          <NodeBox
            key={node.item.name}
            node={node}
            isChosen={node === chosen}
            isStop={chosen === undefined ? at === 0 : node === chosen}
            choose={() => choose(node.item.name)}
            move={(event) => move(event, node)}
          />
        ))}
      </svg>
    </Scrolled>
  );
}

interface EdgesProps {
  readonly nodes: readonly Node[];
  readonly chosen: Node | undefined;
}

function Edges({ nodes, chosen }: EdgesProps): React.ReactElement {
  const shown = new Set(nodes);
  return (
    <>
      <defs>
        <marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" orient="auto">
          <path className="tip" d="M0 0 6 3 0 6z" />
        </marker>
      </defs>
      {nodes.flatMap((from) =>
        [...from.children]
          .filter((child) => shown.has(child))
          .map((to) => (
            <Edge key={`${from.item.name} ${to.item.name}`} from={from} to={to} chosen={chosen} />
          )),
      )}
    </>
  );
}

function Edge({
  from,
  to,
  chosen,
}: {
  readonly from: Node;
  readonly to: Node;
  readonly chosen: Node | undefined;
}) {
  const isTold = from === chosen || to === chosen;
  return <path className={isTold ? "edge told" : "edge"} markerEnd="url(#tip)" d={edgePath(from, to)} />;
}

interface NodeBoxProps {
  readonly node: Node;
  readonly isChosen: boolean;
  /** Whether the key for going on stops here. */
  readonly isStop: boolean;
  readonly choose: () => void;
  readonly move: (event: React.KeyboardEvent) => void;
}

function NodeBox({ node, isChosen, isStop, choose, move }: NodeBoxProps): React.ReactElement {
  const { item, x, y, width } = node;
  const count = item.vulnerabilities.length;
  const press = (event: React.KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return move(event);
    event.preventDefault();
    choose();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button of HTML cannot stand in a picture.
    <g
      className={isChosen ? "node chosen" : "node"}
      role="button"
      aria-pressed={isChosen}
      aria-label={wordsOf(item)}
      tabIndex={isStop ? 0 : -1}
      onClick={choose}
      onFocus={choose}
      onKeyDown={press}
    >
      <Shape x={x} y={y} width={width} height={BOX_HEIGHT} kind={kindOf(item)} />
      <text className="name" x={x + 9} y={y - 3}>
        {nameOf(item)}{" "}
      </text>
      <text x={x + 9} y={y + 11}>
        {versionOf(item)}
        {count > 0 && <tspan className="count"> ▲ {count}</tspan>}
      </text>
    </g>
  );
}

/** It begins as what is to be seen: whoever speaks to the machine says that. */
function wordsOf(item: GraphPackage): string {
  const version = isChanged(item) ? `${item.before} → ${item.version}` : item.version;
  const count = item.vulnerabilities.length;
  return `${item.name} ${version}${count === 0 ? "" : `, ${flaws(count)}`}`;
}

function Shape({ kind, ...box }: Box & { readonly kind: Kind }): React.ReactElement {
  const { x, y, width, height } = box;
  if (kind === "flaw") return <path className="box flaw" d={flawPath(box)} />;
  return (
    <rect
      className={`box ${kind}`}
      x={x}
      y={y - height / 2}
      width={width}
      height={height}
      rx={kind === "changed" ? height / 2 : 2}
    />
  );
}

function Told({ node: { item, parents, children } }: { readonly node: Node }): React.ReactElement {
  const needed = [
    ...(item.requiredBy.some(({ name }) => name === null) ? ["you"] : []),
    ...[...parents].toSorted(byName).map((parent) => parent.item.name),
  ];
  const needs = [...children].toSorted(byName).map((child) => child.item.name);
  return (
    <p>
      <Link to={addressOf.package(item.name)}>{item.name}</Link> {item.version}
      {isChanged(item) && ` (${item.before} before)`}: {flaws(item.vulnerabilities.length)}. Needed by{" "}
      {needed.length === 0 ? "nobody that is shown" : listed(needed)}. It needs{" "}
      {needs.length === 0 ? "nothing else" : listed(needs)}.
    </p>
  );
}

/** The same without a picture. */
function AsList({ packages }: { readonly packages: readonly AdvisedPackage[] }): React.ReactElement {
  const needs = new Map<string, string[]>();
  for (const { name, requiredBy } of packages)
    for (const { name: parent } of requiredBy)
      if (parent !== null) needs.set(parent, [...(needs.get(parent) ?? []), name]);
  const own = packages.filter(({ requiredBy }) => requiredBy.some(({ name }) => name === null));
  const others = packages.filter((item) => !own.includes(item) && needs.has(item.name));
  return (
    <details>
      <summary>The same as a list</summary>
      <ul>
        {[...own, ...others].map(({ name, version }) => {
          const needed = [...new Set(needs.get(name) ?? [])].toSorted(order);
          return (
            <li key={name}>
              <strong>{name}</strong> {version} needs {needed.length === 0 ? "nothing else" : listed(needed)}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
