// What the specification demands of each core metadata field beyond being text:
// https://packaging.python.org/en/latest/specifications/core-metadata/.

import { parseContentType } from "./content-type.ts";
import { quote, ThothError } from "./error.ts";
import { parseLicenceExpression } from "./licence-expression.ts";
import { hasLineBreak, type MetadataValue, metadataFields, metadataVersions } from "./metadata-fields.ts";
import { isValidName } from "./name.ts";
import { parseRequirement } from "./requirement.ts";
import { parseSpecifiers } from "./specifier.ts";
import { tryParseVersion } from "./version.ts";

/** What is wrong with the value, as the end of the sentence "the field …"; undefined when nothing is. */
export function checkField(field: string, value: MetadataValue): string | undefined {
  if (typeof value === "string") return checkText(field, value);
  if (!Array.isArray(value)) return undefined;
  const check = listChecks.get(field);
  if (check === undefined) return undefined;
  for (const item of value as readonly string[]) {
    const problem = check(item);
    if (problem !== undefined) return `has ${quote(item)}: ${problem}`;
  }
  return undefined;
}

type Check = (text: string) => string | undefined;

function checkText(field: string, value: string): string | undefined {
  return textChecks.get(field)?.(value);
}

const textChecks: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    "metadata-version",
    (text) =>
      unless(
        metadataVersions.some((version) => version === text),
        text,
      ),
  ],
  ["name", (text) => unless(isValidName(text), text)],
  ["version", (text) => unless(tryParseVersion(text) !== undefined, text)],
  ["summary", (text) => (hasLineBreak(text) ? "must be one line" : undefined)],
  ["requires-python", (text) => failureOf(() => parseSpecifiers(text))],
  ["license-expression", (text) => failureOf(() => parseLicenceExpression(text))],
  ["description-content-type", checkContentType],
]);

const listChecks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["requires-dist", (text) => failureOf(() => parseRequirement(text))],
  ["provides-extra", (text) => (isValidName(text) ? undefined : "not a valid name")],
  ["dynamic", checkDynamic],
  ["license-file", checkLicenceFile],
  ["import-name", checkImportName],
  ["import-namespace", checkImportName],
]);

function unless(valid: boolean, text: string): string | undefined {
  return valid ? undefined : `cannot be ${quote(text)}`;
}

function failureOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (cause) {
    if (cause instanceof ThothError) return `is wrong (${cause.message.replace(/\.$/, "")})`;
    throw cause;
  }
}

function checkContentType(text: string): string | undefined {
  const parsed = parseContentType(text);
  if (parsed === undefined) return `is not a content type: ${quote(text)}`;
  const { type, parameters } = parsed;
  if (!["text/plain", "text/x-rst", "text/markdown"].includes(type)) return `cannot be ${quote(type)}`;
  const charset = parameters.get("charset") ?? "UTF-8";
  if (charset.toLowerCase() !== "utf-8")
    return `can only name the character set UTF-8, not ${quote(charset)}`;
  const variant = parameters.get("variant") ?? "GFM";
  if (type === "text/markdown" && variant !== "GFM" && variant !== "CommonMark") {
    return `knows the variants GFM and CommonMark, not ${quote(variant)}`;
  }
  return undefined;
}

function checkDynamic(text: string): string | undefined {
  const field = text.toLowerCase();
  if (["name", "version", "metadata-version"].includes(field)) return "this field is never dynamic";
  return metadataFields().has(field) ? undefined : "no such field";
}

function checkLicenceFile(path: string): string | undefined {
  if (path.includes("..")) return "it leaves the folder";
  if (path.includes("*")) return "it is a pattern, not a path";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "it is not relative";
  if (path.includes("\\") || path === "" || path.includes("//")) return "it is not a path with `/`";
  if (path !== "." && path.split("/").some((part) => part === "." || part === ""))
    return "it is not in normal form";
  return undefined;
}

/** https://docs.python.org/3/reference/lexical_analysis.html#keywords */
const keywords: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from " +
    "global if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** A dotted name, perhaps followed by `; private`. */
function checkImportName(text: string): string | undefined {
  const semicolon = text.indexOf(";");
  const name = semicolon === -1 ? text : text.slice(0, semicolon);
  for (const part of name.trimEnd().split(".")) {
    // Here and not above: to read its classes takes as long as all the rest of this package takes to start.
    if (!/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(part)) return "not a name that Python can import";
    if (keywords.has(part)) return `${quote(part)} is a keyword of Python`;
  }
  if (semicolon === -1 || text.slice(semicolon + 1).trimStart() === "private") return undefined;
  return "only `private` may follow the semicolon";
}
