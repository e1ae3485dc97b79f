// The METADATA of a wheel that lies on this machine.

import { open } from "node:fs/promises";
import { ThothError } from "@thoth/pep";
import type { IndexLimits } from "./limits.ts";
import { readZipDirectory } from "./zip-directory.ts";
import { checkMemberForm, readMemberContent } from "./zip-member.ts";

/** Throws `invalid-wheel` or `limit-exceeded`. */
export async function readWheelMetadata(path: string, limits: IndexLimits): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const directory = await readZipDirectory(file, size, {
      members: 1_000_000,
      directoryBytes: limits.directoryBytes,
    });
    const found = directory.members.filter(({ name }) => /^[^/]+\.dist-info\/METADATA$/.test(name));
    const member = found[0];
    if (member === undefined || found.length > 1) {
      const why = member === undefined ? "it has no METADATA" : "it has several METADATA files";
      throw new ThothError("invalid-wheel", `the archive is not valid: ${why}`);
    }
    if (member.size > limits.metadataBytes) {
      const most = limits.metadataBytes;
      throw new ThothError("limit-exceeded", `the archive exceeds the limit of ${most} for metadataBytes`, {
        details: { limit: "metadataBytes", most },
      });
    }
    checkMemberForm(member);
    const next = directory.members[directory.members.indexOf(member) + 1]?.offset ?? directory.start;
    return (await readMemberContent(file, member, next, { algorithms: [], keep: true })).bytes!;
  } finally {
    await file.close();
  }
}
