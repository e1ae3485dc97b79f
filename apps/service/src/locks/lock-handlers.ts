// Registrations of locks that are watched.

import type { AdviceRequest, RegistrationDocument, v2Operations } from "@thoth/contract/service";
import { quote, ThothError } from "@thoth/pep";
import type { Audit } from "../access/audit.ts";
import { makeId } from "../access/token.ts";
import type { Query } from "../database/database.ts";
import type { Handlers, Incoming } from "../http/handler.ts";
import { type AdviceQuestion, formatQuestion, parseQuestion, type Question } from "../questions/question.ts";
import type { Service } from "../service.ts";
import { textOf } from "../v2/job-document.ts";
import { pageOf } from "../v2/paging.ts";
import { adviceQuestionOf } from "../v2/questions.ts";
import type { Outbox } from "./outbox.ts";
import type { Told } from "./stack-change.ts";

export interface LockHandlerOptions {
  readonly service: Pick<Service, "database">;
  readonly outbox: Outbox;
  readonly audit: Audit;
  /** Throws for what nobody may ask. */
  readonly check: (question: Question) => void;
  /** Something is to be done. */
  readonly wake?: () => void;
}

type Names = "watchLock" | "listLocks" | "forgetLock";

interface Registration {
  readonly name: string;
  readonly question: AdviceRequest;
  readonly callback?: { readonly url: string; readonly secret: string };
}

interface LockRow {
  readonly id: string;
  readonly name: string;
  readonly question: string;
  readonly callback: string | null;
  readonly created: number;
  readonly told: string | null;
  readonly advised: number | null;
  readonly failure: string | null;
}

const COLUMNS = "id, name, question, callback, created, told, advised, failure";
const MOST_LOCKS = 1_000;
const CURSOR = /^(\d{1,15}):([0-9a-f]{1,32})$/;

export function lockHandlers(options: LockHandlerOptions): Pick<Handlers<typeof v2Operations>, Names> {
  return {
    watchLock: async (incoming) => {
      const document = await watch(options, incoming);
      options.wake?.();
      return { status: 201, document };
    },
    listLocks: async (incoming) => ({ status: 200, document: await list(options, incoming) }),
    forgetLock: async (incoming) => {
      await forget(options, incoming);
      return { status: 204 };
    },
  };
}

async function watch(options: LockHandlerOptions, incoming: Incoming): Promise<RegistrationDocument> {
  const { name, question: request, callback } = incoming.body as Registration;
  const question = questionOf(request);
  options.check(question);
  if (callback !== undefined) options.outbox.check(callback);
  const { database } = options.service;
  return await database.transaction(async (query) => {
    await checkCount(query, incoming.caller.tenant);
    const id = makeId();
    const secret =
      callback === undefined
        ? null
        : options.outbox.seal(callback.secret, { tenant: incoming.caller.tenant, url: callback.url });
    const [row] = await query.rows<LockRow>(
      `INSERT INTO locks (id, tenant, name, question, callback, secret, created, due)
       VALUES ($1, $2, $3, $4, $5, $6, ${database.now}, ${database.now})
       ON CONFLICT (tenant, name) DO NOTHING RETURNING ${COLUMNS}`,
      [id, incoming.caller.tenant, name, formatQuestion(question), callback?.url ?? null, secret],
    );
    if (row === undefined)
      throw new ThothError("conflict", `a lock of the name ${quote(name)} is watched already`);
    await options.audit.write(incoming, { action: "lock.watch", subject: id }, query);
    return documentOf(row);
  });
}

/** Throws `invalid-request` for what a question that is asked again and again cannot have. */
function questionOf(request: AdviceRequest): AdviceQuestion {
  for (const [member, why] of [
    ["asOf", "it is advised as of the day on which it is asked again"],
    ["callback", "who is told stands beside the question"],
    ["priority", "it is asked again when nothing else is to be done"],
  ] as const) {
    if (request[member] !== undefined)
      throw new ThothError(
        "invalid-request",
        `the question of a watched lock has no ${quote(member)}: ${why}`,
        {
          details: { status: 422 },
        },
      );
  }
  return adviceQuestionOf(request);
}

async function checkCount(query: Query, tenant: string): Promise<void> {
  const [row] = await query.rows<{ count: number }>("SELECT count(*) AS count FROM locks WHERE tenant = $1", [
    tenant,
  ]);
  if (Number(row?.count) < MOST_LOCKS) return;
  throw new ThothError("quota-exceeded", `${MOST_LOCKS} locks of this tenant are watched already`, {
    hint: "Forget one of them.",
    details: { limit: "locks", most: MOST_LOCKS },
  });
}

/** The newest first. */
async function list({ service }: LockHandlerOptions, { caller, query: given }: Incoming): Promise<unknown> {
  const page = pageOf(given);
  const [created, id] = placeOf(page.after);
  const rows = await service.database.rows<LockRow>(
    `SELECT ${COLUMNS} FROM locks WHERE tenant = $1 AND (created < $2 OR (created = $2 AND id > $3))
     ORDER BY created DESC, id LIMIT $4`,
    [caller.tenant, created, id, page.limit + 1],
  );
  return page.documentOf(rows, documentOf, (row) => `${row.created}:${row.id}`);
}

/** Throws `invalid-request`. */
function placeOf(after: string | undefined): readonly [created: number, id: string] {
  if (after === undefined) return [Number.MAX_SAFE_INTEGER, ""];
  const [, created, id] = CURSOR.exec(after) ?? [];
  if (created === undefined || id === undefined)
    throw new ThothError("invalid-request", `${quote(after)} is no place in the list`, {
      hint: "Send `next` of the page before as it was answered.",
    });
  return [Number(created), id];
}

async function forget({ service, audit }: LockHandlerOptions, incoming: Incoming): Promise<void> {
  const id = incoming.places["id"] as string;
  await service.database.transaction(async (query) => {
    const gone = await query.run("DELETE FROM locks WHERE id = $1 AND tenant = $2", [
      id,
      incoming.caller.tenant,
    ]);
    if (gone === 0) throw new ThothError("not-found", "there is no such lock");
    await audit.write(incoming, { action: "lock.forget", subject: id }, query);
  });
}

function documentOf({ id, name, created, callback, ...row }: LockRow): RegistrationDocument {
  const { recommendationType } = parseQuestion(row.question) as AdviceQuestion;
  const told = row.told === null ? undefined : (JSON.parse(row.told) as Told);
  return {
    id,
    name,
    recommendationType,
    created: textOf(created),
    advised: told === undefined || row.advised === null ? null : { at: textOf(row.advised), job: told.job },
    callback,
    ...(row.failure === null ? {} : { failure: JSON.parse(row.failure) }),
  };
}
