// Who built the files of the newest releases, as their attestations claim (PEP 740):
// https://packaging.python.org/en/latest/specifications/index-hosted-attestations/. Claims they stay: no signature is verified
// here. That an attestation speaks of the file beside which it lies is checked.

import type { AttestationFact, Change } from "@thoth/knowledge";
import { type IndexFile, type PackageName, quote } from "@thoth/pep";
import { bodyOf } from "../jobs/asker.ts";
import type { Answer, ItemContext, Source, SourceItem } from "../jobs/source.ts";
import { fetchProjectPage, newestRelease } from "./index-source.ts";
import { saidBy } from "./provenance.ts";
import { notUnderstood, Reading } from "./reading.ts";
import { isAbsent, isUnchanged, remember, validatorsIn } from "./validators.ts";
import type { WantedProjects } from "./wanted-projects.ts";

const LIMIT = 8 * 1024 * 1024;
/** Of one file. */
const MOST_BUNDLES = 50;
const MOST_STATEMENTS = 50;
const MOST_SUBJECTS = 1000;

interface ProjectItem extends SourceItem {
  readonly key: PackageName;
}

/** `base`: URL of the index, with a slash at its end. */
export function attestationsSource(base: string, wanted: WantedProjects): Source<ProjectItem> {
  return {
    name: "attestations",
    place: saidBy(base, 0).source,
    items: async () => wanted.names.map((key) => ({ key })),
    ask: askProject,
  };
}

async function askProject({ key: name }: ProjectItem, context: ItemContext): Promise<Answer> {
  const { asker, known, now } = context;
  const { answer, page } = await fetchProjectPage(asker, name, validatorsIn(known));
  if (isUnchanged(answer, known)) return { kind: "unchanged", known };
  if (page === undefined) return { kind: "absent", known: {} };
  const changes: Change[] = [];
  for (const file of newestRelease(page)?.files ?? []) {
    const { provenance: url, hashes, filename } = file;
    const sha256 = hashes["sha256"];
    if (url === undefined || sha256 === undefined) continue;
    const subject = `the attestation of \`${filename}\``;
    const told = await asker.ask({ url, subject, limit: LIMIT });
    if (isAbsent(told)) continue;
    const body = parseAttestations(bodyOf(told, subject), file);
    const provenance = saidBy(url, now);
    changes.push({ put: { owner: name, kind: "attestation", subject: sha256, body, provenance } });
  }
  return { kind: "told", changes, known: remember(answer) };
}

/** Throws `index-response-invalid` (also where it speaks of another file), `limit-exceeded`. */
export function parseAttestations(
  body: Uint8Array,
  { filename, hashes }: Pick<IndexFile, "filename" | "hashes">,
): AttestationFact {
  const subject = `the attestation of \`${filename}\``;
  const document = Reading.parse(body, subject);
  const version = document.get("version").count();
  if (version !== 1) throw notUnderstood(subject, `its version is ${version}`);
  const publishers = [];
  const predicates = new Set<string>();
  for (const bundle of document.get("attestation_bundles").list(MOST_BUNDLES)) {
    publishers.push(publisherOf(bundle.get("publisher")));
    for (const attestation of bundle.get("attestations").list(MOST_STATEMENTS)) {
      const statement = statementOf(attestation, subject);
      mustSpeakOf(statement, { filename, sha256: hashes["sha256"], subject });
      predicates.add(statement.get("predicateType").text(300));
    }
  }
  return { filename, publishers, predicates: [...predicates].sort() };
}

function publisherOf(publisher: Reading): AttestationFact["publishers"][number] {
  const repository = publisher.maybe("repository")?.text(300);
  const workflow = (publisher.maybe("workflow") ?? publisher.maybe("workflow_filepath"))?.text(300);
  return {
    kind: publisher.get("kind").text(100),
    ...(repository === undefined ? {} : { repository }),
    ...(workflow === undefined ? {} : { workflow }),
  };
}

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
function statementOf(attestation: Reading, subject: string): Reading {
  const text = attestation.get("envelope").get("statement").text(LIMIT);
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) throw notUnderstood(subject, "a statement is no base64");
  return Reading.parse(Buffer.from(text, "base64"), subject);
}

function mustSpeakOf(
  statement: Reading,
  { filename, sha256, subject }: { filename: string; sha256: string | undefined; subject: string },
): void {
  const digests = statement
    .get("subject")
    .list(MOST_SUBJECTS)
    .map((file) => file.get("digest").maybe("sha256")?.text(64));
  if (!digests.some((digest) => digest !== undefined && digest === sha256))
    throw notUnderstood(subject, `it does not speak of ${quote(filename)}`);
}
