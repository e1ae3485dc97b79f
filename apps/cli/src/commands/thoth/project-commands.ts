// The commands of `thoth` on a project.

import type { ArgumentSpec, CommandSpec, OptionSpec } from "../../frame/command.ts";
import {
  abiOptions,
  advisoryOption,
  allOption,
  auditOptions,
  databaseOption,
  fittingOptions,
  imageOptions,
  indexOptions,
  knowledgeOptions,
  resolutionOptions,
  ruleOptions,
} from "../../settings/shared-options.ts";
import { lockCommands } from "./lock-commands.ts";
import { s2iCommand } from "./s2i-commands.ts";

const projectFiles: ArgumentSpec = {
  name: "[file...]",
  description: "requirements.txt, .in, Pipfile, pyproject.toml, a script, a notebook; - reads stdin",
};

const proofOption: OptionSpec = {
  flags: "--proof <file>",
  description: "write what shows that no stack is better, or that there is none, for verify-proof",
};

const lockOptions: readonly OptionSpec[] = [
  {
    flags: "--format <format>",
    description: "the form of the lock",
    choices: ["pylock", "requirements", "pipfile-lock", "json"],
  },
  { flags: "--extra <name>", description: "an extra of pyproject.toml to include", repeatable: true },
  { flags: "--all-extras", description: "include every extra of pyproject.toml" },
  { flags: "--group <name>", description: "a dependency group to include", repeatable: true },
  { flags: "--dev", description: "include the packages for development" },
  {
    flags: "--code-usage <file>",
    description: "what the code uses of packages, as JSON; releases that lack it cost breakage",
  },
];

const inspectOptions: readonly OptionSpec[] = [
  {
    flags: "--indicator <name>",
    description: "measure by a performance indicator; all: those that are of the packages asked for",
    repeatable: true,
  },
  { flags: "--indicators <folder>", description: "a folder of further indicators", repeatable: true },
  { flags: "--check <file>", description: "a Python program to run in the stack", repeatable: true },
  {
    flags: "--parameter <name=value>",
    description: "of the indicators, such as SIZE=1024",
    repeatable: true,
  },
  { flags: "--repeat <number>", description: "processes that an indicator is measured in", fallback: "6" },
  { flags: "--allow-network", description: "what is run may use the network" },
  {
    flags: "--without-isolation",
    description: "run it even where the machine cannot isolate it, with your rights",
  },
  { flags: "--processors <number>", description: "processors that it may use; 1 where none is named" },
  { flags: "--memory <MiB>", description: "memory that it may use" },
  { flags: "--disk <MiB>", description: "what it may write" },
  {
    flags: "--time-limit <seconds>",
    description: "time that each process of it may take; 600 where none is named",
  },
];

const isolationOptions = inspectOptions.filter(({ flags }) =>
  /^--(?:allow-network|without-isolation|processors|memory|disk|time-limit)\b/.test(flags),
);

const keepingOption: OptionSpec = {
  ...databaseOption,
  description: "keep what was seen in this knowledge graph",
};

/** What is kept is minded too. */
const keepingOptions = resolutionOptions.map((option) =>
  option === databaseOption ? keepingOption : option,
);

const monkeyOptions: readonly OptionSpec[] = [
  {
    flags: "--predictor <name>",
    description: "which stacks are tried; combinations where no suspects are named",
    choices: ["random", "combinations", "pair"],
  },
  {
    flags: "--suspect <package>",
    description: "one of two packages that are tried together",
    repeatable: true,
  },
  { flags: "--count <number>", description: "stacks that are tried", fallback: "20" },
  { flags: "--seed <number>", description: "of the random stacks", fallback: "0" },
  { flags: "--check <file>", description: "a Python program to run in every stack, beside its imports" },
  { flags: "--jobs <number>", description: "inspections at a time", fallback: "1" },
  { flags: "--report <file>", description: "keep the evidence there, and go on from what it holds" },
  { flags: "--rules <folder>", description: "write what was found and confirmed as rules, with their cases" },
  ...isolationOptions,
];

