// Documents from indexes, distributions and projects.

import { expandDependencyGroup, readDependencyGroups } from "../../src/dependency-groups.ts";
import { formatDirectUrl, parseDirectUrl } from "../../src/direct-url.ts";
import { targetEnvironment } from "../../src/environment.ts";
import { ThothError } from "../../src/error.ts";
import { placeOf } from "../../src/fields.ts";
import { findMetadataProblems, parseMetadata } from "../../src/metadata.ts";
import { formatMetadataHeaders, parseMetadataFields } from "../../src/metadata-fields.ts";
import { formatPipfile, parsePipfile } from "../../src/pipfile.ts";
import { formatPipfileLock, parsePipfileLock } from "../../src/pipfile-lock.ts";
import { parsePoetryConstraint } from "../../src/poetry-constraint.ts";
import { readProjectFile } from "../../src/project-file-read.ts";
import { parseFindLinks, parseProjectPage } from "../../src/project-page.ts";
import { parsePylock } from "../../src/pylock-read.ts";
import { selectPylock } from "../../src/pylock-select.ts";
import { formatPylock } from "../../src/pylock-write.ts";
import { parseRequirementsFile } from "../../src/requirements-file.ts";
import { decodeRequirementsFile } from "../../src/requirements-file-lines.ts";
import { formatScriptMetadata, parseScriptMetadata, replaceScriptBlock } from "../../src/script-block.ts";
import { formatTomlTable, parseToml } from "../../src/toml.ts";
import {
  DIRECT_URL,
  GROUPS,
  HTML_PAGE,
  JSON_PAGE,
  METADATA,
  PIPFILE,
  PIPFILE_LOCK,
  POETRY,
  PYLOCK,
  PYPROJECT,
  REQUIREMENTS,
  SCRIPT,
} from "./documents.ts";
import { same, type Target, words } from "./target.ts";

const linux = targetEnvironment({ pythonVersion: "3.12.1", platform: "linux" });
const page = { url: "https://index.example/simple/demo/", name: "demo" };
const tomlTokens = words(
  "= [ ] [[ ]] { } , . # \" ' \"\"\" ''' \\ \\u0041 1979-05-27T07:32:00Z 0x1 1e3 true inf nan time: ~time:",
);
const jsonTokens = words(
  '{ } [ ] , : " null true 1 -1 1e9 "files" "url" "hashes" "filename" "yanked" \\u0000 \\ud800',
);

function checkRequirementsFile(text: string): void {
  const depth = { left: 3 };
  parseRequirementsFile(text, {
    name: "folder/requirements.txt",
    read: () => (depth.left-- > 0 ? text : ""),
    variable: (name) => (name === "HOME" ? "/home" : undefined),
  });
}

function checkPylock(text: string): void {
  const lock = parsePylock(text);
  const written = formatPylock(lock);
  same("text", formatPylock(parsePylock(written)), written);
  selectPylock(lock, linux);
}

function checkToml(text: string): void {
  const place = placeOf("invalid-project", "The file");
  const written = formatTomlTable(parseToml(text, place));
  same("text", formatTomlTable(parseToml(written, place)), written);
}

function checkMetadata(text: string): void {
  const raw = parseMetadataFields(text);
  findMetadataProblems(raw);
  const headers: [string, string][] = [];
  for (const [name, value] of raw.fields) if (typeof value === "string") headers.push([name, value]);
  const again = parseMetadataFields(formatMetadataHeaders(headers));
  for (const name of again.fields.keys()) same(`header ${name}`, raw.fields.has(name), true);
  parseMetadata(text);
  parseMetadata(text, { strict: true });
}

function checkGroups(text: string): void {
  const place = placeOf("invalid-project", "The project");
  const groups = readDependencyGroups(parseToml(text, place), "dependency-groups", place);
  for (const name of groups.keys()) expandDependencyGroup(groups, name);
}

function checkScript(text: string): void {
  const metadata = parseScriptMetadata(text);
  const content = formatScriptMetadata({
    requiresPython: metadata?.requiresPython,
    dependencies: ["a>=1"],
    tool: metadata?.tool,
  });
  const written = replaceScriptBlock(text, content);
  same("dependencies", parseScriptMetadata(written)?.dependencies.length, 1);
  same("twice", replaceScriptBlock(written, content), written);
}

function checkPipfile(text: string): void {
  const pipfile = parsePipfile(text);
  const written = formatPipfile(pipfile);
  same("text", formatPipfile(parsePipfile(written)), written);
}

function checkPipfileLock(text: string): void {
  const written = formatPipfileLock(parsePipfileLock(text));
  same("text", formatPipfileLock(parsePipfileLock(written)), written);
}

