// What is in an image, and what it was made of, in the forms that scanners and policies read. Nobody signs them here.
// https://cyclonedx.org/docs/1.6/json/, https://slsa.dev/spec/v1.0/provenance,
// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md

import { createHash } from "node:crypto";
import type { AttachedDocument } from "./attachments.ts";
import type { BaseImage } from "./base-image.ts";
import type { LockedWheel } from "./locked-wheels.ts";

export interface StatementFacts {
  readonly base: BaseImage;
  readonly wheels: readonly LockedWheel[];
  readonly notebook: { readonly name: string; readonly bytes: Uint8Array };
  /** Digest of the lock, `sha256:…`. */
  readonly lock: string;
  /** Digest of the image's manifest, `sha256:…`. */
  readonly image: string;
  /** Of the image, as `2026-01-31T00:00:00Z`. */
  readonly created: string;
  /** Of Thoth. */
  readonly version: string;
}

const BOM_TYPE = "application/vnd.cyclonedx+json";
const STATEMENT_TYPE = "application/vnd.in-toto+json";
const MAKER = "https://thoth-station.ninja/horus/image";

export function billOfMaterials(facts: StatementFacts): AttachedDocument {
  const { base, wheels, notebook, image, created, version } = facts;
  const libraries = wheels.map((wheel) => {
    const purl = purlOf(wheel);
    const url = publicUrl(wheel);
    return {
      type: "library",
      "bom-ref": purl,
      name: wheel.name,
      version: wheel.version,
      hashes: [{ alg: "SHA-256", content: wheel.sha256 }],
      purl,
      ...(url === undefined ? {} : { externalReferences: [{ type: "distribution", url }] }),
    };
  });
  const below = {
    type: "container",
    "bom-ref": base.digest,
    name: "base",
    version: base.digest,
    hashes: [{ alg: "SHA-256", content: hexOf(base.digest) }],
  };
  const value = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(image)}`,
    version: 1,
    metadata: {
      timestamp: created,
      tools: { components: [{ type: "application", name: "thoth", version }] },
      component: { type: "container", "bom-ref": image, name: notebook.name, version: image },
    },
    components: [below, ...libraries],
    dependencies: [{ ref: image, dependsOn: [below, ...libraries].map((component) => component["bom-ref"]) }],
  };
  return { type: BOM_TYPE, value, title: "bom.cdx.json" };
}

export function provenanceOf(facts: StatementFacts): AttachedDocument {
  const { base, wheels, notebook, lock, image, version } = facts;
  const value = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: notebook.name, digest: { sha256: hexOf(image) } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: `${MAKER}/v1`,
        externalParameters: { notebook: notebook.name, lock },
        internalParameters: { python: base.python.version, platform: base.platform },
        resolvedDependencies: [
          { name: "base", digest: { sha256: hexOf(base.digest) } },
          {
            name: notebook.name,
            digest: { sha256: createHash("sha256").update(notebook.bytes).digest("hex") },
          },
          ...wheels.map((wheel) => ({
            name: wheel.filename,
            uri: publicUrl(wheel) ?? purlOf(wheel),
            digest: { sha256: wheel.sha256 },
          })),
        ],
      },
      runDetails: { builder: { id: MAKER, version: { thoth: version } } },
    },
  };
  return { type: STATEMENT_TYPE, value, title: "provenance.intoto.json" };
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/pypi-definition.md */
function purlOf({ name, version }: LockedWheel): string {
  return `pkg:pypi/${name}@${encodeURIComponent(version)}`;
}

/** Without what only its owner should see; undefined for a place of one machine. */
function publicUrl({ url }: LockedWheel): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined;
  return `${parsed.origin}${parsed.pathname}`;
}

function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1);
}

/** Of the eighth version: https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
function uuidOf(digest: string): string {
  const bytes = createHash("sha256").update(`bom of ${digest}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
