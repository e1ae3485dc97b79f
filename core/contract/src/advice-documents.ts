// Documents of the adviser: what is recommended, and why.

import type { Schema } from "./schema.ts";
import {
  anyObject,
  choiceOf,
  count,
  flag,
  listOf,
  normalizedName,
  nullable,
  sha256,
  shapeOf,
  text,
} from "./shape.ts";
import { justification, lockDocument, objective, packageVersion, proof } from "./shared-documents.ts";

const vulnerability = shapeOf("A known vulnerability, once however many advisories name it", {
  id: text,
  aliases: listOf(text),
  severity: choiceOf("critical", "high", "medium", "low", "unknown"),
  link: text,
  fixedIn: listOf(text),
});

/** What the answer rests on. */
const knowledge = shapeOf("What the answer rests on", { advisories: count, newest: nullable(text) });

export const auditDocument: Schema = shapeOf("What is known against a lock", {
  lock: text,
  packages: count,
  vulnerabilities: listOf(
    shapeOf("A known vulnerability of a locked release", {
      package_name: normalizedName,
      version: text,
      id: text,
      aliases: listOf(text),
      severity: choiceOf("critical", "high", "medium", "low", "unknown"),
      score: nullable({ type: "number" }),
      exploited: flag,
      epss: nullable(
        shapeOf(
          "How likely the flaw is to be used within 30 days, and the share of flaws that are less likely",
          {
            probability: { type: "number" },
            percentile: { type: "number" },
          },
        ),
      ),
      malware: flag,
      fixedIn: listOf(text),
      summary: text,
      link: text,
    }),
  ),
  knowledge,
  unknown: listOf(text),
});

const known = shapeOf("How much is known, and days since its newest change", {
  advisories: count,
  days: nullable(count),
});

const failure = { code: text, message: text };

const sourceReport = shapeOf("What asking a source has brought", {
  source: text,
  place: text,
  outcome: choiceOf("done", "stopped"),
  "stop?": shapeOf("Why the rest is left for the next time", { ...failure, "hint?": text }),
  items: count,
  fresh: count,
  changed: count,
  unchanged: count,
  absent: count,
  failed: count,
  failures: listOf(shapeOf("What could not be asked for", { key: text, ...failure })),
  facts: count,
});

const graph = shapeOf("What the knowledge graph holds", {
  snapshot: shapeOf("Its newest state; the number 0 is that of the empty graph", {
    id: count,
    at: nullable(text),
    source: text,
  }),
  facts: { type: "object", additionalProperties: count, description: "by kind" },
  jobs: listOf(shapeOf("A job that goes on where it stopped", { job: text, at: text })),
});

export const knowledgeDocument: Schema = shapeOf("What this machine knows", {
  advisories: count,
  newest: nullable(text),
  origin: choiceOf("refreshed", "imported", "shipped"),
  "source?": text,
  "refresh?": shapeOf("What a refresh has brought", {
    source: text,
    outcome: choiceOf("changed", "unchanged"),
    added: count,
    changed: count,
    withdrawn: count,
    before: known,
    after: known,
  }),
  "sources?": listOf(sourceReport),
  "exported?": shapeOf("A part of the knowledge graph that was written to a file", {
    file: text,
    facts: count,
    snapshot: count,
  }),
  "imported?": shapeOf("Parts of a knowledge graph that were read", { files: listOf(text), facts: count }),
  "graph?": graph,
  unknown: listOf(text),
});

const problem = shapeOf("What is wrong with a rule", {
  code: text,
  message: text,
  file: text,
  line: count,
  column: count,
});

const ruleSources = listOf(
  shapeOf("A git repository of rules that was read", {
    source: text,
    commit: text,
    asked: text,
    isCurrent: flag,
  }),
);

export const prescriptionsDocument: Schema = shapeOf(
  "Rules that were checked, tried on cases, or made from facts",
  {
    action: choiceOf("validate", "test", "refresh"),
    "sources?": ruleSources,
    "files?": count,
    "units?": count,
    "counts?": { type: "object", additionalProperties: count },
    "errors?": listOf(problem),
    "warnings?": listOf(problem),
    "difference?": shapeOf("What rules made from facts have changed", {
      added: listOf(text),
      changed: listOf(text),
      removed: listOf(text),
      unchanged: count,
      kept: listOf(text),
      units: listOf(shapeOf("Units of a family", { family: text, units: count })),
    }),
    "passed?": count,
    "failed?": count,
    "cases?": listOf(
      shapeOf("A stack and the units that hold for it", {
        file: text,
        name: text,
        passed: flag,
        fires: listOf(text),
        expected: listOf(text),
      }),
    ),
  },
);

/** What rules say of a stack as a whole; the link may be empty. */
const stackInfo = shapeOf("What rules say of the stack", {
  type: choiceOf("INFO", "WARNING", "ERROR"),
  message: text,
  link: text,
});

const advisedPackage = shapeOf("A package of a recommended stack", {
  name: normalizedName,
  version: text,
  "before?": text,
  "vulnerabilitiesBefore?": listOf(vulnerability),
  requiredBy: listOf(
    shapeOf("Who asks for it; null is the user", { name: nullable(normalizedName), specifiers: text }),
  ),
  pays: listOf(shapeOf("What it costs on a level", { level: text, cost: count })),
  vulnerabilities: listOf(vulnerability),
  justification: listOf(justification),
});

const number: Schema = { type: "number" };

