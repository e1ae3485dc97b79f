// `%horus`: the kernel is told of it whenever it starts, and what its cells ask is done to the open notebook.

import type { IKernel } from "@jupyterlab/apputils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import module from "../python/thoth_jupyter/magic.py";
import { htmlOf } from "./html-output.ts";
import type { NotebookSession } from "./notebook-session.ts";
import { sendLetter } from "./run.ts";

const TARGET = "thoth";
const MOST_WORDS = 200;
/** Runs the module beside the user's names, which stay as they are. A text of JSON is one of Python. */
const code = `(lambda names: (exec(${JSON.stringify(module)}, names), names["load"]()))({"__name__": "thoth_magic"})`;
/** Milliseconds that others wait for the browser whose cell was run. */
const HEAD_START = 1500;

interface Asked {
  readonly session: () => NotebookSession;
  /** The cell was run from here. */
  readonly isOurs: boolean;
}

export function bringMagic({ sessionContext, context }: NotebookPanel, session: () => NotebookSession): void {
  const equip = async () => {
    const kernel = sessionContext.session?.kernel;
    if (kernel === undefined || kernel === null || kernel.isDisposed) return;
    kernel.registerCommTarget(TARGET, (_, { content, parent_header: cause }) => {
      void answer(content.data, kernel, { session, isOurs: cause.session === kernel.clientId });
    });
    // What the notebook says is known at once, so that no cell comes first.
    const language = languageOf(context.model.metadata) ?? (await kernel.info).language_info.name;
    if (language !== "python" || kernel.isDisposed) return;
    kernel.requestExecute({ code, silent: true, store_history: false });
  };
  let isRestarting = false;
  sessionContext.kernelChanged.connect(() => void equip());
  sessionContext.statusChanged.connect((_, status) => {
    if (status === "restarting" || status === "autorestarting") isRestarting = true;
    else if (status === "idle" && isRestarting) {
      isRestarting = false;
      void equip();
    }
  });
  void sessionContext.ready.then(equip);
}

function languageOf(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const { kernelspec, language_info: info } = metadata as {
    kernelspec?: { language?: unknown };
    language_info?: { name?: unknown };
  };
  // A notebook that is new has a name that says nothing.
  const stated = info?.name || kernelspec?.language;
  return typeof stated === "string" && stated !== "" ? stated.toLowerCase() : undefined;
}

/** `data` comes from the kernel: whatever it is, it is words for a command line, and a box to put the answer into. */
async function answer(data: unknown, kernel: IKernel, { session, isOurs }: Asked): Promise<void> {
  const { mail, words } = (data ?? {}) as { mail?: unknown; words?: unknown };
  if (typeof mail !== "string" || !/^[0-9a-f]{32}$/.test(mail)) return;
  if (!Array.isArray(words) || words.length > MOST_WORDS || !words.every((word) => typeof word === "string"))
    return;
  // Every browser that has this kernel hears it. The one whose cell it is comes first; of the others one, if that cell was run
  // by the server or its browser is gone.
  if (!isOurs) await new Promise((resolve) => setTimeout(resolve, HEAD_START));
  if (!(await sendLetter(mail, { done: false }))) return;
  const { status, said, text, blocks, kernel: next } = await session().command(words);
  const more = next === undefined ? "" : `the kernel ${next} takes over when this cell has ended\n`;
  const prose = (lines: string) => (lines === "" ? [] : [{ kind: "text", text: lines } as const]);
  const html = htmlOf([...prose(said), ...blocks, ...prose(more)]);
  // A no is an answer where a result tells it.
  const failed = status === 1 && blocks.length > 0 ? 0 : status;
  await sendLetter(mail, { done: true, status: failed, text: said + text + more, ...(html && { html }) });
  if (next === undefined) return;
  await idle(kernel);
  await session().switchTo(next);
}

function idle(kernel: IKernel): Promise<void> {
  return new Promise((resolve) => {
    const look = (_: unknown, status: string) => {
      if (status !== "idle") return;
      kernel.statusChanged.disconnect(look);
      resolve();
    };
    kernel.statusChanged.connect(look);
    look(undefined, kernel.status);
  });
}
