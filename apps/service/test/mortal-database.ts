// A process that dies at a certain moment, as its database sees it: nothing more is asked, and what was begun is not kept.

import type { Database, Query } from "../src/database/database.ts";

export class Death extends Error {}

export class Mortality {
  /** Moments that were lived through. */
  moments = 0;
  readonly #last: number;

  constructor(last: number) {
    this.#last = last;
  }

  /** Throws when it is over, and ever after. */
  live(): void {
    if (this.moments >= this.#last) throw new Death("dead");
    this.moments++;
  }

  async between<T>(work: () => Promise<T>): Promise<T> {
    this.live();
    const result = await work();
    this.live();
    return result;
  }
}

export function mortalDatabase(database: Database, mortality: Mortality): Database {
  const query = (of: Query): Query => ({
    rows: async (sql, values) => {
      mortality.live();
      return await of.rows(sql, values);
    },
    run: async (sql, values) => {
      mortality.live();
      return await of.run(sql, values);
    },
    tell: async (channel, message) => {
      mortality.live();
      await of.tell(channel, message);
    },
  });
  const { dialect, now, skipLocked, quickly } = database;
  return {
    dialect,
    now,
    skipLocked,
    quickly,
    ...query(database),
    // A moment before it is kept, and one after.
    transaction: async (work) =>
      await mortality.between(async () =>
        database.transaction(async (inner) => {
          const result = await work(query(inner));
          mortality.live();
          return result;
        }),
      ),
    listen: (channel, hear) => database.listen(channel, hear),
    script: async (sql) => await database.script(sql),
    close: async () => undefined,
  };
}
