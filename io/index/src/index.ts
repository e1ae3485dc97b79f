export type { ByteSource } from "./byte-source.ts";
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
