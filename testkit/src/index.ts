export { type Certificate, makeCertificate } from "./certificate.ts";
export { dataFolder, missingData } from "./data-folder.ts";
export { debianFolder, debianLayout, missingDebian } from "./debian-base.ts";
export {
  type DockerRegistry,
  missingDockerRegistry,
  REGISTRY_PASSWORD,
  REGISTRY_USER,
  startDockerRegistry,
} from "./docker-registry.ts";
export { type ElfPlan, writeElf } from "./elf-writer.ts";
export type { Fault } from "./fault.ts";
export {
  ARCHITECTURE,
  ImageRegistry,
  imageDigest,
  type WorldImage,
  type WorldLayer,
  writeImageLayout,
} from "./image-registry.ts";
export { elf, SAMPLE_IMAGE } from "./image-samples.ts";
export { type IndexOptions, type IndexServer, type LoggedRequest, startIndex } from "./index-server.ts";
export type { Declared } from "./metadata-text.ts";
export { type Offer, type OfferedFile, type OfferedProject, UPLOAD_TIME } from "./offer.ts";
export {
  loadPackse,
  offersOf,
  type PackseOptions,
  type PackseOracle,
  type PackseRelease,
  type PackseScenario,
  serveScenario,
} from "./packse.ts";
export {
  downloadWheels,
  findLockingPeer,
  findPeer,
  installPeers,
  installTestedPeers,
  type LockingPeer,
} from "./peers.ts";
export { findPostgres, missingPostgres, type PostgresServer, startPostgres } from "./postgres.ts";
export { type Random, randomFrom } from "./random.ts";
export type { RangeManner } from "./range-answer.ts";
export {
  type CommandResult,
  type RunningCommand,
  type RunOptions,
  runCommand,
  runProgram,
} from "./run-command.ts";
export { buildSdist, type SdistOptions } from "./sdist.ts";
export { type SourceWorld, startSourceWorld, type WorldFlaw, type WorldProject } from "./source-world.ts";
export { makeTar, makeTarGz, type TarMember } from "./tar-writer.ts";
export { startWeb, type WebOptions, type WebPage, type WebServer } from "./web-server.ts";
export { type Artifact, buildWheel, type RecordRow, type WheelOptions } from "./wheel.ts";
export { type Compressed, deflateZeros, gzipZeros } from "./zeros.ts";
export { makeZip, type ZipLies, type ZipMember } from "./zip-writer.ts";
