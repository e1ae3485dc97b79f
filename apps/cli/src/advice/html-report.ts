// Advice as a page that one can send: one file that stands alone, needs no script and no other host, and prints.

import { type GraphPackage, meaningOf, type Payer, payersOf } from "@thoth/views/figures";
import { plural } from "../frame/printable.ts";
import type { KnownFlaw } from "./advice-report.ts";
import { countFlaws } from "./flaw-words.ts";
import { type FrontPart, frontSection } from "./html-front.ts";
import { graphHtml } from "./html-graph.ts";
import {
  bodyHtml,
  escapeHtml,
  linkHtml,
  pageHtml,
  rowHtml,
  sectionHtml,
  sentenceHtml,
  tableHtml,
} from "./html-page.ts";
import { type SearchPart, searchSection } from "./html-search.ts";
import { type YoursPart, yoursSection } from "./html-yours.ts";

type Proof = "optimal" | "feasible";

interface AdvisedPackage extends GraphPackage {
  readonly requiredBy: readonly { readonly name: string | null; readonly specifiers: string }[];
  readonly pays: readonly { readonly level: string; readonly cost: number }[];
  readonly vulnerabilities: readonly KnownFlaw[];
  /** Of the version that the user has. Absent: not told. */
  readonly vulnerabilitiesBefore?: readonly KnownFlaw[];
  readonly justification: readonly {
    readonly type: string;
    readonly message: string;
    readonly link?: string;
  }[];
}

interface Level {
  readonly level: string;
  readonly value: number;
  readonly bound: number;
}

interface Relaxation {
  readonly requirement: string;
  readonly instead: string;
  readonly level: string;
  readonly before: number;
  readonly after: number;
  /** Known ones, in the whole stack that loosening gives. */
  readonly vulnerabilities: number;
  readonly proof: Proof;
}

export interface AdvisedStack {
  readonly proof: Proof;
  readonly objective: readonly Level[];
  readonly packages: readonly AdvisedPackage[];
  readonly relaxations: readonly Relaxation[];
  /** What rules say of the stack as a whole. */
  readonly stackInfo?: readonly { readonly type: string; readonly message: string; readonly link: string }[];
  readonly lock?: { readonly environment?: Readonly<Record<string, string>> };
}

/** What the page needs of the JSON document of `thoth advise`, and how it was asked for. */
export interface AdvicePage {
  readonly recommendationType: string;
  readonly asOf: string;
  /** The best first; the page is about this one. */
  readonly products: readonly AdvisedStack[];
  readonly knowledge: { readonly advisories: number; readonly newest: string | null };
  /** Repositories of rules that were read. */
  readonly rules?: readonly { readonly source: string; readonly commit: string }[];
  readonly unknown: readonly string[];
  readonly yours?: YoursPart;
  readonly front?: FrontPart;
  readonly search?: SearchPart;
  /** The command line that gives this advice again. */
  readonly command?: string;
}

/** The whole page. The same document gives the same bytes. */
export function adviceHtml(document: AdvicePage): string {
  const [stack] = document.products;
  const title = `Advice: the greatest stack by the type ${document.recommendationType}`;
  const heading = `<h1>${escapeHtml(title)}</h1>`;
  if (stack === undefined) return pageHtml(title, `${heading}\n<p class="answer">No stack was found.</p>`);
  const sections = [
    `<header>\n${heading}\n${answerHtml(document, stack)}\n</header>`,
    sectionHtml("changes", "What changes, and why", changesHtml(stack)),
    ...stackInfoSection(stack),
    ...yoursSection(document.yours),
    ...frontSection(document.front, stack.packages),
    sectionHtml("loosening", "What loosening a requirement would gain", looseningHtml(stack)),
    sectionHtml("objective", "What is paid, level by level", objectiveHtml(stack)),
    sectionHtml("graph", "What needs what", graphHtml(stack.packages)),
    sectionHtml("evidence", "Known vulnerabilities", evidenceHtml(document, stack)),
    ...searchSection(document.search),
    sectionHtml("unknown", "What is not known", unknownHtml(document, stack)),
    sectionHtml("again", "How to get this advice again", againHtml(document, stack)),
    sectionHtml("stack", "The whole stack", stackHtml(stack)),
  ];
  return pageHtml(title, sections.join("\n"));
}

