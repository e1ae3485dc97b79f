// Within which limits a command line wants inspections, and whether this machine can make them.

import { sandboxOf, usualLimits } from "@thoth/inspection";
import { ThothError } from "@thoth/pep";
import { wholeNumber } from "../advice/whole-number.ts";
import { type OptionValues, textOption } from "../frame/command.ts";

const MEBIBYTE = 1 << 20;

/** Before anything is fetched. Throws isolation-unavailable. */
export async function mustIsolate(guard: string, allowed: boolean): Promise<void> {
  const { isolated, why } = await sandboxOf(guard);
  if (isolated || allowed) return;
  throw new ThothError(
    "isolation-unavailable",
    `this machine cannot isolate what is inspected: ${why ?? ""}`,
    {
      hint: "--without-isolation runs it all the same, with your rights: only for packages that you trust.",
    },
  );
}

/** Throws usage. */
export function limitsOf(options: OptionValues): ReturnType<typeof usualLimits> {
  const number = (name: string, most: number) =>
    textOption(options, name) === undefined
      ? undefined
      : wholeNumber(options, name, { fallback: 1, least: 1, most });
  const memory = number("memory", 1 << 22);
  const disk = number("disk", 1 << 20);
  const seconds = number("timeLimit", 86_400);
  const processors = number("processors", 1024);
  return usualLimits({
    ...(memory === undefined ? {} : { memory: memory * MEBIBYTE }),
    ...(disk === undefined ? {} : { disk: disk * MEBIBYTE }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(processors === undefined ? {} : { processors }),
  });
}
