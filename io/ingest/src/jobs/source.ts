// What a source is to a job: a list of things that it can be asked for, and how an answer becomes changes of the graph.
// A source keeps nothing itself: what it must remember of a thing comes with the question and goes with the answer.

import type { Change, KnowledgeGraph } from "@thoth/knowledge";
import type { ErrorCode } from "@thoth/pep";
import type { Asker } from "./asker.ts";

/** What a source remembers of one thing that it was asked for: short texts and numbers, such as an ETag. */
export type Recollection = Readonly<Record<string, string | number>>;

export interface SourceItem {
  /** Names the thing within the source: a project, a repository, a document. */
  readonly key: string;
  /** What is wanted of it, as a digest: where that changes it is asked again, however fresh it is, as if for the first time. */
  readonly wish?: string;
  /** It is known already that nothing has changed. */
  readonly isSettled?: boolean;
}

export interface SourceContext {
  readonly graph: KnowledgeGraph;
  readonly asker: Asker;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface ItemContext extends SourceContext {
  /** As the last answer left it. */
  readonly known: Recollection;
}

export type Answer =
  | { readonly kind: "unchanged"; readonly known: Recollection }
  /** The source does not have it. What is known of it stays. */
  | { readonly kind: "absent"; readonly known: Recollection }
  | { readonly kind: "told"; readonly changes: readonly Change[]; readonly known: Recollection };

export interface Source<Item extends SourceItem = SourceItem> {
  /** Names the job, and the source in facts' provenance. */
  readonly name: string;
  /** Whom it asks, without credentials. */
  readonly place: string;
  /** Jobs of the same lock never run at the same time; default: the name. */
  readonly lock?: string;
  /** Things that are asked for at once; default: as the run says. */
  readonly atOnce?: number;
  /** What can be asked of it. `recall` tells what is remembered of a thing, where it must be asked for. */
  items(context: SourceContext, recall: Recall<Item>): Promise<readonly Item[]>;
  /** Throws a `ThothError` where it cannot be asked or cannot be understood. */
  ask(item: Item, context: ItemContext): Promise<Answer>;
}

export interface Recall<Item extends SourceItem = SourceItem> {
  /** Undefined: it was never asked for. */
  known(item: Item): Recollection | undefined;
  /** Whether it is long enough since it was asked for. */
  isDue(item: Item): boolean;
}

export interface ItemFailure {
  readonly key: string;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface JobReport {
  readonly source: string;
  /** Whom it has asked. */
  readonly place: string;
  /** `stopped`: the rest is left for the next run, for the reason given. */
  readonly outcome: "done" | "stopped";
  readonly stop?: { readonly code: ErrorCode; readonly message: string; readonly hint?: string };
  /** Things that there are, and those that were asked for recently enough. */
  readonly items: number;
  readonly fresh: number;
  /** Of the others: how many came out which way. */
  readonly changed: number;
  readonly unchanged: number;
  readonly absent: number;
  readonly failed: number;
  /** The first of them. */
  readonly failures: readonly ItemFailure[];
  /** Facts that are new, say something else, or are gone. */
  readonly facts: number;
}
