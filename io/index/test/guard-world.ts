// Two indexes on loopback: one that the operator allows, and one that no stranger may reach through us.

import type { TestContext } from "node:test";
import { buildSdist, buildWheel, type IndexServer, type Offer, startIndex } from "@thoth/testkit";
import type { IndexSession, IndexSessionOptions } from "../src/index.ts";
import { openRig, temporaryFolder } from "./rig.ts";

export const wheel = buildWheel({ name: "foo", version: "1.0", requires: ["bar"] });
export const sdist = buildSdist({ name: "foo", version: "1.0", requires: ["bar"] });

export interface World {
  readonly outside: IndexServer;
  readonly inside: IndexServer;
  /** Of the inside. */
  readonly port: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly folder: string;
  open(options: Partial<IndexSessionOptions>): Promise<IndexSession>;
  /** Lets the outside lead whoever asks for `path` to `to`. */
  lead(path: string, to: string, status?: number): void;
  /** Lets the outside say that the file of `foo` lies inside. */
  offer(offer: Offer): void;
}

/** `listed`: entries besides the outside; undefined: the guard is off. */
export async function openWorld(
  context: TestContext,
  listed: ((port: string) => string) | undefined,
): Promise<World> {
  const inside = await startIndex({ projects: { foo: [wheel, sdist] } });
  const outside = await startIndex({ projects: { foo: [wheel] } });
  context.after(() => Promise.all([inside.close(), outside.close()]));
  const folder = await temporaryFolder(context);
  const port = new URL(inside.origin).port;
  const allowed = `+${new URL(outside.origin).host}, ${listed?.(port) ?? ""}`;
  const variables = { HOME: folder, ...(listed === undefined ? {} : { THOTH_ALLOWED_HOSTS: allowed }) };
  return {
    outside,
    inside,
    port,
    variables,
    folder,
    open: async (options) => (await openRig(context, { variables, folder, ...options })).session,
    lead: (path, to, status = 302) => outside.spoil(path, { kind: "redirect", to, status }),
    offer: (offer) => outside.offer("foo", [offer]),
  };
}
