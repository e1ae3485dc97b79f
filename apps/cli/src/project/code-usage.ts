// What a project's code uses of packages, as whoever has read the code tells it in a file.

import { codeUsage, findViolations } from "@thoth/contract";
import { quote, ThothError } from "@thoth/pep";
import type { Use } from "@thoth/python";
import type { LockRequest } from "../engines/engine.ts";
import { readGivenText } from "../files/read-file.ts";
import { type OptionValues, textOption } from "../frame/command.ts";

const MOST_BYTES = 8 * 1024 * 1024;

/** For a request. Throws usage where the file is something else, and what reading it throws. */
export async function readCodeUsage(
  options: OptionValues,
): Promise<Pick<LockRequest, "libraryUsage" | "usage">> {
  const path = textOption(options, "codeUsage");
  if (path === undefined) return {};
  const { report, uses } = parseUsage(await readGivenText(path, MOST_BYTES), path);
  return {
    ...(report === undefined ? {} : { libraryUsage: () => report }),
    ...(uses === undefined ? {} : { usage: () => uses }),
  };
}

function parseUsage(text: string, path: string): Used {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ThothError("usage", `${quote(path)} is no JSON`);
  }
  const [violation] = findViolations(codeUsage, value);
  if (violation === undefined) return value as Used;
  const place = violation.at === "" ? "it" : quote(violation.at);
  throw new ThothError(
    "usage",
    `${quote(path)} does not tell what code uses: ${place} must be ${violation.expected}`,
    {
      hint: 'Write it as {"report": {"numpy": ["numpy.array"]}}.',
    },
  );
}

/** As `codeUsage` describes it. */
interface Used {
  readonly report?: Readonly<Record<string, readonly string[]>>;
  readonly uses?: readonly Use[];
}
