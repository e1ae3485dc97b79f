// What is asked, in one form for both APIs. The same question has the same text, and with it the same digest.

import { createHash } from "node:crypto";
import type { CodeUsage } from "@thoth/contract";

export type ProjectForm = "requirements" | "pipfile" | "pyproject" | "notebook";
export type LockForm = "pylock" | "pipfile-lock" | "requirements";

export interface AdviceQuestion {
  readonly kind: "advice";
  readonly project: {
    readonly content: string;
    readonly form: ProjectForm;
    readonly lock?: string | undefined;
    readonly lockForm?: LockForm | undefined;
    /** In the form of requirements.txt. */
    readonly constraints?: string | undefined;
  };
  /** Such as `3.11`. */
  readonly pythonVersion?: string | undefined;
  readonly platform?: string | undefined;
  readonly recommendationType: "latest" | "stable" | "testing" | "security" | "performance";
  readonly asOf?: string | undefined;
  readonly indexUrls?: readonly string[] | undefined;
  readonly prerelease?: "if-necessary" | "allow" | "disallow" | undefined;
  readonly dev?: boolean | undefined;
  readonly count?: number | undefined;
  readonly usage?: CodeUsage | undefined;
  /** What the answer only repeats, such as labels: part of what is asked, since it is part of the answer. */
  readonly echo?: Readonly<Record<string, unknown>> | undefined;
}

export interface ProvenanceQuestion {
  readonly kind: "provenance";
  readonly lock: string;
  readonly form: LockForm;
  /** The Pipfile that a Pipfile.lock is of. */
  readonly manifest?: string | undefined;
  readonly indexUrls?: readonly string[] | undefined;
  readonly echo?: Readonly<Record<string, unknown>> | undefined;
}

export interface ImageQuestion {
  readonly kind: "image";
  /** As `parseImageReference` tells it whole. */
  readonly image: string;
  /** User and password for its registry, sealed for this tenant and image. Nobody else's question is the same then. */
  readonly sealed?: string | undefined;
  readonly echo?: Readonly<Record<string, unknown>> | undefined;
}

/** Of what indexes offer. */
export type PackageQuestion = AdviceQuestion | ProvenanceQuestion;
export type Question = PackageQuestion | ImageQuestion;

/** JSON with sorted keys; what is absent and what is undefined are the same. */
export function formatQuestion(question: Question): string {
  return JSON.stringify(sorted(question));
}

export function parseQuestion(text: string): Question {
  return JSON.parse(text) as Question;
}

export function digestOfQuestion(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