function answerHtml(
  { recommendationType, asOf, knowledge, products }: AdvicePage,
  stack: AdvisedStack,
): string {
  const { packages, proof } = stack;
  const compared = packages.filter(({ before }) => before !== undefined);
  const answer =
    proof === "optimal"
      ? "is <strong>optimal (proved)</strong>"
      : "is <strong>the best that was found</strong>; a better one is not ruled out";
  const changed = compared.filter(isChanged).length;
  const changes = compared.length === 0 ? "" : `; <strong>${plural(changed, "package")}</strong> changed`;
  const known = knowledge.advisories === 0 ? "no advisories were looked at" : flawsHtml(packages, compared);
  const others = products.length - 1;
  const more = others > 0 ? ` The document has ${plural(others, "other stack")}, not shown here.` : "";
  return `<p class="answer">By the type <strong>${escapeHtml(recommendationType)}</strong>, this stack of <strong>${plural(packages.length, "package")}</strong> ${answer}: ${known}${changes}.</p>
<p class="quiet">As of ${escapeHtml(asOf)}. ${knowledgeText({ knowledge })}${more}</p>`;
}

function flawsHtml(packages: readonly AdvisedPackage[], compared: readonly AdvisedPackage[]): string {
  const all = countOf(packages);
  const before = compared.map(flawsBefore);
  if (compared.length === 0 || before.includes(undefined)) return `<strong>${countFlaws(all)}</strong>`;
  const had = before.reduce((sum = 0, flaws) => sum + (flaws?.length ?? 0), 0);
  const rest =
    compared.length === packages.length
      ? ""
      : ` in the ${plural(compared.length, "package")} that you have, ${all} in all`;
  return `known vulnerabilities <strong>${had} → ${countOf(compared)}</strong>${rest}`;
}

function countOf(packages: readonly AdvisedPackage[]): number {
  return packages.reduce((sum, { vulnerabilities }) => sum + vulnerabilities.length, 0);
}

function flawsBefore(item: AdvisedPackage): readonly KnownFlaw[] | undefined {
  return item.vulnerabilitiesBefore ?? (item.before === item.version ? item.vulnerabilities : undefined);
}

function knowledgeText({ knowledge: { advisories, newest } }: Pick<AdvicePage, "knowledge">): string {
  if (advisories === 0)
    return "No advisories were looked at, so nothing is said about known vulnerabilities.";
  const age = newest === null ? "" : `, the newest of ${newest}`;
  const noun = advisories === 1 ? "advisory" : "advisories";
  return escapeHtml(`The advice rests on ${advisories} ${noun}${age}.`);
}

function isChanged({ before, version }: AdvisedPackage): boolean {
  return before !== undefined && before !== version;
}

function changesHtml({ packages }: AdvisedStack): string {
  const shown = packages.filter((item) => isChanged(item) || item.justification.length > 0);
  if (shown.length === 0) return "<p>Nothing changes, and every package is the newest that can be had.</p>";
  const weight = (item: AdvisedPackage) =>
    isChanged(item) ? 0 : item.justification.some(({ type }) => type !== "INFO") ? 1 : 2;
  const sorted = shown.toSorted((a, b) => weight(a) - weight(b) || order(a.name, b.name));
  const [telling, plain] = [sorted.filter(hasReason), sorted.filter((item) => !hasReason(item))];
  const table = (caption: string, items: readonly AdvisedPackage[]) =>
    `<div class="changes">${tableHtml(caption, ["package", "you have", "advised", "why"], [bodyHtml(items.map(changeRow))])}</div>`;
  if (telling.length === 0 || plain.length <= FEW_PLAIN)
    return table("Packages that changed, or are not simply the newest", sorted);
  const words = `${plural(plain.length, "package")} more moved, with nothing else to tell`;
  return `${table("Packages of which there is something to tell", telling)}
<details><summary>${escapeHtml(words)}</summary>${table("Packages that moved", plain)}</details>`;
}

/** So many rows without a reason are no wall. */
const FEW_PLAIN = 8;

function hasReason({ justification, vulnerabilities }: AdvisedPackage): boolean {
  return justification.length + vulnerabilities.length > 0;
}

function changeRow(item: AdvisedPackage): string {
  const { name, version, before, vulnerabilities, justification } = item;
  const mark = isChanged(item) ? ' <span class="mark changed">changed</span>' : "";
  const flaws =
    vulnerabilities.length === 0
      ? ""
      : `<br><a href="#evidence" class="mark flaw">${countFlaws(vulnerabilities.length)}</a>`;
  const reasons = justification.map(({ type, message, link }) => {
    const kind = type === "INFO" ? "" : `<strong>${escapeHtml(type.toLowerCase())}:</strong> `;
    const source = link === undefined ? "" : linkHtml(link);
    return `<li>${kind}${sentenceHtml(message)}${source === "" ? "" : ` ↗ ${source}`}</li>`;
  });
  const why = reasons.length === 0 ? "" : `<ul>${reasons.join("")}</ul>`;
  return rowHtml([escapeHtml(name), escapeHtml(before ?? ""), `${escapeHtml(version)}${mark}${flaws}`, why]);
}

