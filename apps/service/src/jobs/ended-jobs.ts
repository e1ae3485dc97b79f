// Jobs that this process has lately brought to their end. What is done stays as it is, so that what is here is as good as what
// the database has.

import type { Job } from "./job.ts";

const MOST = 256;
/** Characters of a question. */
const LONGEST = 64 * 1024;

export class EndedJobs {
  readonly #jobs = new Map<string, Job>();

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  put(job: Job): void {
    if (job.question.length > LONGEST) return;
    this.#jobs.set(job.id, job);
    const [oldest] = this.#jobs.size > MOST ? this.#jobs.keys() : [];
    if (oldest !== undefined) this.#jobs.delete(oldest);
  }
}
