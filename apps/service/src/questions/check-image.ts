// Images that a stranger may name: of registries that the operator has allowed. The network is guarded once more where
// connections are made, to whomever a registry may send on for tokens and layers.

import { type AllowedHost, reachOf } from "@thoth/index";
import { type ImageReference, parseImageReference } from "@thoth/ingest";
import { quote, ThothError } from "@thoth/pep";

/** Throws `invalid-request`. */
export function imageOf(text: string): ImageReference {
  try {
    return parseImageReference(text);
  } catch (error) {
    if (!(error instanceof ThothError) || error.code !== "usage") throw error;
    throw new ThothError("invalid-request", error.message, {
      hint: error.hint,
      cause: error,
      details: { status: 400 },
    });
  }
}

/** Throws `invalid-request`, `forbidden`. */
export function checkImage(text: string, hosts: readonly AllowedHost[]): void {
  const registry = new URL(imageOf(text).registry);
  if (reachOf(hosts, registry) === undefined) throw notAllowed(registry.host);
}

function notAllowed(host: string): ThothError {
  return new ThothError(
    "forbidden",
    `the registry ${quote(host)} is not among the hosts that this service asks`,
    {
      hint: `Whoever runs the service would have to allow ${quote(host)} in \`THOTH_ALLOWED_HOSTS\`, and the hosts to which it sends on for tokens and layers.`,
      details: { status: 403, host },
    },
  );
}
