// `thoth environments`, `images`, `indexes` and `whatprovides`: what a service knows, and of the last what this machine does.

import { tableProviders } from "@thoth/notebook";
import { quote, ThothError } from "@thoth/pep";
import { type Handler, type Invocation, textOption } from "../../frame/command.ts";
import { type Connection, connect, refused } from "../../remote/connection.ts";
import { serviceNamed } from "../../settings/project-settings.ts";

/** Throws usage, and as `connect`. */
async function withService<T>(
  invocation: Invocation,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const service = await serviceNamed(invocation);
  if (service === undefined)
    throw new ThothError("usage", "no service is named", {
      hint: "Name one by --service, in THOTH_SERVICE, or once for the project by `thoth config`.",
    });
  return await at(invocation, service, work);
}

async function at<T>(
  invocation: Invocation,
  service: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(invocation, service);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

export const environmentsCommand: Handler = async (invocation) => {
  const { terminal, signal } = invocation;
  return await withService<0 | 1>(invocation, async ({ first, place }) => {
    const outcome = await first.listPythonEnvironments({ signal });
    if (outcome.kind === "refused") throw refused(place, outcome);
    terminal.document(outcome.value);
    const rows = outcome.value.environment.map(({ os_name, os_version, python_version }) => [
      os_name,
      os_version,
      python_version,
    ]);
    terminal.result({ headings: ["system", "version", "Python"], rows });
    return 0;
  });
};

export const indexesCommand: Handler = async (invocation) => {
  const { terminal, signal } = invocation;
  return await withService<0 | 1>(invocation, async ({ first, place }) => {
    const outcome = await first.listPythonPackageIndexes({ signal });
    if (outcome.kind === "refused") throw refused(place, outcome);
    terminal.document(outcome.value);
    terminal.result(...outcome.value.indexes.map(({ url }) => url));
    return 0;
  });
};

const MOST_PAGES = 1000;
const PAGE = 100;

export const imagesCommand: Handler = async (invocation) => {
  const { terminal, options, signal } = invocation;
  return await withService<0 | 1>(invocation, async ({ first, place }) => {
    const images = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = {
        page: String(page),
        per_page: String(PAGE),
        image_name: textOption(options, "name"),
        python_version: textOption(options, "pythonVersion"),
        package_name: textOption(options, "package"),
      };
      const outcome = await first.listContainerImages({ query, signal });
      if (outcome.kind === "refused") throw refused(place, outcome);
      images.push(...outcome.value.container_images);
      if (outcome.value.container_images.length < PAGE) break;
    }
    terminal.document({ images });
    const rows = images.map((image) => [
      `${image.env_image_name ?? image.environment_name ?? ""}:${image.env_image_tag ?? ""}`,
      [image.os_name, image.os_version].filter(Boolean).join(" "),
      image.python_version ?? "",
      image.cuda_version ?? "",
    ]);
    terminal.result({ headings: ["image", "system", "Python", "CUDA"], rows });
    return 0;
  });
};

/** What the table of this program knows; and where a service is named, what its graph has seen in wheels. */
export const whatProvidesCommand: Handler = async (invocation) => {
  const { terminal } = invocation;
  const module = invocation.arguments[0] as string;
  const packages = new Map<string, string[]>();
  for (const { distribution, alternatives } of tableProviders(module))
    for (const name of [distribution, ...alternatives]) packages.set(name, []);
  const service = await serviceNamed(invocation);
  if (service !== undefined)
    for (const { name, version } of await askProviders(invocation, service, module)) {
      const versions = packages.get(name) ?? [];
      packages.set(name, versions.includes(version) ? versions : [...versions, version]);
    }
  terminal.document({
    import: module,
    packages: [...packages].map(([name, versions]) => ({ name, versions })),
  });
  if (packages.size === 0) {
    terminal.result(`no package is known that provides ${quote(module)}`);
    return 1;
  }
  terminal.result(...[...packages].map(([name, versions]) => [name, ...versions].join(" ")));
  return 0;
};

async function askProviders(
  invocation: Invocation,
  service: string,
  module: string,
): Promise<readonly { readonly name: string; readonly version: string }[]> {
  const { signal } = invocation;
  return await at(invocation, service, async ({ first, place }) => {
    const outcome = await first.listPythonImportProviders({ query: { import_name: module }, signal });
    if (outcome.kind === "refused" && outcome.status === 404) return [];
    if (outcome.kind === "refused") throw refused(place, outcome);
    return outcome.value.package_names.map(({ package_name, package_version }) => ({
      name: package_name,
      version: package_version,
    }));
  });
}
