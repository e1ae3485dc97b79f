// Under which licence a release is, as an SPDX expression where that is certain. What states it, in this order: the
// expression of PEP 639, the old field, the classifiers, the licence files. A name that stands for several licences
// ("BSD") is no answer; then a licence file that can only be one of them is. https://peps.python.org/pep-0639/

import type { ContentsFact } from "@thoth/knowledge";
import { type CoreMetadata, parseLicenceExpression, ThothError } from "@thoth/pep";
import { licenceByClassifier, licenceByName } from "./licence-names.ts";
import { licenceByText } from "./licence-texts.ts";

type Licence = Pick<ContentsFact, "license" | "licenseFrom">;

/** Characters of an old field that are passed on as they are. */
const LONGEST_NAME = 200;
const PREFIX = "License :: ";

/** `texts`: those of the licence files. */
export function licenceOf(metadata: CoreMetadata, texts: readonly string[]): Licence {
  const { licenseExpression, license, classifiers } = metadata;
  const expression = expressionIn(licenseExpression);
  if (expression !== undefined) return { license: expression, licenseFrom: "expression" };
  const field = fieldLicence(license);
  if (field !== undefined) return { license: field, licenseFrom: "field" };
  const stated = [...new Set(classifiers.filter((one) => one.startsWith(PREFIX)))];
  const classified = stated.length === 1 ? licenceByClassifier(stated[0]!) : undefined;
  if (classified !== undefined) return { license: classified, licenseFrom: "classifiers" };
  // Several classifiers do not say whether all of them hold or one is to be chosen, and so do several texts.
  const known = [...new Set(texts.map(licenceByText).filter((one) => one !== undefined))];
  if (known.length === 1 && stated.length < 2) return { license: known[0]!, licenseFrom: "file" };
  const text = asWritten(license, stated);
  return text === undefined ? {} : { license: text, licenseFrom: "text" };
}

function expressionIn(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  try {
    return parseLicenceExpression(text);
  } catch (error) {
    if (error instanceof ThothError) return undefined;
    throw error;
  }
}

/** An identifier, a usual name, or the whole text of a licence: all of them are found in the old field. */
function fieldLicence(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const named = licenceByName(text);
  if (named !== undefined) return named;
  return text.length <= LONGEST_NAME ? expressionIn(text) : licenceByText(text);
}

function asWritten(field: string | undefined, classifiers: readonly string[]): string | undefined {
  const line =
    field
      ?.trim()
      .split(/\r\n|\n|\r/)[0]
      ?.slice(0, LONGEST_NAME)
      .trim() ?? "";
  if (line !== "" && line.toUpperCase() !== "UNKNOWN") return line;
  if (classifiers.length === 0) return undefined;
  return classifiers
    .map((one) => one.slice(one.lastIndexOf(" :: ") + 4))
    .join("; ")
    .slice(0, LONGEST_NAME);
}
