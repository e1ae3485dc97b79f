// Documents of the first API: those of Thoth's user API, whose clients mind every member that is named here.
// https://github.com/thoth-station/user-api/blob/master/openapi/openapi.yaml

import type { Schema } from "../schema.ts";
import {
  anyObject,
  choiceOf,
  count,
  type Described,
  flag,
  listOf,
  nullable,
  number,
  openShapeOf,
  shapeOf,
  text,
  type ValueOf,
} from "../shape.ts";

/** What is told again of what was asked. */
export const parameters = anyObject;

export const v1Failure = shapeOf("What failed", { error: text, parameters });

export const STATES_OF_V1 = ["pending", "running", "failed", "error", "terminated"] as const;

const status = shapeOf("How far an analysis is", {
  state: choiceOf(...STATES_OF_V1),
  reason: nullable(text),
  started_at: nullable(text),
  finished_at: nullable(text),
});

export const analysisStatus = shapeOf("The status of an analysis", { status, parameters });
export const unfinishedAnalysis = shapeOf("An analysis without a result yet", {
  error: text,
  status,
  parameters,
});
export const analysisLog = shapeOf("The log of an analysis", { log: text, parameters });

export const queuedAnalysis = shapeOf("An analysis that is queued", {
  analysis_id: text,
  cached: flag,
  authenticated: flag,
  parameters,
});

/** What a client of another version says besides is nothing to mind. */
const given = <S extends Schema>(schema: S): Described<ValueOf<S> | null> => nullable(schema);

const fileContent: Described<string | Readonly<Record<string, unknown>>> = { anyOf: [text, anyObject] };

const applicationStack = openShapeOf("Pipfile and Pipfile.lock", {
  /** TOML, or JSON that says the same. */
  requirements: fileContent,
  /** Empty: there is none. */
  "requirements_lock?": given(fileContent),
});

const runtimeEnvironment = openShapeOf("Where the stack shall run", {
  "name?": given(text),
  "operating_system?": given(
    openShapeOf("An operating system", { "name?": given(text), "version?": given(text) }),
  ),
  "python_version?": given(text),
  "platform?": given(text),
});

const remark = openShapeOf("A remark", {
  message: text,
  type: choiceOf("WARNING", "INFO", "ERROR"),
  link: text,
});

const libraryUsage = openShapeOf("What code uses, by module", {
  "version?": given(text),
  report: { type: "object", additionalProperties: listOf(text) } as Described<
    Readonly<Record<string, readonly string[]>>
  >,
});

export const adviseInput = openShapeOf("A stack to advise on", {
  application_stack: applicationStack,
  "runtime_environment?": given(runtimeEnvironment),
  "constraints?": given(text),
  "labels?": given(anyObject),
  "library_usage?": given(libraryUsage),
  "justification?": given(listOf(remark)),
  "stack_info?": given(listOf(remark)),
  "kebechet_metadata?": given(anyObject),
  /** Refused: what is taken and then not done would be worse. */
  "callback_info?": given(anyObject),
});

export const provenanceInput = openShapeOf("A stack whose provenance is in question", {
  application_stack: applicationStack,
  "justification?": given(listOf(remark)),
  "stack_info?": given(listOf(remark)),
  "kebechet_metadata?": given(anyObject),
});

export type AdviseInput = ValueOf<typeof adviseInput>;
export type ProvenanceInput = ValueOf<typeof provenanceInput>;
export type RuntimeEnvironment = ValueOf<typeof runtimeEnvironment>;
export type Remark = ValueOf<typeof remark>;

/** Every member is needed: the clients refuse an answer that lacks one. */
export const metadata = shapeOf("How a document came to be", {
  analyzer: text,
  analyzer_version: text,
  arguments: anyObject,
  datetime: text,
  distribution: shapeOf("An operating system", {
    codename: text,
    id: text,
    like: text,
    version: text,
    version_parts: shapeOf("Parts of a version", { build_number: text, major: text, minor: text }),
  }),
  document_id: text,
  duration: count,
  hostname: text,
  os_release: anyObject,
  python: shapeOf("An interpreter", {
    api_version: count,
    implementation_name: text,
    major: count,
    micro: count,
    minor: count,
    releaselevel: text,
    serial: count,
  }),
  thoth_deployment_name: text,
  timestamp: count,
});

const constraint = shapeOf("A constraint", { name: text, version: text, markers: text });

const project = shapeOf("A project", {
  constraints: listOf(constraint),
  /** A Pipfile as JSON. */
  requirements: anyObject,
  /** A Pipfile.lock as JSON. */
  requirements_locked: nullable(anyObject),
  runtime_environment: anyObject,
});

const product = shapeOf("A recommended stack", {
  advised_manifest_changes: listOf(listOf(anyObject)),
  advised_runtime_environment: nullable(anyObject),
  dependency_graph: shapeOf("Who needs whom, by places in the list of nodes", {
    nodes: listOf(text),
    edges: listOf(listOf(count)),
  }),
  justification: listOf(remark),
  project,
  score: number,
});

