// Takes OSV documents one after the other and keeps what they say.

import { type OsvAdvisory, parseOsv } from "@thoth/knowledge/compile";
import { quote } from "@thoth/pep";
import type { AdvisoryDocuments, SkippedDocument } from "./advisory-documents.ts";
import { decodeDocument } from "./decode-document.ts";
import { DocumentSink, exceeded } from "./document-sink.ts";
import { SOURCE_LIMITS } from "./source-limits.ts";

const MOST_SHOWN = 300;

export class AdvisoryCollector extends DocumentSink {
  readonly #advisories: OsvAdvisory[] = [];
  readonly #skipped: SkippedDocument[] = [];
  #entries = 0;

  wants(name: string): boolean {
    return /\.(?:json|ya?ml)$/i.test(name);
  }

  protected take(name: string, content: Uint8Array): void {
    const document = decodeDocument(name, content);
    const result =
      document.kind === "value"
        ? parseOsv(document.value)
        : { kind: "skipped" as const, reason: document.reason };
    if (result.kind === "skipped") this.refuse(name, result.reason);
    else this.#keep(result.advisory);
  }

  /** What is kept of small documents can be large. */
  #keep(advisory: OsvAdvisory): void {
    const { aliases, affected } = advisory;
    this.#entries += aliases.length;
    for (const { versions, ranges } of affected) {
      this.#entries += 1 + versions.length;
      for (const events of ranges) this.#entries += events.length;
    }
    if (this.#entries > SOURCE_LIMITS.entries) throw exceeded("entries");
    this.#advisories.push(advisory);
  }

  protected refuse(name: string, reason: string): void {
    this.#skipped.push({ name: quote(name, MOST_SHOWN).slice(1, -1), reason });
  }

  finish(): AdvisoryDocuments {
    this.tellProgress();
    return { advisories: this.#advisories, skipped: this.#skipped, documents: this.documents };
  }
}
