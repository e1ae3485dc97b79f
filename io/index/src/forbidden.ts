// What a process refuses that acts for strangers. Whether it does is told by a variable, and asked before anything of the
// guard itself (guard.ts) is loaded.

import { quote, ThothError } from "@thoth/pep";

type Variables = Readonly<Record<string, string | undefined>>;

const VARIABLE = "THOTH_ALLOWED_HOSTS";

/** The hosts that the operator allows, as he wrote them; undefined: the guard is off. Empty, it is on and allows none. */
export function allowedHosts(variables: Variables): string | undefined {
  return variables[VARIABLE];
}

/** `host` with its port; empty for what lies on this machine. */
function forbidden(host: string, sentence: string): ThothError {
  return new ThothError("index-unreachable", sentence, {
    hint: `Whoever runs this names the hosts that may be asked in \`${VARIABLE}\`.`,
    details: { host, failure: "forbidden" },
  });
}

export function forbiddenHost({ host }: URL): ThothError {
  return forbidden(host, `${quote(host)} may not be asked: it is not one of the hosts that are allowed.`);
}

/** The address is not told: it says something of the network. */
export function forbiddenAddress({ host }: URL): ThothError {
  return forbidden(host, `${quote(host)} may not be asked: its address is not a public one.`);
}

/** What is no URL of http or https. */
export function forbiddenPlace(): ThothError {
  return forbidden(
    "",
    "Only what is asked for by `http:` or `https:` may be read, and nothing of this machine.",
  );
}

/** A name was looked up, and has an address that is not public. */
export class InternalAddress extends Error {}

/** Throws where the guard is on and the URL is not one of http or https, as that of a file on this machine. */
export function checkRemote(url: string, variables: Variables): void {
  if (allowedHosts(variables) === undefined || /^https?:/i.test(url)) return;
  throw forbiddenPlace();
}
