// What the first API tells of the service's own reach: indexes, environments, images.

import type { ContainerImages } from "@thoth/contract/service";
import type { Handler } from "../http/handler.ts";
import { FIRST_PAGE, pageOf, takePage } from "./answers.ts";
import type { Catalogue, KnownImage } from "./catalogue.ts";
import { type Deployment, momentOf } from "./envelope.ts";
import { ENVIRONMENTS, PLATFORMS } from "./runtime-environment.ts";

const PUBLIC_INDEX = "https://pypi.org/simple";

export function listIndexes({ indexes }: Catalogue): Handler {
  const told = indexes.map((index) => {
    const url = index.replace(/\/$/, "");
    return {
      url,
      warehouse_api_url: url === PUBLIC_INDEX ? "https://pypi.org/pypi" : null,
      verify_ssl: url.startsWith("https:"),
      only_if_package_seen: false,
    };
  });
  return async () => ({ status: 200, document: { indexes: told } });
}

export const listEnvironments: Handler = async () => ({
  status: 200,
  document: { environment: ENVIRONMENTS },
});

export const listPlatforms: Handler = async () => ({ status: 200, document: { platform: PLATFORMS } });

export function listImages(catalogue: Catalogue, deployment: Deployment): Handler {
  return async ({ query }) => {
    const page = pageOf(query) ?? FIRST_PAGE;
    const known: Told[] = [];
    for await (const one of catalogue.images())
      if (isWanted(one, query)) known.push(imageOf(one, deployment));
    const { items: container_images, headers } = takePage(known, page);
    return {
      status: 200,
      document: { container_images, parameters: { ...query, page: page.number } },
      headers,
    };
  };
}

type Told = ContainerImages["container_images"][number];
type Query = Readonly<Record<string, string | undefined>>;

function isWanted({ image }: KnownImage, query: Query): boolean {
  const { os, pythons, environment, reference, also = [], libraries, distributions, packages } = image;
  const wanted = (name: string, found: (text: string) => boolean) =>
    query[name] === undefined || found(query[name]);
  return (
    wanted("os_name", (text) => os.id === text) &&
    wanted("os_version", (text) => os.version === text || os.version.startsWith(`${text}.`)) &&
    wanted("python_version", (text) =>
      pythons.some(({ version }) => version === text || version.startsWith(`${text}.`)),
    ) &&
    wanted("cuda_version", (text) => environment["CUDA_VERSION"]?.startsWith(text) === true) &&
    wanted("image_name", (text) => [reference, ...also].some((name) => name.includes(text))) &&
    wanted("library_name", (text) =>
      libraries.some(({ soname, path }) => soname === text || path.endsWith(`/${text}`)),
    ) &&
    wanted("symbol", (text) => libraries.some(({ provides }) => provides.includes(text))) &&
    wanted("package_name", (text) => distributions.some(({ name }) => name === text.toLowerCase())) &&
    wanted("rpm_package_name", (text) => packages.some(({ kind, name }) => kind === "rpm" && name === text))
  );
}

/** Where a digest stands instead, an `@` is before it. */
const TAG = /^[^@]+:([^/:@]+)$/;

function imageOf({ image, observedAt }: KnownImage, { searchUrl }: Deployment): Told {
  const { also = [], digest, os, pythons, environment } = image;
  const names = [image.reference, ...also];
  const reference = names.find((text) => TAG.test(text)) ?? image.reference;
  const tag = TAG.exec(reference)?.[1] ?? null;
  const name = reference.replace(/[:@][^/]*$/, "");
  const id = digest.replace(/^sha256:/, "");
  return {
    datetime: momentOf(observedAt * 1000),
    environment_type: "RUNTIME",
    environment_name: name.split("/").at(-1) ?? null,
    env_image_name: name,
    env_image_tag: tag,
    thoth_image_name: environment["THOTH_S2I_NAME"] ?? null,
    thoth_image_version: environment["THOTH_S2I_VERSION"] ?? null,
    image_sha: id,
    image_analysis_url: `${searchUrl}image/${id}`,
    package_extract_document_id: id,
    quay_repo_url: `https://${name.replace(/^quay\.io\//, "quay.io/repository/")}`,
    os_name: os.id,
    os_version: os.version,
    python_version: pythons[0]?.version.split(".").slice(0, 2).join(".") ?? null,
    cuda_version: environment["CUDA_VERSION"] ?? null,
  };
}