function looseningHtml({ relaxations }: AdvisedStack): string {
  if (relaxations.length === 0) return "<p>No gain from loosening one of your requirements is reported.</p>";
  const rows = relaxations.map((gain) =>
    rowHtml([
      `<code>${escapeHtml(gain.requirement)}</code>`,
      `<code>${escapeHtml(gain.instead)}</code>`,
      escapeHtml(`${gain.level}: ${gain.before} → ${gain.after}`),
      escapeHtml(String(gain.vulnerabilities)),
      gain.proof === "optimal" ? "proved" : "the best that was found",
    ]),
  );
  const heading = ["your requirement", "instead", "would pay", "known vulnerabilities then", "proof"];
  return tableHtml("One requirement at a time; nothing is loosened unasked", heading, [bodyHtml(rows)]);
}

function objectiveHtml({ objective, packages }: AdvisedStack): string {
  const rows = objective.map((level) => levelRow(level, packages));
  const isOpen = objective.some(({ value, bound }) => bound < value);
  const caption = [
    "Levels are compared from the first to the last, and less is better. A bar is divided among those who pay; bars of different levels have different units.",
    ...(isOpen ? ["A stroke across a bar: no stack can pay less than this."] : []),
  ].join(" ");
  return tableHtml(caption, ["level", "paid", "at least", "who pays"], [bodyHtml(rows)]);
}

function levelRow({ level, value, bound }: Level, packages: readonly AdvisedPackage[]): string {
  const meaning = meaningOf(level);
  const header = `${escapeHtml(level)}${meaning === undefined ? "" : `<br><span class="quiet">${escapeHtml(meaning)}</span>`}`;
  const payers = value > 0 ? payersOf({ level, value }, packages) : [];
  const names = payers.map(({ name, cost }) => escapeHtml(`${name} ${cost}`)).join(", ");
  const bar = value > 0 ? barSvg({ level, value, bound }, payers) : "";
  return rowHtml([
    header,
    escapeHtml(String(value)),
    escapeHtml(String(bound)),
    `${bar}<div class="quiet">${names}</div>`,
  ]);
}

const BAR_WIDTH = 200;

function barSvg({ level, value, bound }: Level, payers: readonly Payer[]): string {
  const scale = BAR_WIDTH / Math.max(value, 1);
  let x = 0;
  const parts = payers.map(({ cost }, at) => {
    const width = Math.max(1, cost * scale - 1);
    const part = `<rect class="part${at % 2 === 0 ? "" : " next"}" x="${place(x)}" y="2" width="${place(width)}" height="12"/>`;
    x += cost * scale;
    return part;
  });
  const at = place(Math.min(BAR_WIDTH, Math.max(0, bound * scale)));
  const tick = bound < value ? `<path class="bound" d="M${at} 0V16"/>` : "";
  const title = escapeHtml(`${level}: ${value} paid, at least ${bound} by any stack`);
  return `<svg width="${BAR_WIDTH}" height="16" viewBox="0 0 ${BAR_WIDTH} 16" role="img" aria-label="${title}"><title>${title}</title>${parts.join("")}${tick}</svg>`;
}

