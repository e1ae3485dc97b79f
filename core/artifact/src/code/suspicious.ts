// Code that runs where nobody looks: what is decoded or downloaded and then executed, what an installation or an import
// sends away, files that run code at each start of Python. Each rule asks for a combination that honest packages do not
// have; calls by themselves (a subprocess, a download, an eval) are no finding.

import { type CodeFile, type Finding, isAside } from "./finding.ts";
import type { PythonSource, SourceCall } from "./python-source.ts";

const RUNS = /^(?:builtins\.|__builtins__\.)?(?:exec|eval)$/;
const PROCESS =
  /^(?:os\.(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?|startfile)|subprocess\.(?:run|Popen|call|check_call|check_output|getoutput|getstatusoutput)|pty\.spawn|commands\.getoutput)$/;
const DECODES =
  /^(?:base64\.(?:[abu]?\w*decode\w*|decodebytes|decodestring)|binascii\.(?:unhexlify|a2b_\w+)|(?:bytes|bytearray)\.fromhex|codecs\.decode|(?:zlib|gzip|bz2|lzma)\.decompress|(?:cryptography\.fernet\.)?Fernet\(.*\)\.decrypt)$/s;
const DOWNLOADS =
  /^(?:urllib\.request\.(?:urlopen|urlretrieve)|urllib2?\.url(?:open|retrieve)|requests\.(?:get|post|put|request|Session\(\)\.\w+)|httpx\.(?:get|post|request|stream)|urllib3\.PoolManager\(\)\.request)$/;
const SENDS =
  /^(?:requests\.(?:post|put)|httpx\.(?:post|put)|urllib\.request\.urlopen|urllib2?\.urlopen|requests\.get|http\.client\.HTTPS?Connection|socket\.(?:create_connection|gethostbyname|getaddrinfo))$/;
/** What tells who and where somebody is. */
const TELLS_WHO =
  /^(?:socket\.(?:gethostname|getfqdn)|platform\.(?:node|uname)|getpass\.getuser|os\.(?:getlogin|uname|environ\.copy|environ\.items)|uuid\.getnode)$/;
const SHELL =
  /(?:curl|wget)\b[^\n]*\|\s*(?:sudo\s+)?(?:ba|z)?sh\b|base64\s+(?:-d|--decode)[^\n]*\|\s*(?:ba|z)?sh\b|\/dev\/tcp\/\d|powershell[^\n]*(?:-e(?:nc|ncodedcommand)?\s|downloadstring|invoke-webrequest|-w(?:indowstyle)?\s+hidden)|\bmshta\b\s+http/i;
/** Code far to the right, where no editor shows it. */
const FAR_RIGHT = /(?<=\S)[ \t]{200,}(\S.*)$/;
const SCRAMBLED = /^_{0,2}0x[0-9a-f]{3,}$|^_{0,2}[Il1]{8,}$|^_{0,2}[O0]{8,}$/;
const LEAST_SCRAMBLED = 10;

export function findSuspicious(file: CodeFile, source: PythonSource): Finding[] {
  const found: Finding[] = [];
  const report = (call: { readonly line: number }, finding: Omit<Finding, "path" | "line">) =>
    found.push({ ...finding, path: file.path, line: call.line });
  const flows = traceFlows(source);
  const running = runningScopes(file, source);
  for (const call of source.calls) {
    const finding = executed(call, flows) ?? shellCommand(call);
    if (finding !== undefined) report(call, finding);
  }
  if (!isAside(file.path)) {
    const byScope = Map.groupBy(source.calls, ({ scope }) => scope);
    for (const scope of running) {
      const finding = scopeFinding(file, byScope.get(scope) ?? []);
      if (finding !== undefined) report(finding.call, finding.finding);
    }
  }
  found.push(...findHidden(file, source));
  return found;
}

/** Kinds of what flows into names, wherever in the file they are set. */
type Flows = ReadonlyMap<string, ReadonlySet<"decoded" | "downloaded">>;

const MOST_ROUNDS = 4;

function traceFlows({ assignments }: PythonSource): Flows {
  const flows = new Map<string, Set<"decoded" | "downloaded">>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let grown = false;
    for (const assignment of assignments) {
      const kinds = kindsOf(assignment, flows);
      const known = flows.get(assignment.name);
      if (kinds.size === 0 || (known !== undefined && kinds.isSubsetOf(known))) continue;
      flows.set(assignment.name, known === undefined ? kinds : known.union(kinds));
      grown = true;
    }
    if (!grown) break;
  }
  return flows;
}

type Ingredients = Pick<SourceCall, "calls" | "variables">;

function kindsOf({ calls, variables }: Ingredients, flows: Flows): Set<"decoded" | "downloaded"> {
  const kinds = new Set<"decoded" | "downloaded">();
  for (const name of calls) {
    if (DECODES.test(name)) kinds.add("decoded");
    if (DOWNLOADS.test(name)) kinds.add("downloaded");
  }
  for (const name of variables) for (const kind of flows.get(name) ?? []) kinds.add(kind);
  return kinds;
}

