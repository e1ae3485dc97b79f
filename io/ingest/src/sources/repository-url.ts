// Where the source of a project is, of the many addresses that its metadata may name: one that a forge has, else one that is
// called so. https://packaging.python.org/en/latest/specifications/well-known-project-urls/

/** Labels of the source, without anything but letters. */
const SOURCE = /^(?:source|sourcecode|sourcerepository|repository|repo|code|github|gitlab|git|vcs)$/;
/** On these, a repository is two names below the host. */
const TWO_NAMES = new Set(["github.com", "bitbucket.org", "codeberg.org", "git.sr.ht"]);
/** Two names below `github.com` that are no repository. */
const NO_OWNERS = new Set([
  "sponsors",
  "orgs",
  "apps",
  "marketplace",
  "topics",
  "features",
  "settings",
  "users",
]);
const LONGEST = 500;

/** `https://host/path`, without `.git` at its end; the first that is one, those called source before others. */
export function repositoryUrlOf(urls: Iterable<readonly [label: string, url: string]>): string | undefined {
  const all = [...urls].map(([label, url]) => ({ isSource: SOURCE.test(lettersOf(label)), url }));
  for (const wanted of [true, false])
    for (const { isSource, url } of all) {
      const found = isSource === wanted ? normalize(url, isSource) : undefined;
      if (found !== undefined) return found;
    }
  return undefined;
}

function lettersOf(label: string): string {
  return label.toLowerCase().replace(/[^a-z]/g, "");
}

/** Undefined: it is no repository. On a host that nobody knows only what is called the source is one. */
function normalize(text: string, isSource: boolean): string | undefined {
  if (text.length > LONGEST) return undefined;
  const url = URL.parse(text.replace(/^git\+/, "").trim());
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  const host = url.host.toLowerCase().replace(/^www\./, "");
  const names = url.pathname.split("/").filter((name) => name !== "");
  if (names.length < 2 || names.some((name) => !/^[\w.~+-]{1,100}$/.test(name))) return undefined;
  const path = TWO_NAMES.has(host) ? namesOfTwo(host, names) : namesOfMany(host, names, isSource);
  if (path === undefined) return undefined;
  const last = path.at(-1)?.replace(/\.git$/, "") ?? "";
  if (last === "" || /^\.+$/.test(last)) return undefined;
  return `https://${host}/${[...path.slice(0, -1), last].join("/")}`;
}

function namesOfTwo(host: string, names: readonly string[]): readonly string[] | undefined {
  if (host === "github.com" && NO_OWNERS.has(names[0]?.toLowerCase() ?? "")) return undefined;
  return names.slice(0, 2);
}

/** GitLab has groups within groups, and puts `/-/` before whatever is not the repository itself. */
function namesOfMany(
  host: string,
  names: readonly string[],
  isSource: boolean,
): readonly string[] | undefined {
  if (!isSource && !/(?:^|\.)gitlab\./.test(host)) return undefined;
  const end = names.findIndex(
    (name, at) => name === "-" || (at >= 2 && /^(?:tree|blob|issues|wikis)$/.test(name)),
  );
  const own = end < 0 ? names : names.slice(0, end);
  return own.length < 2 || own.length > 20 ? undefined : own;
}
