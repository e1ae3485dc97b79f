// The statements of the embedded store, each prepared when it is first used: a run that only reads prepares
// three of them.

import type { DatabaseSync, StatementSync } from "node:sqlite";

export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get selectProject(): StatementSync {
    return this.#prepare(
      `SELECT id, etag, last_modified, fetched_at, fresh_until, generation, head FROM projects
       WHERE index_url = ? AND name = ?`,
    );
  }

  /** All but the record itself. */
  get selectState(): StatementSync {
    return this.#prepare(
      `SELECT id, etag, last_modified, fetched_at, fresh_until, generation, NULL FROM projects
       WHERE index_url = ? AND name = ?`,
    );
  }

  /** The index on both columns tells the names; rows are read of those alone that contain the text. */
  get selectNames(): StatementSync {
    return this.#prepare(
      "SELECT name FROM projects WHERE index_url = ? AND instr(name, ?) > 0 AND generation IS NOT NULL",
    );
  }

  get selectProjectId(): StatementSync {
    return this.#prepare("SELECT id FROM projects WHERE index_url = ? AND name = ?");
  }

  get selectBlock(): StatementSync {
    return this.#prepare("SELECT bytes FROM blocks WHERE id = ?");
  }

  get selectFact(): StatementSync {
    return this.#prepare("SELECT fact FROM metadata WHERE project = ? AND file = ?");
  }

  get insertOwner(): StatementSync {
    return this.#prepare("INSERT OR IGNORE INTO projects (index_url, name) VALUES (?, ?)");
  }

  get insertFact(): StatementSync {
    return this.#prepare(
      `INSERT OR REPLACE INTO metadata (project, file, fact)
       SELECT id, ?2, ?1 FROM projects WHERE index_url = ?3 AND name = ?4`,
    );
  }

  get insertGeneration(): StatementSync {
    return this.#prepare("INSERT INTO generations (replaced_at) VALUES (NULL)");
  }

  get insertBlock(): StatementSync {
    return this.#prepare("INSERT INTO blocks (id, bytes) VALUES (?, ?)");
  }

  get retire(): StatementSync {
    return this.#prepare(
      `UPDATE generations SET replaced_at = ?
       WHERE id = (SELECT generation FROM projects WHERE index_url = ? AND name = ?)`,
    );
  }

  get upsertProject(): StatementSync {
    return this.#prepare(
      `INSERT INTO projects (index_url, name, etag, last_modified, fetched_at, fresh_until, generation, head)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (index_url, name) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
         fetched_at = excluded.fetched_at, fresh_until = excluded.fresh_until, generation = excluded.generation,
         head = excluded.head`,
    );
  }

  get refresh(): StatementSync {
    return this.#prepare(
      `UPDATE projects SET etag = ?, last_modified = ?, fetched_at = ?, fresh_until = ?
       WHERE index_url = ? AND name = ?`,
    );
  }

  get selectReplaced(): StatementSync {
    return this.#prepare(
      "SELECT id FROM generations WHERE replaced_at IS NOT NULL AND replaced_at < ? LIMIT 1000",
    );
  }

  get deleteBlocks(): StatementSync {
    return this.#prepare("DELETE FROM blocks WHERE id >= ? AND id < ?");
  }

  get deleteGeneration(): StatementSync {
    return this.#prepare("DELETE FROM generations WHERE id = ?");
  }

  #prepare(text: string): StatementSync {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    statement.setReturnArrays(true);
    this.#prepared.set(text, statement);
    return statement;
  }
}