const report = shapeOf("What is recommended", {
  "ERROR?": text,
  "accepted_final_states_count?": count,
  products: listOf(product),
  stack_info: listOf(remark),
});

export const adviserResult = shapeOf("What an adviser has found", {
  metadata,
  result: shapeOf("The result of an adviser", {
    error: flag,
    error_msg: nullable(text),
    parameters,
    report,
  }),
});

export const provenanceResult = shapeOf("What a provenance check has found", {
  metadata,
  result: shapeOf("The result of a provenance check", {
    error: flag,
    error_msg: nullable(text),
    input: nullable(anyObject),
    parameters: openShapeOf("What was checked", { whitelisted_sources: listOf(text), project }),
    report: listOf(
      openShapeOf("A finding", { type: choiceOf("ERROR", "WARNING", "INFO"), id: text, justification: text }),
    ),
  }),
});

export type V1Metadata = ValueOf<typeof metadata>;
export type V1Project = ValueOf<typeof project>;
export type V1Product = ValueOf<typeof product>;
export type AdviserResult = ValueOf<typeof adviserResult>;
export type ProvenanceResult = ValueOf<typeof provenanceResult>;

const packageVersion = {
  package_name: text,
  package_version: text,
  index_url: text,
} as const;

export const packageNames = shapeOf("Packages that are known", {
  packages: listOf(shapeOf("A package", { package_name: text })),
});

export const packageVersions = shapeOf("Versions of a package", {
  versions: listOf(shapeOf("A version of a package", packageVersion)),
});

export const versionMetadata = shapeOf("What a version says of itself", {
  parameters,
  metadata: shapeOf("Metadata of a version", {
    ...packageVersion,
    /** Top-level modules, as far as they are known. */
    packages: listOf(text),
    dependencies: listOf(text),
    importlib_metadata: shapeOf("As Python's importlib.metadata tells", {
      version: text,
      requires: listOf(text),
      metadata: anyObject,
      entry_points: listOf(shapeOf("An entry point", { name: text, value: text, group: text })),
      files: listOf(anyObject),
    }),
  }),
});

const maybe = nullable(text);

export const packageMetadata = shapeOf("Core metadata of a version", {
  parameters,
  metadata: shapeOf("As its METADATA has it; null: it does not say", {
    author: maybe,
    author_email: maybe,
    classifier: listOf(text),
    download_url: maybe,
    home_page: maybe,
    keywords: maybe,
    license: maybe,
    maintainer: maybe,
    maintainer_email: maybe,
    metadata_version: maybe,
    name: maybe,
    platform: nullable(listOf(text)),
    requires_dist: nullable(listOf(text)),
    summary: maybe,
    version: maybe,
    requires_python: maybe,
    description_content_type: maybe,
    /** `Label, URL`, one a line. */
    project_url: maybe,
    /** One a line. */
    provides_extra: maybe,
  }),
});

export const versionDependencies = shapeOf("What a version needs", {
  dependencies: listOf(
    shapeOf("A dependency; the version is its specifier", {
      name: text,
      version: text,
      extra: text,
      environment_marker: text,
    }),
  ),
  parameters,
});

const environment = shapeOf("Where stacks can run", {
  os_name: text,
  os_version: text,
  python_version: text,
});

export const versionEnvironments = shapeOf("Where a version can be installed", {
  environments: listOf(environment),
  parameters,
});

export const importProviders = shapeOf("Packages that provide an import", {
  package_names: listOf(
    shapeOf("A version that provides it", {
      ...packageVersion,
      import: text,
      /** The same, as it was called before. */
      package_import: text,
    }),
  ),
  parameters,
});

export const packageIndexes = shapeOf("Indexes that are asked", {
  indexes: listOf(
    shapeOf("An index", {
      url: text,
      warehouse_api_url: nullable(text),
      verify_ssl: flag,
      only_if_package_seen: flag,
    }),
  ),
});

export const pythonEnvironments = shapeOf("Environments that advice is given for", {
  environment: listOf(environment),
});

export const pythonPlatforms = shapeOf("Platforms that advice is given for", { platform: listOf(text) });

export const containerImage = shapeOf("A container image", {
  datetime: text,
  environment_type: choiceOf("BUILDTIME", "RUNTIME"),
  environment_name: nullable(text),
  env_image_name: nullable(text),
  env_image_tag: nullable(text),
  thoth_image_name: nullable(text),
  thoth_image_version: nullable(text),
  image_sha: text,
  image_analysis_url: text,
  package_extract_document_id: text,
  quay_repo_url: text,
  os_name: nullable(text),
  os_version: nullable(text),
  python_version: nullable(text),
  cuda_version: nullable(text),
});

export const containerImages = shapeOf("Container images that are known", {
  container_images: listOf(containerImage),
  parameters: openShapeOf("What was asked", { page: count }),
});

export type EnvironmentOfV1 = ValueOf<typeof environment>;
export type ContainerImages = ValueOf<typeof containerImages>;
export type PackageMetadata = ValueOf<typeof packageMetadata>;
export type VersionMetadata = ValueOf<typeof versionMetadata>;
