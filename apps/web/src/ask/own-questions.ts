// What was asked in this browser: kept here and nowhere else, and gone when its owner says so.

import type { AdviceRequest } from "@thoth/contract/service";

export interface OwnQuestion {
  /** Of the job. */
  readonly id: string;
  /** ISO date. */
  readonly at: string;
  /** What it was about, in a few words. */
  readonly title: string;
  readonly type: string;
  /** Absent where it was too long to be kept. */
  readonly question?: AdviceRequest;
}

const KEY = "thoth.asked";
const DRAFT = "thoth.draft";
const MOST = 30;
const LONGEST = 60_000;

export function ownQuestions(): readonly OwnQuestion[] {
  const value = load(localStorageOrNone(), KEY);
  return Array.isArray(value) ? value.filter(isQuestion).slice(0, MOST) : [];
}

export function questionOf(id: string): AdviceRequest | undefined {
  return ownQuestions().find((own) => own.id === id)?.question;
}

export function keepQuestion({ id, title, question }: Pick<OwnQuestion, "id" | "title" | "question">): void {
  const others = ownQuestions().filter((own) => own.id !== id);
  const isShort = JSON.stringify(question ?? null).length <= LONGEST;
  const own: OwnQuestion = {
    id,
    at: new Date().toISOString(),
    title,
    type: question?.recommendationType ?? "stable",
    ...(isShort && question !== undefined ? { question } : {}),
  };
  save(localStorageOrNone(), KEY, [own, ...others].slice(0, MOST));
}

export function forgetQuestions(): void {
  remove(localStorageOrNone(), KEY);
  remove(sessionStorageOrNone(), DRAFT);
}

/** A question that is about to be asked: it survives a look at another page. */
export function draft(): AdviceRequest | undefined {
  const value = load(sessionStorageOrNone(), DRAFT);
  return isRequest(value) ? value : undefined;
}

export function keepDraft(question: AdviceRequest): void {
  save(sessionStorageOrNone(), DRAFT, question);
}

function isQuestion(value: unknown): value is OwnQuestion {
  if (typeof value !== "object" || value === null) return false;
  const { id, at, title, type, question } = value as Readonly<Record<string, unknown>>;
  const isText = [id, at, title, type].every((member) => typeof member === "string");
  return isText && (question === undefined || isRequest(question));
}

function isRequest(value: unknown): value is AdviceRequest {
  const project = (value as { readonly project?: unknown } | null | undefined)?.project;
  if (typeof project !== "object" || project === null) return false;
  const { content, form } = project as Readonly<Record<string, unknown>>;
  return typeof content === "string" && typeof form === "string";
}

function localStorageOrNone(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

function sessionStorageOrNone(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

function load(storage: Storage | undefined, key: string): unknown {
  try {
    return JSON.parse(storage?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function save(storage: Storage | undefined, key: string, value: unknown): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // The browser's room is used up, or it keeps nothing.
  }
}

function remove(storage: Storage | undefined, key: string): void {
  try {
    storage?.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