export const projectCommands: readonly CommandSpec[] = [
  {
    name: "lock",
    summary: "resolve a project and print or write a lock with hashes",
    arguments: [projectFiles],
    options: [
      { flags: "-o, --output <file>", description: "write the lock there instead of printing it" },
      {
        flags: "--environment <name>",
        description:
          "lock for this one too, such as 3.12:macos-arm64; default: Linux on two processors, macOS and Windows",
        repeatable: true,
      },
      {
        flags: "--prefer <lock>",
        description:
          "with --environment: keep the versions of this lock where they can be had, and show what differs",
      },
      proofOption,
      ...lockOptions,
      ...resolutionOptions,
    ],
    examples: [
      ["lock requirements.in -o pylock.toml", "write a lock"],
      ["lock requirements.in -o pylock.toml --proof proof.json", "and what shows that it is the best"],
      ["lock --format requirements --python-version 3.12 --platform linux", "for another machine"],
      ["lock requirements.in --environment default -o pylock.toml", "for Linux, macOS and Windows"],
      [
        "lock requirements.in --environment default --environment macos-x86_64 --prefer pylock.toml -o pylock.toml",
        "for one machine more, with the same versions",
      ],
    ],
    load: async () => (await import("./lock.ts")).lockCommand,
  },
  {
    name: "advise",
    summary: "recommend the greatest stack by a stated objective, and say why",
    arguments: [projectFiles],
    options: [
      { flags: "--lock <file>", description: "what you have: pylock.toml, or requirements.txt with hashes" },
      { flags: "-o, --output <file>", description: "write the advised lock there" },
      {
        flags: "--replay <report>",
        description: "ask what an old report (--json) was made from again, and compare the answers",
      },
      {
        flags: "--count <number>",
        description: "how many stacks, the best first",
        variable: "THOTH_COUNT",
        fallback: "1",
      },
      {
        flags: "--html <file>",
        description: "write a page that one can send, with the graph and the evidence",
      },
      proofOption,
      {
        flags: "--predictor <name>",
        description: "run a learned search as well: AUTO, TemporalDifference, HillClimbing, MCTS, …",
        variable: "THOTH_PREDICTOR",
      },
      { flags: "--seed <number>", description: "of the learned search; 0 where none is named" },
      { flags: "--limit <number>", description: "stacks that it may score; 10,000 where none is named" },
      { flags: "--time-limit <seconds>", description: "time that it may take; 10 where none is named" },
      { flags: "--policy <file>", description: "where it keeps what it learned, and starts from" },
      { flags: "--plot <file>", description: "draw its course as SVG" },
      { flags: "--no-exact", description: "do not prove anything: the learned search alone" },
      {
        flags: "--pareto <levels>",
        description: 'the front of two levels as well: "vulnerability(all), lag(direct)"',
      },
      { flags: "--points <number>", description: "most stacks of the front; 20 where none is named" },
      { flags: "--no-wait", description: "ask a service, print the job's id, and wait for no answer" },
      { flags: "--no-relax", description: "do not ask what loosening a requirement would gain" },
      ...lockOptions,
      ...resolutionOptions,
    ],
    examples: [
      ["advise requirements.in", "the stable stack, and why each package has its version"],
      ["advise --recommendation-type security --lock pylock.toml", "against what you have"],
      ["advise requirements.in -o pylock.toml", "and write the lock"],
      ['advise --pareto "vulnerability(all), lag(direct)" --html page.html', "the trade-off, in a page"],
      ["advise --predictor AUTO --plot run.svg", "a learned search beside the proof"],
      ["advise --replay report.json", "is the answer of an old report still the same"],
      ["advise --service https://thoth.example.com --no-wait", "and `thoth results` later"],
    ],
    load: async () => (await import("./advise.ts")).adviseCommand,
  },
  {
    name: "verify-proof",
    summary: "check what --proof wrote, without searching; exit status 1 if it does not show what it says",
    arguments: [
      { name: "<proof>", description: "what `thoth lock --proof` or `thoth advise --proof` wrote" },
    ],
    options: [
      {
        flags: "--lock <file>",
        description: "a lock that must hold the proved stack: pylock.toml, or requirements.txt with hashes",
      },
      { flags: "--timeout <seconds>", description: "time that the check of one stack may take" },
    ],
    examples: [
      ["verify-proof proof.json", "what was proved, and in how many steps"],
      ["verify-proof proof.json --lock pylock.toml", "and that it is of this lock"],
    ],
    load: async () => (await import("./verify-proof.ts")).verifyProofCommand,
  },
  {
    name: "why",
    summary: "tell why a package is in a project's stack, and in this version",
    arguments: [{ name: "<package>", description: "a package of the stack" }, projectFiles],
    options: [...lockOptions, ...resolutionOptions],
    examples: [
      ["why urllib3 requirements.in", "who needs it, what it pays, and what there would be without it"],
    ],
    load: async () => (await import("./why.ts")).whyCommand,
  },
  {
    name: "why-not",
    summary: "tell why another version is not: what it would cost and displace, or the conflict",
    arguments: [{ name: "<requirement>", description: "such as numpy==1.26.4" }, projectFiles],
    options: [...lockOptions, ...resolutionOptions],
    examples: [["why-not urllib3==2.2.3 requirements.in", "forces it and resolves again"]],
    load: async () => (await import("./why.ts")).whyNotCommand,
  },
  {
    name: "versions",
    summary: "list the versions of a package as a Python and a platform see them",
    arguments: [{ name: "<package>", description: "any package of the indexes" }, projectFiles],
    options: [allOption, ...fittingOptions],
    examples: [
      ["versions numpy --python-version 3.12 --platform linux", "the newest that fit"],
      ["versions numpy requirements.in --all", "beside what a project asks of it"],
    ],
    load: async () => (await import("./versions.ts")).versionsCommand,
  },
  {
    name: "audit",
    summary: "tell what is known against a lock; exit status 1 if anything is",
    arguments: [
      { name: "[lock]", description: "pylock.toml (the default), or requirements.txt with hashes" },
    ],
    options: auditOptions,
    examples: [
      ["audit", "of pylock.toml"],
      ["audit requirements.txt --format sarif > audit.sarif", "for code scanning"],
    ],
    load: async () => (await import("./audit.ts")).auditCommand,
  },
  {
    name: "provenance-check",
    summary: "ask every index for every locked file; exit status 1 if one is not from where the lock says",
    arguments: [
      {
        name: "[lock]",
        description: "pylock.toml (the default), requirements.txt with hashes, or Pipfile.lock",
      },
    ],
    options: [
      {
        flags: "--whitelist <url>",
        description: "an index that packages may come from; none named: every index",
        repeatable: true,
      },
      ...indexOptions,
    ],
    examples: [
      ["provenance-check", "of pylock.toml"],
      ["provenance-check Pipfile.lock --whitelist https://pypi.org/simple", "and of no other index"],
    ],
    load: async () => (await import("./provenance-check.ts")).provenanceCommand,
  },
  {
    name: "abi-check",
    summary: "tell whether the native files of a lock find what they need; exit status 1 if one does not",
    arguments: [
      { name: "[lock]", description: "pylock.toml (the default), or requirements.txt with hashes" },
    ],
    options: abiOptions,
    examples: [
      ["abi-check", "whether the wheels of pylock.toml run on this machine"],
      [
        "abi-check pylock.toml --image python:3.12-slim",
        "or in an image that `knowledge refresh images` has read",
      ],
      [
        "abi-check pylock.toml --environment .venv --json",
        "or with the Python and the libraries of an environment",
      ],
    ],
    load: async () => (await import("./abi-check.ts")).abiCheckCommand,
  },
  {
    name: "fix",
    summary: "make the smallest change of a lock that clears its known vulnerabilities, proved smallest",
    arguments: [
      { name: "[lock]", description: "pylock.toml (the default), or requirements.txt with hashes" },
    ],
    options: [
      { flags: "-o, --output <file>", description: "write the changed lock there instead of in its place" },
      { flags: "--dry-run", description: "tell the change, and write nothing" },
      {
        flags: "-r, --requirements <file>",
        description: "requirements that the change must keep to",
        repeatable: true,
      },
      ...resolutionOptions,
    ],
    examples: [
      ["fix --dry-run", "what would change in pylock.toml"],
      ["fix pylock.toml -r requirements.in", "and keep to what the project asks for"],
    ],
    load: async () => (await import("./fix.ts")).fixCommand,
  },
  {
    name: "diff",
    summary: "tell what two advices or locks have different",
    arguments: [
      { name: "<before>", description: "what `thoth advise --json` printed, or a lock" },
      { name: "<after>", description: "the other" },
    ],
    options: [advisoryOption],
    examples: [
      [
        "diff monday.json today.json",
        "packages that moved, what that clears or brings, and whether more is known",
      ],
    ],
    load: async () => (await import("./diff.ts")).diffCommand,
  },
  {
    name: "knowledge",
    summary: "bring newer advisories and facts about packages, pass knowledge on, or tell what is known",
    arguments: [
      { name: "<action>", description: "what to do", choices: ["refresh", "import", "export", "status"] },
      {
        name: "[place...]",
        description:
          "to import: folders, files or archives of OSV documents, or files that were exported; to export: the file to write; to refresh: names of sources, `all`, or the URL of an archive of advisories",
      },
    ],
    options: knowledgeOptions,
    examples: [
      ["knowledge refresh", "what OSV has published of PyPI's packages until now"],
      ["knowledge refresh index github --from pylock.toml", "how the packages of a lock do"],
      ["knowledge refresh all --package flask --every 1d", "all sources, of what was not asked for today"],
      ["knowledge refresh contents --from pylock.toml", "what the locked wheels hold and need"],
      ["knowledge refresh images --image python:3.12-slim", "what a base image offers"],
      ["knowledge import all.zip", "OSV's dump of the advisories on PyPI packages"],
      [
        "knowledge export numpy.thoth --package numpy",
        "what the knowledge graph holds of a package, as a file",
      ],
      ["knowledge import numpy.thoth", "what somebody else exported"],
      ["knowledge status", "how much is known, and how old it is"],
    ],
    load: async () => (await import("./knowledge.ts")).knowledgeCommand,
  },
  {
    name: "prescriptions",
    summary: "check rules, try them on the cases beside them, or make some from facts",
    arguments: [
      { name: "<action>", description: "what to do", choices: ["validate", "test", "refresh"] },
      {
        name: "[place]",
        description:
          "a folder, an archive or a git repository of rules; `rules` where none is named; to refresh: a folder",
      },
    ],
    options: ruleOptions,
    examples: [
      ["prescriptions validate rules", "every error with its file, line and column"],
      ["prescriptions test rules", "which units hold for which stacks, as the cases say"],
      ["prescriptions refresh facts", "rules of what the knowledge graph tells, in a folder of their own"],
      ["prescriptions validate git+https://host/rules.git@main#subdirectory=rules", "of a repository"],
    ],
    load: async () => (await import("./prescriptions.ts")).prescriptionsCommand,
  },
  {
    name: "inspect",
    summary: "build, import and run a stack in isolation; exit status 1 if anything of it fails",
    arguments: [
      {
        name: "[stack...]",
        description: "pylock.toml, files of a project, or requirements such as numpy==1.26.4",
      },
    ],
    options: [...inspectOptions, ...keepingOptions],
    examples: [
      ["inspect pylock.toml", "does every package of the lock import"],
      ["inspect numpy==1.26.4 --indicator all", "and how fast is it"],
      ["inspect requirements.in --check smoke.py --allow-network", "does a program of one's own run"],
      ["inspect pandas --python-version 3.12 --database graph.sqlite", "and keep what was seen"],
    ],
    load: async () => (await import("./inspect.ts")).inspectCommand,
  },
  {
    name: "inspect-image",
    summary: "tell what a container image holds: system, packages, Pythons, libraries, variables",
    arguments: [{ name: "<image>", description: "such as python:3.12-slim, or HOST:PORT/NAME@sha256:…" }],
    options: imageOptions,
    examples: [
      ["inspect-image python:3.12-slim", "of Docker Hub"],
      ["inspect-image quay.io/thoth-station/s2i-thoth-ubi8-py38 --json", "as a document"],
      [
        "inspect-image registry.example.org/team/app:1 --credentials registry.txt",
        "where a user and a password are needed",
      ],
    ],
    load: async () => (await import("./inspect-image.ts")).inspectImageCommand,
  },
  {
    name: "dependency-monkey",
    summary: "try stacks of a problem and find the releases that break together; exit status 1 if any do",
    arguments: [{ name: "[requirement...]", description: "such as flask==2.2.2, or files of a project" }],
    options: [...monkeyOptions, ...keepingOptions],
    examples: [
      ["dependency-monkey flask==2.2.2 --count 10", "does it go with what is newest beside it"],
      [
        "dependency-monkey pillow numpy --suspect pillow --suspect numpy --check arrays.py --as-of 2021-07-15",
        "around a pair, as of a day",
      ],
      [
        "dependency-monkey pandas==1.5.3 --report evidence.jsonl --rules found",
        "and write rules of what was found",
      ],
    ],
    load: async () => (await import("./dependency-monkey.ts")).dependencyMonkeyCommand,
  },
  {
    name: "heal",
    summary:
      "find the releases that make a stack fail, and a lock that works; exit status 1 if none is found",
    arguments: [
      {
        name: "[file...]",
        description:
          "a lock (pylock.toml, requirements.txt with hashes), files of a project, or requirements",
      },
    ],
    options: [
      { flags: "-o, --output <file>", description: "write the lock that works there" },
      {
        flags: "--check <file>",
        description: "a Python program that must run, instead of the imports of what is asked for",
      },
      {
        flags: "-r, --requirements <file>",
        description: "what a lock was made from, which the change must keep to",
        repeatable: true,
      },
      ...isolationOptions,
      ...keepingOptions,
    ],
    examples: [
      ["heal requirements.in -o pylock.toml", "a lock of it with which its packages can be imported"],
      ["heal pylock.toml --check smoke.py -o pylock.toml", "change a lock until a program runs"],
      ["heal flask==2.2.2 --as-of 2026-01-31", "what makes it fail, with the packages of a date"],
    ],
    load: async () => (await import("./heal.ts")).healCommand,
  },
  ...lockCommands,
  s2iCommand,
];
