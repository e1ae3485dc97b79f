// Places between versions. Every operator of PEP 440 admits what lies between two such places, so sets of
// versions need no notion of an open or closed end. A place has exactly one spelling: where a least version
// above it exists, it is "before" that version.

import { decrement, increment, makeVersion, type Version } from "./version.ts";
import { compareStems, compareVersions } from "./version-order.ts";

/**
 * `before` and `after` the version itself; `after-posts`: after a final release, its local builds and all its
 * post-releases (there is no least version above that place).
 */
export interface Cut {
  readonly side: "before" | "after" | "after-posts";
  readonly version: Version;
}

/** Before every version. */
export const LOWEST_CUT: Cut = { side: "before", version: plainVersion([0], 0, 0) };

export function cutBefore(version: Version): Cut {
  return { side: "before", version };
}

/** After `version` and whatever has its text as public part: local builds sort directly above. */
export function cutAfterLocals(version: Version): Cut {
  const { dev, post } = version;
  if (dev !== undefined) return cutBefore(makeVersion({ ...version, dev: increment(dev), local: undefined }));
  const next = post === undefined ? 0 : increment(post);
  return cutBefore(makeVersion({ ...version, post: next, dev: 0, local: undefined }));
}

/** After exactly `version`, before its local builds (or longer labels). */
export function cutAfter(version: Version): Cut {
  return { side: "after", version };
}

/** After `version` (final or pre-release, without post or dev) and all its post-releases. */
export function cutAfterPosts(version: Version): Cut {
  if (version.pre === undefined) return { side: "after-posts", version };
  const pre = [version.pre[0], increment(version.pre[1])] as const;
  return cutBefore(makeVersion({ ...version, pre, post: undefined, dev: 0, local: undefined }));
}

/** Before the first version whose release begins with `release`. */
export function cutBeforeFamily(epoch: Version["epoch"], release: Version["release"]): Cut {
  return cutBefore(plainVersion(release, epoch, 0));
}

/** Before the first version past all whose release begins with `release`. */
export function cutAfterFamily(epoch: Version["epoch"], release: Version["release"]): Cut {
  return cutBefore(plainVersion([...release.slice(0, -1), increment(release.at(-1)!)], epoch, 0));
}

/** Whether `version` lies above `cut`. */
export function isAbove(version: Version, cut: Cut): boolean {
  if (cut.side === "before") return compareVersions(version, cut.version) >= 0;
  if (cut.side === "after") return compareVersions(version, cut.version) > 0;
  return compareStems(version, cut.version) > 0;
}

/** 0 exactly when no version lies between the two places. */
export function compareCuts(left: Cut, right: Cut): number {
  if (left.side === "after-posts") {
    if (right.side === "after-posts") return compareStems(left.version, right.version);
    return compareStems(left.version, right.version) < 0 ? -1 : 1;
  }
  if (right.side === "after-posts") return compareStems(left.version, right.version) <= 0 ? -1 : 1;
  const order = compareVersions(left.version, right.version);
  if (order !== 0 || left.side === right.side) return order;
  return left.side === "before" ? -1 : 1;
}

/**
 * The version V for which `cut` is just above V and its local builds, when there is one: what `<=V` and a
 * bare `>V` (V post or dev) stop at.
 */
export function versionBelow(cut: Cut): Version | undefined {
  const { version } = cut;
  if (cut.side !== "before" || version.local !== undefined || version.dev === undefined) return undefined;
  if (version.dev !== 0) return makeVersion({ ...version, dev: decrement(version.dev) });
  if (version.post === undefined) return undefined;
  const post = version.post === 0 ? undefined : decrement(version.post);
  return makeVersion({ ...version, post, dev: undefined });
}

function plainVersion(release: Version["release"], epoch: Version["epoch"], dev: number): Version {
  return makeVersion({ epoch, release, pre: undefined, post: undefined, dev, local: undefined });
}
