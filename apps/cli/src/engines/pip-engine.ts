// The engine pip: a dry run tells which files it would install; the indexes tell the other files of those versions.
// https://pip.pypa.io/en/stable/reference/installation-report/

import {
  evaluateMarker,
  normalizeName,
  type PackageName,
  type Pylock,
  type PylockFile,
  parseRequirement,
  parseVersion,
  ThothError,
} from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { lockOfPins, type Pin } from "../locks/pinned-lock.ts";
import { openSession } from "../session/open-session.ts";
import type { Locked, LockRequest } from "./engine.ts";
import {
  constraintLines,
  inToolFolder,
  lockedBy,
  mustNotAsk,
  placesOf,
  requirementLines,
  runEngine,
} from "./tool-project.ts";

export async function lockWithPip(invocation: Invocation, request: LockRequest): Promise<Locked> {
  const { target, settings } = request;
  const { interpreter } = target;
  mustNotAsk("pip", settings, [
    [interpreter === undefined || settings.platform !== undefined, "resolve for another machine"],
    [settings.policy.resolution !== "highest", "prefer the lowest versions"],
    [settings.indexes.offline, "work offline"],
  ]);
  const files = {
    "requirements.txt": requirementLines(request),
    "constraints.txt": constraintLines(request),
  };
  const report = await inToolFolder(files, async (folder) => {
    const { words, variables } = pipCall(invocation, request);
    const run = { engine: "pip" as const, program: interpreter?.path as string, words, folder, variables };
    return (await runEngine(invocation, request, run)).output;
  });
  const chosen = readReport(report, request);
  return lockedBy("pip", await lockOfReport(invocation, request, chosen), request);
}

function pipCall({ environment }: Invocation, request: LockRequest) {
  const { policy, asOf } = request.settings;
  const places = placesOf(request);
  const words = [
    ...[
      "-m",
      "pip",
      "install",
      "--dry-run",
      "--ignore-installed",
      "--quiet",
      "--report",
      "-",
      "--disable-pip-version-check",
    ],
    ...["--no-input", "-r", "requirements.txt", "-c", "constraints.txt"],
    ...(policy.prerelease === "allow" ? ["--pre"] : []),
    ...(policy.allowBuild ? [] : ["--only-binary", ":all:"]),
    ...(policy.asOfStrict === true ? ["--uploaded-prior-to", asOf.text] : []),
    ...[...policy.onlyBinary].flatMap((name) => ["--only-binary", name]),
    ...[...policy.noBinary].flatMap((name) => ["--no-binary", name]),
    ...places.trustedHosts.flatMap((host) => ["--trusted-host", host]),
    ...(places.indexes.length === 0 ? ["--no-index"] : []),
  ];
  const [first, ...rest] = places.indexes;
  const variables = {
    ...environment,
    PIP_INDEX_URL: first,
    PIP_EXTRA_INDEX_URL: rest.join(" "),
    PIP_FIND_LINKS: places.findLinks.join(" "),
    PIP_REQUIRE_VIRTUALENV: undefined,
  };
  return { words, variables };
}

interface Reported extends Pin {
  readonly file: PylockFile;
}

/** The report's shape is pip's own; what does not fit is a failure of the engine. */
function readReport(text: string, { target }: LockRequest): Reported[] {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch (cause) {
    throw new ThothError("environment-failed", "pip's report cannot be read", {
      cause,
      hint: "Its version may be too old: 22.2 or later is needed.",
    });
  }
  const install = (report as { readonly install?: readonly ReportItem[] } | null)?.install;
  if (install === undefined || !Array.isArray(install))
    throw new ThothError("environment-failed", "pip's report has no list of packages");
  const items: readonly ReportItem[] = install;
  const names = new Set(items.map(({ metadata }) => normalizeName(metadata.name)));
  return items.map(({ metadata, download_info: { url, archive_info: archive } }) => {
    const sha256 = archive?.hashes?.["sha256"] ?? /^sha256=(.+)$/.exec(archive?.hash ?? "")?.[1];
    if (sha256 === undefined)
      throw new ThothError("environment-failed", `pip does not tell the hash of \`${metadata.name}\``);
    const requires = (metadata.requires_dist ?? []).flatMap((line) =>
      requiredName(line, target.target.markers),
    );
    return {
      name: normalizeName(metadata.name),
      version: parseVersion(metadata.version),
      hashes: new Set<string>(),
      requires: [...new Set(requires)].filter((name) => names.has(name)).sort(),
      file: {
        name: decodeURIComponent(url.split(/[?#]/, 1)[0]?.split("/").at(-1) ?? ""),
        url,
        hashes: { sha256 },
      },
    };
  });
}

interface ReportItem {
  readonly metadata: {
    readonly name: string;
    readonly version: string;
    readonly requires_dist?: readonly string[];
  };
  readonly download_info: {
    readonly url: string;
    readonly archive_info?: { readonly hash?: string; readonly hashes?: Readonly<Record<string, string>> };
  };
}

function requiredName(line: string, markers: LockRequest["target"]["target"]["markers"]): PackageName[] {
  try {
    const { name, marker } = parseRequirement(line, { lenient: true });
    return marker === undefined || evaluateMarker(marker, markers) ? [name] : [];
  } catch {
    return [];
  }
}

/** With every file of each version where the indexes answer us; else with the files that pip found. */
async function lockOfReport(
  invocation: Invocation,
  request: LockRequest,
  chosen: readonly Reported[],
): Promise<Pylock> {
  const { settings, input } = request;
  const session = await openSession(invocation, {
    settings: settings.indexes,
    named: input.places,
    allowBuild: false,
  });
  try {
    return await lockOfPins(chosen, { session, signal: invocation.signal, createdBy: "thoth with pip" });
  } catch (error) {
    if (!(error instanceof ThothError) || error.code === "interrupted") throw error;
    invocation.terminal.warn(`the lock has only the files for this machine: ${error.message}`);
    return {
      lockVersion: "1.0",
      createdBy: "thoth with pip",
      packages: chosen.map(singleFile).sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  } finally {
    await session.close();
  }
}

function singleFile({ name, version, file, requires = [] }: Reported) {
  const isWheel = file.name?.endsWith(".whl") === true;
  return {
    name,
    version,
    ...(requires.length === 0 ? {} : { dependencies: requires.map((required) => ({ name: required })) }),
    ...(isWheel ? { wheels: [file] } : { sdist: file }),
  };
}