type Told = Omit<Finding, "path" | "line">;

function executed(call: SourceCall, flows: Flows): Told | undefined {
  if (!RUNS.test(call.callee)) return undefined;
  const direct = kindsOf({ calls: call.calls, variables: new Set() }, flows);
  const kinds = kindsOf(call, flows);
  if (kinds.size === 0) return undefined;
  // Through a name it may be another one of the same spelling.
  const confidence = direct.size > 0 ? "high" : "medium";
  const name = call.callee.replace(/^.*\./, "");
  if (kinds.has("downloaded"))
    return {
      kind: "downloaded-code",
      severity: "high",
      confidence,
      message: `\`${name}\` runs what was downloaded`,
    };
  return { kind: "hidden-code", severity: "high", confidence, message: `\`${name}\` runs what was decoded` };
}

function shellCommand(call: SourceCall): Told | undefined {
  if (!PROCESS.test(call.callee) || ![...call.strings].some((text) => SHELL.test(text))) return undefined;
  const message = `\`${call.callee}\` starts a shell command that runs what it fetches or decodes`;
  return { kind: "shell-code", severity: "high", confidence: "medium", message };
}

/** What runs without being asked for: of a module that is imported, its own statements and functions that they call. */
function runningScopes({ path, installs }: CodeFile, { scopes, calls }: PythonSource): readonly number[] {
  if (installs) return scopes.map((_, index) => index);
  if (!/(?:^|\/)__init__\.py$/.test(path)) return [];
  const running = new Set([0]);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const called = new Set(calls.filter(({ scope }) => running.has(scope)).map(({ callee }) => callee));
    const before = running.size;
    for (const [index, { name }] of scopes.entries()) if (name !== "" && called.has(name)) running.add(index);
    if (running.size === before) break;
  }
  return [...running];
}

function scopeFinding(
  { installs }: CodeFile,
  calls: readonly SourceCall[],
): { readonly call: SourceCall; readonly finding: Told } | undefined {
  const when = installs ? "the installation" : "the import";
  const kind = installs ? "install-code" : "import-code";
  const sends = calls.find(({ callee }) => SENDS.test(callee));
  if (sends !== undefined && calls.some(({ callee }) => TELLS_WHO.test(callee))) {
    const message = `${when} tells another machine who and where the user is`;
    return { call: sends, finding: { kind, severity: "high", confidence: "medium", message } };
  }
  const downloads = calls.find(({ callee }) => DOWNLOADS.test(callee));
  if (downloads !== undefined && calls.some(({ callee }) => PROCESS.test(callee))) {
    const message = `${when} downloads something and starts a program, in one function`;
    return { call: downloads, finding: { kind, severity: "medium", confidence: "low", message } };
  }
  return undefined;
}

function findHidden({ path, text }: CodeFile, { names, calls }: PythonSource): Finding[] {
  const found: Finding[] = [];
  const lines = text.split("\n");
  const right = lines.findIndex(hidesStatement);
  if (right >= 0) {
    const message = "code stands so far to the right that editors do not show it";
    found.push({
      kind: "hidden-code",
      severity: "high",
      confidence: "medium",
      path,
      line: right + 1,
      message,
    });
  }
  const armor = calls.find(({ callee }) => /(?:^|\.)__pyarmor__$/.test(callee));
  if (armor !== undefined) {
    const message = "the code is encrypted (PyArmor), and nobody can read what it does";
    found.push({
      kind: "unreadable-code",
      severity: "medium",
      confidence: "high",
      path,
      line: armor.line,
      message,
    });
  }
  let scrambled = 0;
  for (const name of names.keys()) if (SCRAMBLED.test(name)) scrambled++;
  if (scrambled >= LEAST_SCRAMBLED) {
    const message = `${scrambled} names are made so that nobody can read them`;
    found.push({ kind: "unreadable-code", severity: "medium", confidence: "medium", path, line: 1, message });
  }
  return found;
}

/** What stands behind a long gap, with something before it, is a statement of its own. */
function hidesStatement(line: string): boolean {
  const match = line.length > 200 ? FAR_RIGHT.exec(line) : null;
  return match !== null && /^;?\s*(?:import\b|from\b|exec\b|eval\b|__import__|[\w.]+\()/.test(match[1]!);
}

/** Lines of a `.pth` file that Python executes at each start. https://docs.python.org/3/library/site.html */
export function findInPathFile(path: string, text: string): Finding[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    if (!/^import[ \t]/.test(line)) return [];
    const isHidden = /\b(?:exec|eval)\s*\(|base64|urlopen|requests|subprocess|os\.system|socket|zlib/.test(
      line,
    );
    const message = isHidden
      ? "every start of Python runs code that hides, downloads or starts something"
      : "every start of Python runs a line of this file";
    const severity = isHidden ? "high" : "low";
    return [
      {
        kind: "start-code",
        severity,
        confidence: isHidden ? "medium" : "high",
        path,
        line: index + 1,
        message,
      },
    ];
  });
}
