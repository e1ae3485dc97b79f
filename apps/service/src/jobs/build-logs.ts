// Logs of builds, as they were sent. They may hold secrets: who knows the id of one was told it, as its digits are random; their
// text is in no log and no failure of the service.

import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { ThothError } from "@thoth/pep";
import { MINUTE } from "../access/tenants.ts";
import type { Database } from "../database/database.ts";

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** Bytes that a tenant may have, packed. */
const MOST_BYTES = 512 * 1024 * 1024;

export class BuildLogs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Its id. Throws `quota-exceeded`. */
  async keep(tenant: string, log: object): Promise<string> {
    const content = await zip(JSON.stringify(log));
    const id = makeId(new Date());
    const { now } = this.#database;
    await this.#database.transaction(async (query) => {
      const [row] = await query.rows<{ bytes: number; asked: number; per_minute: number }>(
        `SELECT t.per_minute, (SELECT coalesce(sum(size), 0) FROM build_logs WHERE tenant = t.id) AS bytes,
         (SELECT count(*) FROM build_logs WHERE tenant = t.id AND created > ${now} - ${MINUTE}) AS asked
         FROM tenants t WHERE t.id = $1`,
        [tenant],
      );
      if (row === undefined) throw new ThothError("unauthorized", "the tenant is not known");
      if (Number(row.asked) >= row.per_minute) throw tooMuch("logs of builds a minute", row.per_minute);
      if (Number(row.bytes) + content.length > MOST_BYTES) throw tooMuch("bytes of logs", MOST_BYTES);
      await query.run(
        `INSERT INTO build_logs (id, tenant, content, size, created) VALUES ($1, $2, $3, $4, ${now})`,
        [id, tenant, content, content.length],
      );
    });
    return id;
  }

  async read(id: string): Promise<unknown> {
    const [row] = await this.#database.rows<{ content: Uint8Array }>(
      "SELECT content FROM build_logs WHERE id = $1",
      [id],
    );
    return row && JSON.parse((await unzip(row.content)).toString("utf8"));
  }

  /** What is older than so many milliseconds. */
  async forget(age: number): Promise<void> {
    await this.#database.run(`DELETE FROM build_logs WHERE created < ${this.#database.now} - $1`, [age]);
  }
}

function makeId(at: Date): string {
  const moment = at.toISOString().replace(/\D/g, "").slice(2, 14);
  return `buildlog-${moment}-${randomBytes(16).toString("hex")}`;
}

function tooMuch(limit: string, most: number): ThothError {
  return new ThothError("quota-exceeded", `a tenant may have at most ${most} ${limit}`, {
    hint: "Wait until older ones are forgotten, or ask whoever runs the service.",
    details: { limit, most },
  });
}
