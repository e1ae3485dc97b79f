// What the bodies of facts look like when they come from somewhere else: the types of this folder, as descriptions.

import type {
  ApiClass,
  ApiFact,
  ApiFunction,
  ApiModule,
  ApiName,
  ApiParameter,
  CodeFact,
  ContentsFact,
  NativeLibrary,
} from "./artifact-facts.ts";
import type { FactBodies, FactKind } from "./fact.ts";
import type { ImageFact } from "./image-fact.ts";
import type {
  EnvironmentFacts,
  InspectionFact,
  MeasurementFact,
  ObservationFact,
  StageFact,
} from "./observation-facts.ts";
import type {
  AttestationFact,
  DownloadsFact,
  ExploitationFact,
  HealthFact,
  ReleaseNoteFact,
  RepositoryFact,
  ScorecardFact,
} from "./project-facts.ts";
import {
  count,
  dictionary,
  finite,
  flag,
  integer,
  list,
  numberFrom,
  oneOf,
  optional,
  pair,
  record,
  type Shape,
  text,
  textLike,
  variants,
} from "./shape.ts";

/** Seconds: since 1970 up to the year 10000, or as long. */
const seconds = numberFrom(0, 253_402_300_800);
const name = text(4096);
const url = textLike(/^https?:\/\/[^\s/]/, "an https: URL");
const texts = list(name);
const parameters = dictionary(name);

const health = record<HealthFact>({
  status: oneOf("active", "archived", "quarantined", "deprecated"),
  reason: optional(name),
  releases: count,
  yanked: count,
  lastUpload: optional(seconds),
  firstUpload: optional(seconds),
  maintainers: texts,
  classifiers: texts,
  repository: optional(url),
  newest: optional(name),
  largestFile: optional(count),
});

const repository = record<RepositoryFact>({
  url,
  archived: flag,
  fork: flag,
  stars: count,
  forks: count,
  watchers: optional(count),
  lastCommit: optional(seconds),
  contributors: optional(count),
});

const score = numberFrom(-1, 10);

const scorecard = record<ScorecardFact>({
  repository: name,
  date: seconds,
  score,
  checks: list(record<ScorecardFact["checks"][number]>({ name, score, reason: text() })),
});

const downloads = record<DownloadsFact>({
  days: count,
  total: count,
  rank: optional(count),
  versions: optional(dictionary(count)),
});

const releaseNote = record<ReleaseNoteFact>({
  tag: name,
  url,
  title: name,
  // A character may take two units.
  text: text(8000),
  published: optional(seconds),
});

const attestation = record<AttestationFact>({
  filename: name,
  publishers: list(
    record<AttestationFact["publishers"][number]>({
      kind: name,
      repository: optional(name),
      workflow: optional(name),
    }),
  ),
  predicates: texts,
});

const share = numberFrom(0, 1);

const exploitation = record<ExploitationFact>({
  epss: optional(record<NonNullable<ExploitationFact["epss"]>>({ probability: share, percentile: share })),
  known: optional(record<NonNullable<ExploitationFact["known"]>>({ added: seconds, ransomware: flag })),
});

const library = record<NativeLibrary>({
  path: name,
  machine: name,
  soname: optional(name),
  needs: texts,
  symbols: dictionary(texts),
  provides: texts,
});

const contents = record<ContentsFact>({
  filename: name,
  size: count,
  installedSize: count,
  files: count,
  modules: texts,
  entryPoints: list(record<ContentsFact["entryPoints"][number]>({ group: name, name, value: name })),
  scripts: texts,
  license: optional(text()),
  licenseFrom: optional(oneOf("expression", "field", "classifiers", "file", "text")),
  licenseFiles: texts,
  libraries: list(library),
  opaque: texts,
});

const apiParameters = list(
  record<ApiParameter>({
    name,
    kind: oneOf("positional", "either", "keyword", "rest", "keywords"),
    optional: flag,
  }),
);

type Variant<Kind extends ApiName["kind"]> = Extract<ApiName, { readonly kind: Kind }>;

/** The names of a class are names again. */
const members: Shape<ApiClass["members"]> = (value, budget) => dictionary(apiName)(value, budget);