function checkDirectUrl(text: string): void {
  const written = formatDirectUrl(parseDirectUrl(text));
  same("text", formatDirectUrl(parseDirectUrl(written)), written);
}

/** Every way into the file that a command has. */
function checkProject(filename: string): (text: string) => void {
  return (text) => {
    for (const options of [{}, { extras: "all", groups: "all", dev: true } as const]) {
      const file = readProjectFile(filename, text, { ...options, load: () => "a>=1\n" });
      same("kind", typeof file.kind, "string");
    }
  };
}

/** The bytes of the text in an encoding that its first character chooses. */
function checkBytes(text: string): void {
  const encodings = ["latin1", "utf16le", "utf8"] as const;
  const bytes = Buffer.from(text, encodings[text.charCodeAt(0) % 3] ?? "utf8");
  decodeRequirementsFile(bytes);
  parseMetadataFields(bytes);
  try {
    parseMetadata(bytes);
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
  }
}

export const documentTargets: readonly Target[] = [
  {
    name: "requirements-file",
    seeds: REQUIREMENTS,
    tokens: words(
      "-r -c -e --hash=sha256: --index-url --no-binary :all: \\ # ; ${HOME} = -- \" ' other.txt git+https://",
    ),
    run: checkRequirementsFile,
  },
  {
    name: "page-json",
    seeds: JSON_PAGE,
    tokens: jsonTokens,
    run: (text) => void parseProjectPage(text, page),
  },
  {
    name: "page-html",
    seeds: HTML_PAGE,
    tokens: words(
      "< > </ <a <a> <!-- --> <script> <base href= = \" ' / &amp; &#x41; &#0; &lt &notit; #sha256= ../ data-yanked",
    ),
    run: (text) => void parseProjectPage(text, page),
  },
  {
    name: "find-links",
    seeds: [...HTML_PAGE, ...JSON_PAGE],
    tokens: [...words("< > <a <a> <!-- --> href= \" ' / &amp; file:/// ../"), ...jsonTokens],
    run: (text) => void parseFindLinks(text, { url: "file:///folder/" }),
  },
  {
    name: "metadata",
    seeds: METADATA,
    tokens: [
      ...words("Name: Version: Requires-Dist: Dynamic: Metadata-Version: : ; 2.4 UNKNOWN"),
      "\n",
      "\r\n",
      "\n\n",
      "\n  ",
      "\n\t",
    ],
    run: checkMetadata,
  },
  {
    name: "bytes",
    seeds: [...METADATA, ...REQUIREMENTS],
    tokens: ["\ufeff", "\u00ff\u00fe", "\n"],
    run: checkBytes,
  },
  { name: "toml", seeds: [...PYLOCK, ...PYPROJECT, ...PIPFILE], tokens: tomlTokens, run: checkToml },
  {
    name: "pylock",
    seeds: PYLOCK,
    tokens: [...tomlTokens, ...words("sha256 packages wheels sdist vcs marker version name")],
    run: checkPylock,
  },
  {
    name: "dependency-groups",
    seeds: GROUPS,
    tokens: [...tomlTokens, ...words("include-group a b c")],
    run: checkGroups,
  },
  {
    name: "pyproject",
    seeds: [...PYPROJECT, ...POETRY, ...GROUPS],
    tokens: [
      ...tomlTokens,
      ...words("project dependencies dynamic version tool.poetry optional-dependencies ^ ~ * || <2"),
    ],
    run: checkProject("pyproject.toml"),
  },
  {
    name: "script",
    seeds: SCRIPT,
    tokens: [...tomlTokens, "\n#", "\n# ", "# ///", "# /// script", "///", "\n"],
    run: checkScript,
  },
  {
    name: "pipfile",
    seeds: PIPFILE,
    tokens: [...tomlTokens, ...words("* packages dev-packages source git ref extras markers")],
    run: checkPipfile,
  },
  {
    name: "pipfile-lock",
    seeds: PIPFILE_LOCK,
    tokens: [...jsonTokens, ...words("sha256: default develop _meta version markers")],
    run: checkPipfileLock,
  },
  {
    name: "direct-url",
    seeds: DIRECT_URL,
    tokens: [...jsonTokens, ...words("url dir_info vcs_info archive_info hash file:/// @ git")],
    run: checkDirectUrl,
  },
  {
    name: "poetry-constraint",
    seeds: ["^1.2", "~1.2.3", "1.2.*", ">=1,<2 || ^3", "*", "!=1.5 >1", "1.2.3", "<2|>3"],
    tokens: words("^ ~ * || | , >= < = == != 1 .* .post1 a1 .dev2 +x"),
    run: (text) => same("some", parsePoetryConstraint(text).length > 0, true),
  },
];
