// The service: answers requests, and works on jobs.

export type { Database } from "./database/database.ts";
export { openDatabase } from "./database/open-database.ts";
export { type OwnPostgresql, startOwnPostgresql } from "./database/own-postgresql.ts";
export { type KeyAndCertificate, selfSigned } from "./http/self-signed.ts";
export type { LogLine } from "./http/server.ts";
export { USUAL_QUEUE } from "./jobs/job-queue.ts";
export {
  openSharing,
  readSharedAdvisories,
  shareAdvisories,
} from "./knowledge/shared-advisories.ts";
export { openService } from "./open-service.ts";
export { type Served, type Serving, serve } from "./serve.ts";
export { type HttpSettings, type ServiceSettings, USUAL_HTTP, USUAL_WORK } from "./settings.ts";
export { startWork } from "./start-work.ts";
