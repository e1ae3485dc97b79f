// Questions about images: whose answer is whose, and where their credentials are while they wait.

import type { ImageDocument } from "@thoth/contract";
import { Secret } from "@thoth/index";
import { ThothError } from "@thoth/pep";
import { PUBLIC } from "../access/tenants.ts";
import type { Vault } from "../access/vault.ts";
import type { Job, Result } from "../jobs/job.ts";
import { type ImageQuestion, parseQuestion } from "./question.ts";

export interface RegistryCredentials {
  readonly user: string;
  readonly password: string;
}

/** Sealed for that tenant and image alone: with another name in its place, nobody opens them. */
export function sealCredentials(
  { user, password }: RegistryCredentials,
  { image, tenant, vault }: { readonly image: string; readonly tenant: string; readonly vault: Vault },
): string {
  return vault.seal(new Secret(`${user}:${password}`), placeOf(tenant, image));
}

/** As `USER:PASSWORD`. Throws `database-failed`. */
export function openCredentials(
  { image, sealed }: ImageQuestion,
  tenant: string,
  vault: Vault | undefined,
): Secret | undefined {
  if (sealed === undefined) return undefined;
  if (vault !== undefined) return vault.open(sealed, placeOf(tenant, image));
  throw new ThothError("database-failed", "credentials in the database cannot be opened", {
    hint: "Set `THOTH_SECRET_KEY`.",
  });
}

function placeOf(tenant: string, image: string): string {
  return `image ${tenant} ${image}`;
}

/** Whether what is found may be told to everybody: everybody could ask, and see the same. */
export function isShared({ sealed }: ImageQuestion, tenant: string): boolean {
  return sealed === undefined && tenant === PUBLIC;
}

/** By which an analysis may be found: none where it took credentials, or has found nothing. */
export function digestsOf({ question: text }: Pick<Job, "question">, { document, status }: Result) {
  const question = parseQuestion(text);
  if (status !== 0 || question.kind !== "image" || question.sealed !== undefined) return [];
  const { digest, list } = JSON.parse(Buffer.from(document).toString("utf8")) as ImageDocument;
  return list === undefined ? [digest] : [digest, list];
}
