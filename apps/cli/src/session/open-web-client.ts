// A client for documents of services that are no package indexes, as this machine's settings have it.

import type { WebClient, WebClientOptions } from "@thoth/index";
import type { Invocation } from "../frame/command.ts";
import { given } from "../settings/directories.ts";
import { readIndexSettings } from "../settings/resolution-settings.ts";
import { withProxy } from "./open-session.ts";

/** `base`: where it begins; `more.authorization` is for that place alone. The caller closes it. */
export async function openWebClient(
  { options, environment }: Pick<Invocation, "options" | "environment">,
  base: string,
  more: Pick<WebClientOptions, "authorization" | "limits"> = {},
): Promise<WebClient> {
  const { WebClient: Client } = await import("@thoth/index");
  const { pip } = readIndexSettings(options, environment);
  return new Client({
    base,
    ...more,
    variables: withProxy(environment, pip.proxy),
    certificate: given(environment, "THOTH_CERT") ?? pip.certificates,
    trustedHosts: pip.trustedHosts,
  });
}
