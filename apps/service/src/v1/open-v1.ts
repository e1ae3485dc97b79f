// The first API with what it reads from: the cache of index pages that the workers fill, and the knowledge graph.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AllowedHost } from "@thoth/index";
import type { KnowledgeGraph } from "@thoth/knowledge";
import { type GraphStore, openGraph, openStore } from "@thoth/store";
import type { Vault } from "../access/vault.ts";
import type { Api } from "../http/handler.ts";
import { OWN_DATA } from "../knowledge/knowledge-files.ts";
import { checkImage } from "../questions/check-image.ts";
import type { Service } from "../service.ts";
import type { ServiceSettings } from "../settings.ts";
import type { Catalogue } from "./catalogue.ts";
import type { ImageSettings } from "./image-handlers.ts";
import { IndexCatalogue } from "./index-catalogue.ts";
import { registryDesk } from "./registry-desk.ts";
import { makeV1, type V1Settings } from "./v1.ts";

export interface OpenV1 {
  readonly api: Api;
  /** What the other API reads from too. */
  readonly catalogue: Catalogue;
  readonly graph: KnowledgeGraph;
  close(): Promise<void>;
}

export interface OpenV1Options {
  readonly settings: ServiceSettings;
  readonly mostBytes: number;
  readonly admit: V1Settings["admit"];
  readonly webhook: V1Settings["webhook"];
  readonly vault: Vault | undefined;
  readonly hosts: readonly AllowedHost[];
  /** THOTH_DEPLOYMENT, THOTH_SEARCH_URL; proxies and certificates. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Throws `database-failed`, `usage`. */
export async function openV1(service: Service, options: OpenV1Options): Promise<OpenV1> {
  const { settings, mostBytes, variables, admit, webhook } = options;
  const cacheDirectory = join(settings.data, "cache");
  const store = openStore(join(cacheDirectory, "knowledge.sqlite"));
  const graph = await openOwnGraph(settings);
  const catalogue = new IndexCatalogue({
    indexes: settings.indexes,
    store,
    cacheDirectory,
    variables: { ...settings.variables, THOTH_ALLOWED_HOSTS: settings.hosts },
    graph,
  });
  const told: V1Settings = {
    catalogue,
    deployment: variables["THOTH_DEPLOYMENT"] || "thoth",
    searchUrl: variables["THOTH_SEARCH_URL"] || "/",
    mostBytes,
    admit,
    webhook,
    images: imagesOf(options),
  };
  return {
    api: makeV1(service, told),
    catalogue,
    graph,
    close: async () => {
      store.close();
      await graph.close();
    },
  };
}

function imagesOf({ settings, hosts, vault }: OpenV1Options): ImageSettings {
  return {
    // Of a home where nobody has put passwords for other things.
    describe: registryDesk({
      ...settings.variables,
      HOME: join(settings.data, "home"),
      THOTH_ALLOWED_HOSTS: settings.hosts,
    }),
    checkImage: (image) => checkImage(image, hosts),
    vault,
  };
}

/** Made where there is none: what is refreshed or inspected later is seen at once. */
async function openOwnGraph({ data, variables }: ServiceSettings): Promise<GraphStore> {
  const folder = join(data, OWN_DATA);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return await openGraph(variables["THOTH_DATABASE"] ?? join(folder, "graph.sqlite"));
}
