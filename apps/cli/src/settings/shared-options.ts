// Options that several commands share, each with its environment variable.

import type { OptionSpec } from "../frame/command.ts";

/** Where packages come from. */
export const indexOptions: readonly OptionSpec[] = [
  { flags: "-i, --index-url <url>", description: "the package index", variable: "THOTH_INDEX_URL" },
  {
    flags: "--extra-index-url <url>",
    description: "another index; the first index that knows a name owns it",
    variable: "THOTH_EXTRA_INDEX_URL",
    repeatable: true,
  },
  {
    flags: "-f, --find-links <place>",
    description: "a folder or page with links to packages",
    variable: "THOTH_FIND_LINKS",
    repeatable: true,
  },
  { flags: "--no-index", description: "use --find-links only", variable: "THOTH_NO_INDEX" },
  { flags: "--offline", description: "ask no index; use what is kept", variable: "THOTH_OFFLINE" },
  {
    flags: "--cache-dir <folder>",
    description: "where fetched facts and files are kept",
    variable: "THOTH_CACHE_DIR",
  },
];

export const pythonOption: OptionSpec = {
  flags: "-p, --python-version <version>",
  description: "the Python to resolve for, such as 3.12",
  variable: "THOTH_PYTHON_VERSION",
};

export const advisoryOption: OptionSpec = {
  flags: "--advisories <place>",
  description: "OSV documents (a folder, file or archive) instead of those that were imported",
  variable: "THOTH_ADVISORIES",
  repeatable: true,
};

export const serviceOption: OptionSpec = {
  flags: "--service <url>",
  description: "the Thoth service that is asked; THOTH_TOKEN says who asks",
  variable: "THOTH_SERVICE",
};

/** Of commands that ask no index, and keep what they fetch. */
export const keptOptions = indexOptions.filter(
  ({ variable }) => variable === "THOTH_OFFLINE" || variable === "THOTH_CACHE_DIR",
);

/** Of commands that read or write the knowledge graph. */
export const databaseOption: OptionSpec = {
  flags: "--database <place>",
  description: "the knowledge graph: a postgresql:// URL, or a file instead of this machine's own",
  variable: "THOTH_DATABASE",
};

/** Of `thoth knowledge`. */
export const knowledgeOptions: readonly OptionSpec[] = [
  databaseOption,
  {
    flags: "--package <name...>",
    description:
      "export what is known of these alone; refresh asks about these, else about those in the cache",
    variadic: true,
  },
  {
    flags: "--kind <kind...>",
    description: "export facts of these kinds alone, such as health",
    variadic: true,
  },
  {
    flags: "--source <url>",
    description: "the archive of OSV documents to refresh from instead of OSV's own",
    variable: "THOTH_ADVISORY_SOURCE",
  },
  {
    flags: "--from <file>",
    description: "a lock or requirements with packages that refresh asks about",
    repeatable: true,
  },
  {
    flags: "--image <name>",
    description: "an image that refresh asks about, such as python:3.12-slim",
    repeatable: true,
  },
  {
    flags: "--every <time>",
    description: "ask again for what was asked for so long ago, such as 12h or 7d; 0: for everything",
  },
  { flags: "--timeout <seconds>", description: "time the refresh of a source may take" },
  ...keptOptions,
];

/** Of `thoth inspect-image`. */
export const imageOptions: readonly OptionSpec[] = [
  {
    flags: "--credentials <file>",
    description: "a file that holds USER:PASSWORD, for the image's registry",
  },
  {
    flags: "--largest <GiB>",
    description: "how large the image may be, packed; 16 where nothing is said",
    variable: "THOTH_LARGEST_IMAGE",
  },
  {
    flags: "--most-kept <number>",
    description: "images that the knowledge graph may hold; 1000 where nothing is said; 0: it is not minded",
    variable: "THOTH_KEPT_IMAGES",
  },
  { flags: "--timeout <seconds>", description: "time that it may take; 3600 where none is named" },
  databaseOption,
];

/** Of `thoth abi-check`. */
export const abiOptions: readonly OptionSpec[] = [
  {
    flags: "--image <name>",
    description: "an image of the knowledge graph, by a name or its digest, instead of this machine",
  },
  { flags: "--environment <folder>", description: "a virtual or conda environment of this machine" },
  databaseOption,
  pythonOption,
  ...indexOptions,
];

/** Of `thoth prescriptions`. */
export const ruleOptions: readonly OptionSpec[] = [
  databaseOption,
  {
    flags: "--package <name>",
    description: "refresh the rules about this package alone",
    repeatable: true,
  },
  { flags: "--as-of <date>", description: "what is old, refresh tells from here; default: now" },
  ...keptOptions,
];

export const auditOptions: readonly OptionSpec[] = [
  {
    flags: "--format <format>",
    description: "how the findings are printed",
    choices: ["table", "sarif", "cyclonedx"],
    fallback: "table",
  },
  advisoryOption,
  databaseOption,
];

