export { type AllowedHost, parseAllowedHosts, type Reach, reachOf } from "./allowed-hosts.ts";
export type { Artifact, ArtifactRequest } from "./artifact-cache.ts";
export type { ByteSource } from "./byte-source.ts";
export type { IndexEvent, Subject } from "./events.ts";
export { retryAfter } from "./http-client.ts";
export type { IndexLimits } from "./limits.ts";
export type { WholeFileRequest } from "./passing-file.ts";
export { isPublicAddress } from "./public-address.ts";
export { fetchRemoteFile, type RemoteFile, type RemoteFileRequest } from "./remote-file.ts";
export { type JointOutcome, type JointRun, runJointResolution } from "./run-joint.ts";
export {
  HostedResolution,
  type Hosting,
  type ResolutionOutcome,
  type RunOptions,
  runResolution,
} from "./run-resolution.ts";
export { basicAuthorization, bearerAuthorization, Secret } from "./secret.ts";
export { IndexSession, type IndexSessionOptions } from "./session.ts";
export { type TakeContent, TarEntries, type TarEntry } from "./tar-entries.ts";
export { type TarLimits, TarScan } from "./tar-scan.ts";
export type { AnswerHead, Method, Sink } from "./transport.ts";
export {
  type Exchanged,
  type WebAnswer,
  WebClient,
  type WebClientOptions,
  type WebExchange,
  type WebRequest,
  type WheelRequest,
} from "./web-client.ts";
export { openLocalWheel, type WheelArchive } from "./wheel-archive.ts";
export {
  broken,
  type DirectoryLimits,
  exceeded,
  readBytes,
  readZipDirectory,
  widen,
  type ZipDirectory,
  type ZipMember,
} from "./zip-directory.ts";
export {
  type ContentRequest,
  checkMemberForm,
  type MemberContent,
  readMemberContent,
} from "./zip-member.ts";
