// Where the update of a repository stands. `read`: its files are to be read. `asked`: a job works on it. `idle`: there is
// nothing to do. Whoever works on a row holds it; what he writes counts only if nothing else was wanted meanwhile.

import type { Database } from "../../database/database.ts";

export type UpdateState = "read" | "asked" | "idle";

export interface UpdateRow {
  readonly repository: string;
  readonly installation: number;
  /** Counts wishes. */
  readonly wanted: number;
  readonly state: UpdateState;
  readonly held: number;
  /** Of the step that is due. */
  readonly attempt: number;
  readonly job: string | null;
  /** JSON: what the job's answer is for. */
  readonly project: string | null;
  readonly issue: number | null;
}

export interface Next {
  readonly state: UpdateState;
  /** Milliseconds until the next step. */
  readonly delay?: number;
  readonly attempt?: number;
  readonly job?: string | null;
  readonly project?: string | null;
  readonly issue?: number | null;
  readonly pull?: number | null;
  readonly failure?: string | null;
}

/** Milliseconds that a step may take, until another process goes on with it. */
const HOLD = 5 * 60_000;
const COLUMNS = "repository, installation, wanted, state, held, attempt, job, project, issue";

export class UpdateRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The next that is due: of those that are asked, only what has ended. */
  async claim(): Promise<UpdateRow | undefined> {
    const { now, skipLocked } = this.#database;
    const [row] = await this.#database.rows<UpdateRow>(
      `UPDATE github_updates SET held = ${now} + $1, attempt = attempt + 1
       WHERE repository = (SELECT repository FROM github_updates u WHERE u.state <> 'idle' AND u.due <= ${now}
         AND (u.held IS NULL OR u.held <= ${now}) AND (u.state = 'read' OR NOT EXISTS
           (SELECT 1 FROM service_jobs j WHERE j.id = u.job AND (j.state = 'ready' OR j.state = 'running')))
         ORDER BY u.due LIMIT 1 ${skipLocked}) RETURNING ${COLUMNS}`,
      [HOLD],
    );
    return row;
  }

  async settle(row: UpdateRow, next: Next): Promise<void> {
    const { now } = this.#database;
    const values = {
      attempt: 0,
      job: row.job,
      project: row.project,
      issue: row.issue,
      failure: null,
      ...next,
    };
    const changed = await this.#database.run(
      `UPDATE github_updates SET state = $1, due = ${now} + $2, attempt = $3, job = $4, project = $5, issue = $6,
       failure = $7, pull = coalesce($8, pull), held = NULL WHERE repository = $9 AND wanted = $10 AND held = $11`,
      [
        values.state,
        Math.round(values.delay ?? 0),
        values.attempt,
        values.job,
        values.project,
        values.issue,
        values.failure,
        values.pull ?? null,
        row.repository,
        row.wanted,
        row.held,
      ],
    );
    // Something else is wanted by now: it is begun at once.
    if (changed === 0)
      await this.#database.run("UPDATE github_updates SET held = NULL WHERE repository = $1 AND held = $2", [
        row.repository,
        row.held,
      ]);
  }

  /** Nobody asks for any repository of the installation before. */
  async postpone(installation: number, delay: number): Promise<void> {
    const { now } = this.#database;
    await this.#database.run(
      `UPDATE github_updates SET due = ${now} + $1 WHERE installation = $2 AND state <> 'idle' AND due < ${now} + $1`,
      [Math.round(delay), installation],
    );
  }

  /** Deliveries of GitHub older than that are not known any more. */
  async forgetEvents(age: number): Promise<void> {
    await this.#database.run(`DELETE FROM github_events WHERE at < ${this.#database.now} - $1`, [age]);
  }
}
