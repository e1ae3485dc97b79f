// What builds of old source distributions need that they do not say: older build tools than the newest, and packages that their
// setup.py imports. Data: by the project, or by what its setup.py says.

import {
  parseRequirement,
  parseSpecifiers,
  parseVersion,
  type Requirement,
  type Specifiers,
  specifiersContain,
  ThothError,
} from "@thoth/pep";

interface Known {
  readonly project?: { readonly name: string; readonly versions: Specifiers };
  /** In setup.py. */
  readonly says?: RegExp;
  readonly constraints?: readonly string[];
  readonly requires?: readonly string[];
}

const KNOWN: readonly Known[] = [
  // https://setuptools.pypa.io/en/latest/history.html: what left it in 46, 58 and 82.
  { says: /\bfrom\s+setuptools\s+import\b[^#]*?\bFeature\b/, constraints: ["setuptools<46"] },
  { says: /\buse_2to3\b/, constraints: ["setuptools<58"] },
  { says: /^\s*(?:import|from)\s+pkg_resources\b/m, constraints: ["setuptools<82"] },
  // https://github.com/pallets/markupsafe/issues/116
  { project: known("markupsafe", "<=1.0"), constraints: ["setuptools<46"] },
  // https://github.com/yaml/pyyaml/issues/601
  { project: known("pyyaml", "<6.0.1"), constraints: ["cython<3"] },
  // Its setup.py imports itself, and that IPython.
  { project: known("watermark", "<=1.4"), requires: ["ipython"] },
];

function known(name: string, versions: string) {
  return { name, versions: parseSpecifiers(versions) };
}

export interface SourceFacts {
  /** The text of PKG-INFO and of setup.py; empty where there is none. */
  readonly metadata: string;
  readonly setup: string;
}

export interface BuildNeeds {
  readonly constraints: readonly Requirement[];
  readonly requires: readonly Requirement[];
}

export function buildNeeds({ metadata, setup }: SourceFacts): BuildNeeds {
  const found = KNOWN.filter(
    ({ project, says }) =>
      (project === undefined || isOf(metadata, project)) && (says === undefined || says.test(setup)),
  );
  const parsed = (of: (one: Known) => readonly string[] | undefined) =>
    [...new Set(found.flatMap((one) => of(one) ?? []))].map((text) => parseRequirement(text));
  return { constraints: parsed((one) => one.constraints), requires: parsed((one) => one.requires) };
}

function isOf(metadata: string, { name, versions }: NonNullable<Known["project"]>): boolean {
  const field = (key: string) => new RegExp(`^${key}:[ \\t]*(\\S+)`, "im").exec(metadata)?.[1];
  if (
    field("Name")
      ?.toLowerCase()
      .replace(/[-_.]+/g, "-") !== name
  )
    return false;
  try {
    return specifiersContain(versions, parseVersion(field("Version") ?? ""), { prereleases: true });
  } catch (error) {
    if (error instanceof ThothError) return false;
    throw error;
  }
}
