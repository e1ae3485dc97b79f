// A conflict as a rule in the form of our own rules, with cases beside it that `thoth prescriptions test` tries.

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Guilty, rangeOf, type Stack } from "@thoth/inspection";
import { stringify } from "yaml";
import { replaceFile } from "../files/replace-file.ts";

export interface Blame {
  readonly members: readonly Guilty[];
  /** Packages that must be there as well, in whichever release. */
  readonly companions: readonly string[];
  /** What the code must use for it to matter, such as `numpy.float`. */
  readonly uses?: string | undefined;
  readonly symptom: string;
  readonly stage: "build" | "install" | "import" | "run";
  readonly stack: Stack;
  /** Such as `cpython 3.11 x86_64-linux`. */
  readonly place: string;
  /** Such as `2026-11-30`. */
  readonly day: string;
}

export interface RuleTexts {
  /** Without ending, such as `flask-werkzeug-3-1`. */
  readonly name: string;
  readonly rule: string;
  readonly cases: string;
}

const FORM = { lineWidth: 110, aliasDuplicateObjects: false };
const WORDS = { build: "to be built", install: "to install", import: "to import", run: "to run" } as const;

export function ruleTexts(blame: Blame): RuleTexts {
  const { members, companions, place, day, uses } = blame;
  const unit = `${members.map(({ name, version }) => camel(`${name}-${version}`)).join("")}Step`;
  const parts = [
    ...members.map((member) => ({ name: member.name, ...versionOf(member) })),
    ...companions.map((name) => ({ name })),
  ];
  const single = parts.length === 1;
  const usage = uses === undefined ? {} : { library_usage: usageOf(uses) };
  const rule = {
    units: {
      steps: [
        {
          name: unit,
          type: single ? "step" : "step.Group",
          should_include: { adviser_pipeline: true, ...usage },
          match: single
            ? { package_version: parts[0] }
            : { group: parts.map((part) => ({ package_version: part })) },
          run: {
            score: -1.0,
            justification: [
              {
                type: "ERROR",
                message: messageOf(blame, parts),
                link: `https://pypi.org/project/${members[0]?.name}/`,
              },
            ],
          },
        },
      ],
    },
    metadata: { thoth: { proof: `inspected on ${day}, ${place}` } },
  };
  return {
    name: members
      .map(({ name, version }) => `${name}-${version}`)
      .join("-")
      .replace(/[^a-z0-9.-]/g, "-"),
    rule: stringify(rule, FORM),
    cases: stringify({ cases: casesOf(blame, unit) }, FORM),
  };
}

function usageOf(uses: string): Readonly<Record<string, readonly string[]>> {
  return { [uses.split(".", 1)[0]!]: [uses] };
}

function messageOf(
  { symptom, stage, uses }: Blame,
  parts: readonly { readonly name: string; readonly version?: string }[],
): string {
  const told = parts
    .map(({ name, version }) => (version === undefined ? name : `${name} ${version}`))
    .join(" with ");
  const who = uses === undefined ? told : `code that uses \`${uses}\` with ${told}`;
  return `${who} was seen to fail ${WORDS[stage]}: \`${clean(symptom)}\``;
}

function versionOf(member: Guilty): { readonly version?: string } {
  const range = rangeOf(member);
  return range === "" ? {} : { version: range };
}

/** What failed, and for each member the nearest releases that passed beside the others. */
function casesOf({ members, companions, stack, uses }: Blame, unit: string): readonly object[] {
  const own = new Map(stack);
  const used = uses === undefined ? {} : { uses: usageOf(uses) };
  const failing = Object.fromEntries([
    ...members.map(({ name, version }) => [name, own.get(name) ?? version] as const),
    ...companions.map((name) => [name, own.get(name) ?? "1.0"] as const),
  ]);
  const titled = (versions: Readonly<Record<string, string>>) =>
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(" with ");
  const passing = members.flatMap(({ name, older, newer }) =>
    [older, newer].flatMap((edge) => {
      if (edge === undefined || edge === "all") return [];
      const versions = { ...failing, [name]: edge.good };
      return [{ name: `${titled(versions)} is left alone`, ...used, stack: versions, fires: [] }];
    }),
  );
  return [{ name: `${titled(failing)} is penalised`, ...used, stack: failing, fires: [unit] }, ...passing];
}

function camel(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");
}

function clean(text: string): string {
  return text
    .replace(/ \([^()]*site-packages[^()]*\)/g, "")
    .replaceAll("`", "'")
    .slice(0, 200);
}

/** Into a folder of rules, which is made where it is not there. Throws file-failed. */
export async function writeRule(
  folder: string,
  { name, rule, cases }: RuleTexts,
  day: string,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const about = join(folder, "_prescription_metadata.yaml");
  if (!existsSync(about))
    await replaceFile(
      about,
      stringify({ prescription: { name: "found", release: day.replaceAll("-", ".") } }),
    );
  const path = join(folder, `${name}.yaml`);
  await replaceFile(path, rule);
  await replaceFile(join(folder, `${name}.test.yaml`), cases);
  return path;
}
