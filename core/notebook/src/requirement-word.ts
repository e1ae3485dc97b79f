// One requirement as it stands on a command line: PEP 508 text, a URL, a path.
// https://pip.pypa.io/en/stable/reference/requirement-specifiers/

import {
  filenameOf,
  isValidName,
  normalizeName,
  parseRequirement,
  quote,
  type Requirement,
  ThothError,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from "@thoth/pep";

export interface NamedRequirement {
  readonly kind: "requirement";
  readonly requirement: Requirement;
  readonly editable: boolean;
  readonly warning?: string;
}

export interface SkippedRequirement {
  readonly kind: "skipped";
  readonly reason: string;
}

const URL_SCHEME = /^(?:https?|file|ftp|(?:git|hg|svn|bzr)(?:\+[a-z]+)?):\/\//i;
const VCS = /^(?:git|hg|svn|bzr)\+/i;

export function readRequirementWord(text: string, editable: boolean): NamedRequirement | SkippedRequirement {
  const bare = text.trim();
  if (URL_SCHEME.test(bare) || VCS.test(bare)) return readUrl(bare, editable);
  if (isPath(bare))
    return { kind: "skipped", reason: `${quote(bare)} is a path of the machine it was written on` };
  try {
    const requirement = parseRequirement(bare, { lenient: true });
    return { kind: "requirement", requirement: { ...requirement, displayName: requirement.name }, editable };
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    return { kind: "skipped", reason: `${quote(bare)} is no requirement` };
  }
}

function isPath(text: string): boolean {
  if (/^[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*@/.test(text)) return false;
  return (
    text.startsWith(".") ||
    text.startsWith("~") ||
    /^[^;]*[/\\]/.test(text) ||
    /\.(?:whl|zip|tar\.gz|tgz)$/i.test(text)
  );
}

/** The name comes from `#egg=`, from the file's name, or, with a warning, from the name of the repository. */
function readUrl(text: string, editable: boolean): NamedRequirement | SkippedRequirement {
  const hash = text.indexOf("#");
  const egg = hash < 0 ? undefined : /(?:^|&)egg=([\w.-]+)(\[[\w.,\s-]*\])?/.exec(text.slice(hash + 1));
  const address = hash < 0 ? text : text.slice(0, hash);
  const file = filenameOf(address);
  const told = egg?.[1] ?? tryParseWheelFilename(file)?.name ?? tryParseSdistFilename(file)?.name;
  const name = told ?? repositoryName(address);
  if (name === undefined || !isValidName(name)) {
    return { kind: "skipped", reason: `${quote(text)} does not tell the name of its distribution` };
  }
  // `egg` said the name and the extras, which now stand before the sign; other parts of the fragment stay.
  const url = egg === undefined ? text : withoutEgg(address, text.slice(hash + 1));
  try {
    const requirement = parseRequirement(`${name}${egg?.[2] ?? ""} @ ${url}`);
    const guessed = { warning: `The name ${quote(name)} was taken from the address ${quote(text)}` };
    return {
      kind: "requirement",
      requirement: { ...requirement, displayName: normalizeName(name) },
      editable,
      ...(told === undefined ? guessed : {}),
    };
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    return { kind: "skipped", reason: `${quote(text)} is no URL of a requirement` };
  }
}

function withoutEgg(address: string, fragment: string): string {
  const rest = fragment.split("&").filter((part) => !part.startsWith("egg="));
  return rest.length === 0 ? address : `${address}#${rest.join("&")}`;
}

/** `git+https://host/owner/name.git@branch` → `name`; also for archives that a code host makes of a branch. */
function repositoryName(address: string): string | undefined {
  const path = address.replace(/^[a-z+]+:\/\/[^/]*\/?/i, "").replace(/[?].*$/, "");
  const archive = /^[^/]+\/([^/]+)\/(?:archive|tarball|zipball)\//.exec(path);
  if (archive !== null) return archive[1];
  if (!VCS.test(address)) return undefined;
  const last = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const name = last.replace(/@.*$/, "").replace(/\.git$/, "");
  return name === "" ? undefined : name;
}
