// Makes source distributions in memory: static metadata 2.2 by default, so that nothing has to be built to read
// what they need. https://packaging.python.org/en/latest/specifications/source-distribution-format/

import { type Declared, formatMetadata } from "./metadata-text.ts";
import { makeTarGz, type TarMember } from "./tar-writer.ts";
import { type Artifact, fileName } from "./wheel.ts";

export interface SdistOptions extends Declared {
  /** Beside PKG-INFO and pyproject.toml, which they may replace; paths below the top folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** The whole PKG-INFO; null leaves it out. */
  readonly metadataText?: string | Uint8Array | null;
  /** Members added as they are. */
  readonly members?: readonly TarMember[];
  readonly filename?: string;
}

export function buildSdist(options: SdistOptions): Artifact {
  const stem = `${fileName(options.name).toLowerCase()}-${options.version.replaceAll("-", "_")}`;
  const metadata = formatMetadata(options);
  const files = new Map<string, string | Uint8Array>([["pyproject.toml", projectText(options)]]);
  if (options.metadataText !== null) files.set("PKG-INFO", options.metadataText ?? metadata);
  for (const [path, data] of Object.entries(options.files ?? {})) files.set(path, data);
  const members: TarMember[] = [...files].map(([path, data]) => ({ name: `${stem}/${path}`, data }));
  return {
    filename: options.filename ?? `${stem}.tar.gz`,
    bytes: makeTarGz([...members, ...(options.members ?? [])]),
    metadata: typeof options.metadataText === "string" ? options.metadataText : metadata,
  };
}

function projectText({ name, version, dynamic = [] }: Declared): string {
  const open = dynamic.length > 0 ? 'dynamic = ["dependencies"]\n' : "";
  return `[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n[project]\nname = ${JSON.stringify(name)}\nversion = ${JSON.stringify(version)}\n${open}`;
}