const plain = record<Extract<ApiName, { readonly kind: "value" | "module" }>>({
  kind: oneOf("value", "module"),
  type: optional(texts),
});

const apiName: Shape<ApiName> = variants<ApiName>({
  value: plain,
  module: plain,
  alias: record<Variant<"alias">>({ kind: oneOf("alias"), of: name, typing: optional(flag) }),
  function: record<ApiFunction>({
    kind: oneOf("function"),
    parameters: apiParameters,
    returns: optional(texts),
    loose: optional(flag),
  }),
  class: record<ApiClass>({
    kind: oneOf("class"),
    bases: texts,
    parameters: optional(apiParameters),
    members,
    loose: optional(flag),
    dynamic: optional(flag),
    items: optional(flag),
    stores: optional(flag),
  }),
});

/** The stub of a module is a module too. */
const stub: Shape<ApiModule> = (value, budget) => apiModule(value, budget);

const apiModule: Shape<ApiModule> = record<ApiModule>({
  names: dictionary(apiName),
  stars: optional(texts),
  exports: optional(
    record<NonNullable<ApiModule["exports"]>>({ names: texts, of: texts, open: optional(flag) }),
  ),
  dynamic: optional(flag),
  patches: optional(texts),
  stub: optional(stub),
  refuses: optional(texts),
  perhaps: optional(texts),
});

const api = record<ApiFact>({
  filename: name,
  modules: dictionary(apiModule),
  opaque: texts,
  unread: texts,
});

const grade = oneOf("high", "medium", "low");

const code = record<CodeFact>({
  filename: name,
  lines: count,
  findings: list(
    record<CodeFact["findings"][number]>({
      kind: name,
      severity: grade,
      confidence: grade,
      path: name,
      line: count,
      message: text(),
    }),
  ),
});

const image = record<ImageFact>({
  reference: name,
  also: optional(texts),
  digest: name,
  size: count,
  created: optional(seconds),
  os: record<ImageFact["os"]>({ id: name, version: name }),
  architecture: name,
  packages: list(
    record<ImageFact["packages"][number]>({
      kind: oneOf("rpm", "deb", "apk"),
      name,
      version: name,
      architecture: name,
    }),
  ),
  pythons: list(record<ImageFact["pythons"][number]>({ path: name, version: name })),
  distributions: list(record<ImageFact["distributions"][number]>({ name, version: name, path: name })),
  libraries: list(library),
  environment: dictionary(text()),
});

const environment = record<EnvironmentFacts>({
  os: record<EnvironmentFacts["os"]>({ id: name, version: name }),
  python: name,
  machine: name,
  libc: name,
  cpu: record<EnvironmentFacts["cpu"]>({ model: name, count, features: texts }),
  memory: count,
  gpu: optional(name),
  limits: dictionary(finite),
  missing: texts,
  threads: parameters,
});

const stack = list(pair(name, name));
const stage = oneOf("build", "install", "import", "run");
const outcome = oneOf("passed", "failed", "killed", "timed-out");

const inspection = record<InspectionFact>({
  stack,
  environment,
  check: record<InspectionFact["check"]>({ name, sha256: name, parameters }),
  stages: list(
    record<StageFact>({
      stage,
      outcome,
      status: integer,
      wall: seconds,
      user: optional(seconds),
      system: optional(seconds),
      memory: optional(count),
      throttled: optional(seconds),
      log: optional(text()),
    }),
  ),
});

const observation = record<ObservationFact>({
  version: name,
  beside: stack,
  stage,
  outcome,
  symptom: optional(name),
  times: count,
  environment: name,
  place: name,
});

const measurement = record<MeasurementFact>({
  version: name,
  indicator: name,
  script: name,
  parameters,
  metric: name,
  unit: name,
  higherIsBetter: flag,
  batches: list(list(finite)),
  median: finite,
  interval: pair(finite, finite),
  outliers: count,
  noisy: optional(text()),
  stack,
  environment,
});

export const BODY_SHAPES: { readonly [Kind in FactKind]: Shape<FactBodies[Kind]> } = {
  health,
  repository,
  scorecard,
  downloads,
  "release-note": releaseNote,
  attestation,
  contents,
  api,
  code,
  exploitation,
  image,
  observation,
  inspection,
  measurement,
};
