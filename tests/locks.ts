// Lock files written by hand, for what `thoth lock` would never write.

import { createHash } from "node:crypto";
import type { Artifact, IndexServer } from "@thoth/testkit";

export interface LockedArtifact {
  readonly name: string;
  readonly version: string;
  readonly artifact: Artifact;
  /** Default: where the server keeps it. */
  readonly url?: string;
  /** Default: the right one. */
  readonly sha256?: string;
  readonly size?: number;
}

/** A pylock.toml that lists these artifacts, each as the only one of its package. */
export function pylockOf(server: IndexServer, artifacts: readonly LockedArtifact[]): string {
  const packages = artifacts.map(({ name, version, artifact, url, sha256, size }) => {
    const hash = sha256 ?? createHash("sha256").update(artifact.bytes).digest("hex");
    const file = [
      `name = ${JSON.stringify(artifact.filename)}`,
      `url = ${JSON.stringify(url ?? server.urlOf(artifact.filename))}`,
      ...(size === undefined ? [] : [`size = ${size}`]),
      `hashes = { sha256 = "${hash}" }`,
    ].join(", ");
    const place = artifact.filename.endsWith(".whl") ? `wheels = [{ ${file} }]` : `sdist = { ${file} }`;
    return `[[packages]]\nname = ${JSON.stringify(name)}\nversion = ${JSON.stringify(version)}\n${place}\n`;
  });
  return `lock-version = "1.0"\ncreated-by = "test"\n\n${packages.join("\n")}`;
}
