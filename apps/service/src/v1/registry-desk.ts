// What registries tell of images, asked by the process that serves: for as long as somebody waits for it.

import { basicAuthorization, WebClient } from "@thoth/index";
import { describeImage, type ImageDescription, type ImageReference } from "@thoth/ingest";
import { ThothError } from "@thoth/pep";
import type { RegistryCredentials } from "../questions/image-question.ts";

/** Environment variables: proxies, certificates, and the hosts that may be asked. */
type Variables = Readonly<Record<string, string | undefined>>;

/** Seconds that whoever asks waits for a registry. */
const PATIENCE = 15;

export type DescribeImage = (
  reference: ImageReference,
  asking: { readonly credentials: RegistryCredentials | undefined; readonly signal: AbortSignal },
) => Promise<ImageDescription>;

/** Throws `invalid-request`, `forbidden`, `index-unreachable`. */
export function registryDesk(variables: Variables): DescribeImage {
  return async (reference, { credentials, signal }) => {
    const client = new WebClient({ base: reference.registry, variables });
    try {
      return await describeImage(reference, {
        client,
        credentials: credentials && basicAuthorization(credentials.user, credentials.password),
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE * 1000)]),
        seconds: PATIENCE,
        politeness: { pause: 0, retries: 1, patience: 2 },
      });
    } catch (error) {
      throw refusalOf(error);
    } finally {
      await client.close();
    }
  };
}

/** What is of the image, or of whoever asks for it, is told to him as his; that a registry is away is nobody's fault. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof ThothError)) return error;
  const { code, message, hint, details } = error;
  const forbidden = details?.["failure"] === "forbidden";
  if (forbidden || code === "unauthorized")
    return new ThothError("forbidden", message, { hint, cause: error, details: { status: 403 } });
  if (code === "index-unreachable") return error;
  return new ThothError("invalid-request", message, { hint, cause: error, details: { status: 400 } });
}
