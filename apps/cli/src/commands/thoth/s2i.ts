// `thoth s2i`: what the scripts of the builder images do, and the Containerfile for those who build with other tools.

import type { S2iDocument } from "@thoth/contract";
import { quote, ThothError } from "@thoth/pep";
import type { Handler, Invocation } from "../../frame/command.ts";

export const s2iCommand: Handler = async (invocation) => {
  const [action, source] = invocation.arguments as readonly (string | undefined)[];
  const document = await answer(invocation, action ?? "", source);
  invocation.terminal.document(document);
  return 0;
};

async function answer(
  invocation: Invocation,
  action: string,
  source: string | undefined,
): Promise<S2iDocument> {
  if (action !== "containerfile" && source !== undefined)
    throw new ThothError("usage", `\`thoth s2i ${action}\` takes no source, and ${quote(source)} is one`);
  switch (action) {
    case "containerfile":
      return (await import("../../s2i/containerfile.ts")).writeContainerfile(invocation, source ?? ".");
    case "assemble":
      return (await import("../../s2i/assemble.ts")).assemble(invocation);
    case "run":
      return (await import("../../s2i/run.ts")).runAssembled(invocation);
    case "usage": {
      const { readBuilder } = await import("../../s2i/builder.ts");
      const { usageText } = await import("../../s2i/usage.ts");
      const { kind } = readBuilder(invocation.environment);
      invocation.terminal.result(usageText(kind));
      return { action: "usage", usage: usageText(kind) };
    }
    default:
      throw new Error(`no action ${action}`);
  }
}
