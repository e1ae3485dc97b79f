// What healing came to: in words, as a part of the document, as facts and as a rule.

import { createHash } from "node:crypto";
import type { Interpreter } from "@thoth/environment";
import { environmentFacts, placeOf, rangeOf, stackDigest } from "@thoth/inspection";
import {
  type AnyFact,
  digestOf,
  environmentDigest,
  type ObservationFact,
  type Owner,
} from "@thoth/knowledge";
import type { Notebook } from "@thoth/notebook";
import { ThothError } from "@thoth/pep";
import { replaceFile } from "../files/replace-file.ts";
import { plural } from "../frame/printable.ts";
import { VERSION } from "../frame/version.ts";
import { ruleTexts } from "../trial/rule-text.ts";
import type { Diagnosis, Healed } from "./heal-notebook.ts";

/** The failure as it was thrown, with what was found out about it. */
export function unhealedError(error: ThothError, diagnosis: Exclude<Diagnosis, Healed>): ThothError {
  const told =
    diagnosis.kind === "notebook"
      ? `No version is to blame: ${diagnosis.why}.`
      : `No version of ${diagnosis.suspects.join(", ")} that was tried heals it (${plural(diagnosis.inspections, "run")}); nothing was changed.`;
  return new ThothError(error.code, error.message, {
    hint: error.hint === undefined ? told : `${told} ${error.hint}`,
    details: { ...error.details, healing: diagnosis },
    cause: error.cause,
  });
}

export interface Record {
  readonly healed: Healed;
  readonly notebook: Notebook;
  readonly interpreter: Interpreter;
  /** Seconds since 1970. */
  readonly at: number;
}

/** The stack that failed with the notebook, and, where packages failed in their own code, an observation of each. */
export async function healingFacts({
  healed,
  notebook,
  interpreter,
  at,
}: Record): Promise<readonly AnyFact[]> {
  const { failing, sentence, cause, symptom } = healed;
  const missing = ["files", "namespaces", "network", "user"];
  const environment = await environmentFacts({ interpreter, limits: {}, missing, threads: {} });
  const code = notebook.cells.map(({ source }) => source).join("\n\n");
  const check = { name: "notebook", sha256: createHash("sha256").update(code).digest("hex"), parameters: {} };
  const subject = digestOf([failing, environmentDigest(environment), check]);
  const provenance = { source: "healing", observedAt: at, tool: `thoth ${VERSION}` };
  const stage = { stage: "run", outcome: "failed", status: 1, wall: 0, log: symptom } as const;
  const facts: AnyFact[] = [
    {
      owner: `stack:${stackDigest(failing)}`,
      kind: "inspection",
      subject,
      body: { stack: failing, environment, check, stages: [stage] },
      provenance,
    },
  ];
  // What only the notebook's own code no longer finds is no fault of the release.
  if (!cause.inside) return facts;
  const versions = new Map(failing);
  const names = [
    ...new Set([...sentence.guilty.map(({ name }) => name), ...cause.suspects.slice(0, cause.named)]),
  ];
  const together = names.filter((name) => versions.has(name)).slice(0, 2);
  for (const name of together) {
    const body: ObservationFact = {
      version: versions.get(name)!,
      beside: together
        .filter((other) => other !== name)
        .map((other) => [other, versions.get(other)!] as const),
      stage: "run",
      outcome: "failed",
      symptom,
      times: 1,
      environment: environmentDigest(environment),
      place: placeOf(interpreter),
    };
    facts.push({ owner: name as Owner, kind: "observation", subject, body, provenance });
  }
  return facts;
}

/** The rule that is proposed, into a file, with its cases beside it (`x.yaml`, `x.test.yaml`). Throws file-failed, usage. */
export async function writeProposedRule(path: string, { healed, interpreter, at }: Record): Promise<void> {
  const { sentence, cause, symptom, failing } = healed;
  const guilty = sentence.guilty.filter((one) => rangeOf(one) !== "");
  const names = new Set(guilty.map(({ name }) => name));
  const inner = cause.suspects.slice(0, cause.named).find((name) => !names.has(name));
  const versions = new Map(failing);
  // The package in whose code it failed belongs to it, in the release that it had.
  const partner =
    cause.inside && inner !== undefined && guilty.length === 1 && versions.has(inner)
      ? [{ name: inner, version: versions.get(inner)! }]
      : [];
  const { rule, cases } = ruleTexts({
    members: [...guilty, ...partner],
    companions: [],
    uses: cause.inside ? undefined : cause.used?.replace(":", "."),
    symptom,
    stage: "run",
    stack: failing,
    place: placeOf(interpreter),
    day: new Date(at * 1000).toISOString().slice(0, 10),
  });
  await replaceFile(path, rule);
  await replaceFile(path.replace(/\.ya?ml$/, ".test.yaml"), cases);
}