/** How a stack is chosen. */
export const resolutionOptions: readonly OptionSpec[] = [
  ...indexOptions,
  databaseOption,
  {
    flags: "--observations <file>",
    description: "observations of your own beside the graph's: what `thoth knowledge export` wrote",
    variable: "THOTH_OBSERVATIONS",
    repeatable: true,
  },
  {
    flags: "--as-of <date>",
    description: "nothing uploaded later exists; auto: a notebook that is locked says when",
    variable: "THOTH_AS_OF",
  },
  pythonOption,
  {
    flags: "--platform <name>",
    description: "a wheel platform, or linux, macos, windows",
    variable: "THOTH_PLATFORM",
  },
  {
    flags: "-c, --constraint <file>",
    description: "a file of constraints",
    variable: "THOTH_CONSTRAINT",
    repeatable: true,
  },
  {
    flags: "--prerelease <when>",
    description: "whether pre-releases may be chosen",
    variable: "THOTH_PRERELEASE",
    choices: ["if-necessary", "allow", "disallow"],
  },
  {
    flags: "--resolution <which>",
    description: "which admissible versions are preferred",
    variable: "THOTH_RESOLUTION",
    choices: ["highest", "lowest", "lowest-direct"],
  },
  {
    flags: "--requires-python <how>",
    description: "whether upper bounds of Requires-Python count (full), or lower bounds alone",
    variable: "THOTH_REQUIRES_PYTHON",
    choices: ["full", "lower"],
  },
  {
    flags: "--recommendation-type <type>",
    description: "what counts as the greatest stack",
    variable: "THOTH_RECOMMENDATION_TYPE",
    choices: ["latest", "stable", "testing", "security", "performance"],
  },
  {
    flags: "--objective <levels>",
    description: 'levels of your own, the first first: "vulnerability(>=high), lag(direct)"',
    variable: "THOTH_OBJECTIVE",
  },
  {
    flags: "--strict",
    description: "fail where the best stack keeps a known vulnerability",
    variable: "THOTH_STRICT",
  },
  advisoryOption,
  {
    flags: "--prescriptions <place>",
    description: "rules (a folder, an archive, git+https://…@ref#subdirectory=…) instead of those shipped",
    variable: "THOTH_PRESCRIPTIONS",
    repeatable: true,
  },
  {
    flags: "--label <name=value>",
    description: "a label of the request, for rules that ask for one",
    variable: "THOTH_LABEL",
    repeatable: true,
  },
  {
    flags: "--runtime-environment <place>",
    description:
      "where the stack is to run, for rules: an environment of .thoth.yaml by its name, a file like it, or JSON",
    variable: "THOTH_RUNTIME_ENVIRONMENT",
  },
  {
    flags: "--engine <name>",
    description: "the resolution engine",
    variable: "THOTH_ENGINE",
    choices: ["thoth", "service", "uv", "pip", "pipenv"],
  },
  {
    ...serviceOption,
    description: "a Thoth service that chooses the stack instead of this machine; THOTH_TOKEN says who asks",
  },
  {
    flags: "--only-binary <names>",
    description: "wheels only for these packages, or :all:",
    variable: "THOTH_ONLY_BINARY",
    repeatable: true,
  },
  {
    flags: "--no-binary <names>",
    description: "source distributions only for these packages, or :all:",
    variable: "THOTH_NO_BINARY",
    repeatable: true,
  },
  {
    flags: "--allow-build",
    description: "a source distribution may run its code",
    variable: "THOTH_ALLOW_BUILD",
  },
  { flags: "--timeout <seconds>", description: "time the resolution may take", variable: "THOTH_TIMEOUT" },
  {
    flags: "--max-steps <number>",
    description: "steps that the search may take: the same answer on every machine",
    variable: "THOTH_MAX_STEPS",
  },
  { flags: "--explain <how>", description: "how a failure is explained", choices: ["short", "full"] },
];

/** Of a list of versions. */
export const allOption: OptionSpec = {
  flags: "--all",
  description: "show every version, and why some do not fit",
};

const FITTING: ReadonlySet<string | undefined> = new Set([
  ...indexOptions.map(({ variable }) => variable),
  "THOTH_AS_OF",
  "THOTH_PYTHON_VERSION",
  "THOTH_PLATFORM",
  "THOTH_CONSTRAINT",
  "THOTH_PRERELEASE",
  "THOTH_REQUIRES_PYTHON",
  "THOTH_ADVISORIES",
  "THOTH_ONLY_BINARY",
  "THOTH_NO_BINARY",
]);

/** What decides which releases of one package fit, where nothing is resolved. */
export const fittingOptions = resolutionOptions.filter(({ variable }) => FITTING.has(variable));
