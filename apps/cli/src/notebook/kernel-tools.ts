// What a kernel alone needs has a date of its own: of old days much of it has no wheels, or did not go together. As long as a
// Python lives its newest kernel is mended; what the notebook asks for itself keeps the notebook's date.

import type { DatedApart } from "@thoth/adviser";
import { pythonEnded } from "@thoth/notebook";
import { now } from "../settings/as-of.ts";

/** What ipykernel has needed in any release, but for what others need as well and does not go with all of them. */
const KERNEL_TOOLS = new Set(
  [
    "appnope asttokens backcall comm debugpy entrypoints exceptiongroup executing ipykernel ipython ipython-genutils",
    "ipython-pygments-lexers jedi jupyter-client jupyter-core matplotlib-inline nest-asyncio nest-asyncio2 parso pexpect pickleshare",
    "platformdirs prompt-toolkit psutil ptyprocess pure-eval pygments pyzmq simplegeneric stack-data tornado traitlets",
    "typing-extensions wcwidth",
  ].flatMap((names) => names.split(" ")),
);

export interface KernelOfThePast {
  readonly python: string;
  /** Seconds since 1970. */
  readonly asOf: number;
  /** What the notebook asks for itself. */
  readonly asked: readonly string[];
}

/** Not before the date of the rest, and not after its Python's end, so that it is the same whenever it is asked. */
export function kernelDates({ python, asOf, asked }: KernelOfThePast): DatedApart {
  const names = KERNEL_TOOLS.difference(new Set(asked));
  const ended = pythonEnded(python) ?? asOf;
  return { names, asOf: Math.max(asOf, Math.min(ended, now().seconds)) };
}
