// Analyses by the digests of the images that they are of: for everybody who asks where everybody may ask for the image, and for
// the tenant that has asked. What took credentials is told by its id alone.

import { PUBLIC } from "../access/tenants.ts";
import type { Database } from "../database/database.ts";
import { JOB_COLUMNS, type Job, type JobRow, jobOf } from "./job.ts";

const OF_JOB = JOB_COLUMNS.map((name) => `j.${name}`).join(", ");

export class ImageAnalyses {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Before the job has its result: so that none that has one is missing. */
  async keep({ id, tenant }: Pick<Job, "id" | "tenant">, digests: readonly string[]): Promise<void> {
    for (const digest of digests)
      await this.#database.run(
        `INSERT INTO image_analyses (digest, job, tenant, at) VALUES ($1, $2, $3, ${this.#database.now})
         ON CONFLICT (digest, job) DO NOTHING`,
        [digest, id, tenant],
      );
  }

  /** The newest that the tenant may see. */
  async find(digest: string, tenant: string): Promise<Job | undefined> {
    const [row] = await this.#database.rows<JobRow>(
      `SELECT ${OF_JOB} FROM image_analyses a JOIN service_jobs j ON j.id = a.job
       WHERE a.digest = $1 AND (a.tenant = $2 OR a.tenant = $3) AND j.state = 'done'
       ORDER BY a.at DESC, j.id LIMIT 1`,
      [digest, tenant, PUBLIC],
    );
    return row && jobOf(row);
  }
}