const learnedSearch = shapeOf("A learned search on the same problem", {
  predictor: text,
  seed: count,
  limit: count,
  stacks: count,
  deadEnds: count,
  exhausted: flag,
  stacksPerSecond: count,
  "gap?": nullable(
    shapeOf("Where its best first pays more than the proven optimum; null: nowhere", {
      level: text,
      found: count,
      optimum: count,
    }),
  ),
  found: listOf(
    shapeOf("A stack that it found, the best first", {
      objective,
      packages: listOf(packageVersion),
    }),
  ),
  curve: listOf(
    shapeOf("A stack of the run; null: the predictor has no such number", {
      stack: count,
      score: number,
      best: number,
      temperature: nullable(number),
      acceptance: nullable(number),
      reward: nullable(number),
    }),
  ),
});

const pair: Schema = { type: "array", items: count };

const front = shapeOf("The Pareto front of two levels", {
  levels: listOf(text),
  complete: flag,
  advised: nullable(pair),
  yours: nullable(pair),
  points: listOf(
    shapeOf("A stack that no other betters on one level without being worse on the other", {
      values: pair,
      proved: flag,
      objective,
      packages: listOf(packageVersion),
    }),
  ),
});

const yours = shapeOf("The stack of the lock by the same objective; fits null: not scored in time", {
  fits: nullable(flag),
  levels: listOf(shapeOf("A level", { level: text, yours: count, advised: count })),
  reasons: listOf(text),
});

const movedPackage = shapeOf("A package that is another, new or gone", {
  name: normalizedName,
  from: nullable(text),
  to: nullable(text),
  cleared: listOf(text),
  added: listOf(text),
});

const made = shapeOf("What an advice was made from; digests are SHA-256, null where nothing was minded", {
  thoth: text,
  strictDate: flag,
  options: anyObject,
  requirements: listOf(
    shapeOf("A requirement, and where it stood", { requirement: text, group: text, source: text }),
  ),
  constraints: listOf(text),
  requiresPython: nullable(text),
  prerelease: flag,
  onlyBinary: listOf(text),
  noBinary: listOf(text),
  advisories: nullable(sha256),
  rules: nullable(sha256),
  projects: { type: "object", additionalProperties: sha256 },
});

const replay = shapeOf("Whether an old report has the same answer", {
  same: flag,
  moved: listOf(movedPackage),
  levels: listOf(
    shapeOf("A level that pays otherwise", { level: text, from: nullable(count), to: nullable(count) }),
  ),
  inputs: listOf(
    shapeOf("An input that is another", { input: text, before: nullable(text), after: nullable(text) }),
  ),
});

export const adviceDocument: Schema = shapeOf("Advice", {
  recommendationType: choiceOf("latest", "stable", "testing", "security", "performance"),
  asOf: text,
  products: listOf(
    shapeOf("A recommended stack", {
      proof,
      objective,
      packages: listOf(advisedPackage),
      stackInfo: listOf(stackInfo),
      lock: lockDocument,
      relaxations: listOf(
        shapeOf("What the smallest loosening of one requirement would gain", {
          package_name: normalizedName,
          requirement: text,
          instead: text,
          level: text,
          before: count,
          after: count,
          vulnerabilities: count,
          proof,
        }),
      ),
    }),
  ),
  knowledge,
  "rules?": ruleSources,
  unknown: listOf(text),
  "made?": made,
  "replay?": replay,
  "yours?": yours,
  "front?": front,
  "search?": learnedSearch,
});

const demand = shapeOf("Who asks for it; null is the user", {
  name: nullable(normalizedName),
  specifiers: text,
});
const moved = listOf(
  shapeOf("A package that moves; null: it is not there", {
    name: normalizedName,
    from: nullable(text),
    to: nullable(text),
  }),
);
const differences = listOf(
  shapeOf("A level that changes", { level: text, from: { type: "number" }, to: { type: "number" } }),
);

export const whyDocument: Schema = shapeOf("Why a package has its version", {
  name: normalizedName,
  version: text,
  requiredBy: listOf(demand),
  way: listOf(normalizedName),
  pays: listOf(shapeOf("What it costs on a level", { level: text, cost: count })),
  newest: text,
  vulnerabilities: listOf(text),
  rules: listOf(text),
  otherwise: nullable(shapeOf("The best stack without this release", { moved, differences })),
});

export const whyNotDocument: Schema = shapeOf("Why another version is not chosen", {
  wish: text,
  answer: choiceOf("chosen", "worse", "impossible"),
  "version?": text,
  "moved?": moved,
  "differences?": differences,
  "sentences?": listOf(text),
  "hints?": listOf(text),
});

export const fixDocument: Schema = shapeOf(
  "The smallest change of a lock that clears what is known against it",
  {
    lock: text,
    written: flag,
    proof,
    objective,
    before: count,
    changes: listOf(
      shapeOf("A package that changes", {
        name: normalizedName,
        from: nullable(text),
        to: nullable(text),
        cleared: listOf(text),
      }),
    ),
    left: listOf(
      shapeOf("What stays", { name: normalizedName, version: text, vulnerabilities: listOf(text) }),
    ),
  },
);

const moment = shapeOf("When an advice was given, and the newest advisory that it knew", {
  asOf: nullable(text),
  newest: nullable(text),
});

export const diffDocument: Schema = shapeOf("What two advices or locks have different", {
  moved: listOf(movedPackage),
  same: count,
  before: moment,
  after: moment,
});

export const verifiedDocument: Schema = shapeOf("A proof that was accepted", {
  proof: text,
  asOf: text,
  recommendationType: text,
  claims: listOf(
    shapeOf("What was proved; the best stack first", {
      kind: choiceOf("solved", "unsatisfiable"),
      packages: listOf(
        shapeOf("A package, or an extra of one, and its version", { name: text, version: text }),
      ),
      objective,
      steps: count,
      seconds: { type: "number", minimum: 0 },
    }),
  ),
  "lock?": text,
});