function place(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const SEVERITIES = ["critical", "high", "medium", "unknown", "low"];

function rank({ severity }: KnownFlaw): number {
  const at = SEVERITIES.indexOf(severity);
  return at < 0 ? SEVERITIES.indexOf("unknown") : at;
}

function evidenceHtml(document: AdvicePage, { packages }: AdvisedStack): string {
  const kept = packages.map((item) => ({ item, version: item.version, flaws: item.vulnerabilities }));
  const cleared = packages.map((item) => {
    const left = new Set(item.vulnerabilities.map(({ id }) => id));
    const flaws = (item.vulnerabilitiesBefore ?? []).filter(({ id }) => !left.has(id));
    return { item, version: item.before ?? "", flaws };
  });
  const tables = [
    flawTable("Of the advised versions", kept),
    flawTable("Cleared: of the versions that you have, and no longer of the advised ones", cleared),
  ].filter((table) => table !== "");
  const isClean = document.knowledge.advisories > 0 && countOf(packages) === 0;
  const intro = isClean ? "<p>None is known of the advised versions.</p>" : "";
  return `<p>${knowledgeText(document)}</p>\n${intro}${tables.join("\n")}`;
}

interface FlawedRelease {
  readonly item: AdvisedPackage;
  readonly version: string;
  readonly flaws: readonly KnownFlaw[];
}

function flawTable(caption: string, releases: readonly FlawedRelease[]): string {
  const worst = ({ flaws }: FlawedRelease) => Math.min(...flaws.map(rank));
  const bodies = releases
    .filter(({ flaws }) => flaws.length > 0)
    .toSorted(
      (a, b) => worst(a) - worst(b) || b.flaws.length - a.flaws.length || order(a.item.name, b.item.name),
    )
    .map(({ item, version, flaws }) => {
      const title = escapeHtml(`${item.name} ${version}: ${countFlaws(flaws.length)}`);
      const rows = flaws.toSorted((a, b) => rank(a) - rank(b) || order(a.id, b.id)).map(flawRow);
      return bodyHtml([`<tr><th scope="rowgroup" colspan="4">${title}</th></tr>`, ...rows]);
    });
  if (bodies.length === 0) return "";
  return tableHtml(caption, ["known vulnerability", "severity", "ended by", "also called"], bodies);
}

function flawRow(flaw: KnownFlaw): string {
  const others = flaw.aliases.filter((alias) => alias !== flaw.id);
  return rowHtml([
    linkHtml(flaw.link, flaw.id),
    escapeHtml(flaw.severity),
    escapeHtml(flaw.fixedIn.length === 0 ? "no release is known to end it" : flaw.fixedIn.join(", ")),
    `<span class="quiet">${escapeHtml(others.join(", "))}</span>`,
  ]);
}

function stackInfoSection({ stackInfo = [] }: AdvisedStack): string[] {
  if (stackInfo.length === 0) return [];
  const items = stackInfo.map(
    ({ message, link }) => `<li>${sentenceHtml(message)}${link === "" ? "" : ` ${linkHtml(link)}`}</li>`,
  );
  return [sectionHtml("rules", "What rules say of the whole stack", `<ul>${items.join("")}</ul>`)];
}

function unknownHtml({ unknown }: AdvicePage, { packages }: AdvisedStack): string {
  const untold = packages.filter((item) => item.before !== undefined && flawsBefore(item) === undefined);
  const items = [
    ...unknown,
    ...(untold.length === 0
      ? []
      : [
          `known vulnerabilities of what you have: not told for ${untold.map(({ name }) => name).join(", ")}`,
        ]),
  ];
  if (items.length === 0) return "<p>The adviser names nothing.</p>";
  return `<p>An unknown is not a zero.</p>\n<ul>${items.map((text) => `<li>${sentenceHtml(text)}</li>`).join("")}</ul>`;
}

function againHtml(document: AdvicePage, { lock }: AdvisedStack): string {
  const { command, asOf } = document;
  const {
    python_full_version: python,
    sys_platform: platform,
    platform_machine: machine,
  } = lock?.environment ?? {};
  const target = [
    ...(python === undefined || python === "" ? [] : [`Python ${python}`]),
    ...[platform, machine].filter((word) => word !== undefined && word !== ""),
  ];
  const lines = [
    `As of ${asOf}: nothing uploaded later counts.`,
    ...(target.length === 0 ? [] : [`For ${target.join(", ")}.`]),
  ];
  const words = command === undefined ? "" : `\n<pre><code>${escapeHtml(command)}</code></pre>`;
  const rules = (document.rules ?? []).map(
    ({ source, commit }) => ` ${escapeHtml(`Its rules are those of ${source} at commit ${commit}.`)}`,
  );
  return `<p>${escapeHtml(lines.join(" "))} ${knowledgeText(document)}${rules.join("")}</p>${words}`;
}

function stackHtml({ packages }: AdvisedStack): string {
  const rows = packages.map(({ name, version, requiredBy }) => {
    const asked = requiredBy.map((demand) => `${demand.name ?? "you"} ${demand.specifiers}`.trim());
    return rowHtml([escapeHtml(name), escapeHtml(version), escapeHtml(asked.join("; "))]);
  });
  const caption = `${plural(packages.length, "package")}, and who asks for each`;
  return tableHtml(caption, ["package", "version", "asked for by"], [bodyHtml(rows)]);
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
