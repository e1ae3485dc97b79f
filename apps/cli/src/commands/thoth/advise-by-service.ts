// `thoth advise --service`: the report of a service, shown and written as one of this machine.

import type { AdviceRequest } from "@thoth/contract/service";
import { quote, ThothError } from "@thoth/pep";
import { adviceParts } from "../../advice/advice-text.ts";
import { reportOfDocument, type ToldAdvice } from "../../advice/report-from-document.ts";
import { wholeNumber } from "../../advice/whole-number.ts";
import type { Engine } from "../../engines/engine.ts";
import {
  adviseByService,
  lockedByService,
  queueByService,
  type ServiceMore,
} from "../../engines/service-engine.ts";
import { readGivenText } from "../../files/read-file.ts";
import { type Invocation, textOption } from "../../frame/command.ts";
import type { ResolutionSettings } from "../../settings/resolution-settings.ts";
import { writeAdvisedLock, writePage } from "./advise-files.ts";
import { lockGiven, requestGiven } from "./lock.ts";

const MOST_PRODUCTS = 50;
const MOST_LOCK_BYTES = 2 * 1024 * 1024;
/** What needs the search itself, and not its answer. */
const ASKED_HERE = ["proof", "predictor", "pareto", "replay", "plot", "policy"];

/** Throws usage, and as `adviseByService`. */
export async function adviseFromService(invocation: Invocation, settings: ResolutionSettings): Promise<0> {
  const { terminal, options } = invocation;
  const here = ASKED_HERE.find((name) => options[name] !== undefined);
  if (here !== undefined)
    throw new ThothError("usage", `a service cannot be asked with --${here}`, {
      hint: `Leave out --${here}, or add --engine thoth: then this machine does it.`,
    });
  const count = wholeNumber(options, "count", { fallback: 1, least: 1, most: MOST_PRODUCTS });
  const had = await lockInUse(textOption(options, "lock"));
  if (options["wait"] === false) return await queue(invocation, settings, { count, had });
  const told: ToldAdvice[] = [];
  const engine: Engine = async (asked, request) => {
    const document = await adviseByService(asked, request, { count, had });
    told.push(document);
    return lockedByService(document, request);
  };
  const given = await lockGiven(invocation, settings, { engine });
  const [document] = told;
  const report = document && reportOfDocument(document);
  if (document === undefined || report === undefined) throw new Error("a lock was made without a report");
  await writeAdvisedLock(invocation, given);
  if (options["html"] !== undefined) await writePage(invocation, document);
  terminal.document(document);
  terminal.result(...adviceParts(terminal, report));
  return 0;
}

/** Files that are written from an answer. */
const WRITTEN = ["output", "html"];

async function queue(invocation: Invocation, settings: ResolutionSettings, more: ServiceMore): Promise<0> {
  const { terminal, options } = invocation;
  const file = WRITTEN.find((name) => options[name] !== undefined);
  if (file !== undefined)
    throw new ThothError(
      "usage",
      `--${file} is written when there is an answer, and --no-wait waits for none`,
      {
        hint: `Leave out --${file}, and ask the same again when \`thoth status\` says that it is done.`,
      },
    );
  const { job, state } = await queueByService(invocation, await requestGiven(invocation, settings), more);
  terminal.document({ job, service: settings.service, state });
  terminal.result(job);
  terminal.entry("then", `\`thoth status\` tells how far it is, \`thoth results\` what it has found`);
  return 0;
}

type Project = AdviceRequest["project"];

/** What the user has, as the service is told of it. */
async function lockInUse(path: string | undefined): Promise<Pick<Project, "lock" | "lockForm">> {
  if (path === undefined) return {};
  return { lock: await readGivenText(path, MOST_LOCK_BYTES), lockForm: formOf(path) };
}

function formOf(path: string): NonNullable<Project["lockForm"]> {
  if (path.endsWith(".toml")) return "pylock";
  if (path.endsWith(".lock")) return "pipfile-lock";
  if (/\.(?:txt|in)$/.test(path)) return "requirements";
  throw new ThothError("usage", `what ${quote(path)} is cannot be told from its name`, {
    hint: "Name a pylock.toml, a Pipfile.lock, or a requirements.txt with hashes.",
  });
}
