// What strangers try who may say where packages come from.

import { join } from "node:path";
import { fetchRemoteFile, WebClient } from "../src/index.ts";
import { sdist, type World, wheel } from "./guard-world.ts";
import { findProject, requirementsOf } from "./rig.ts";

export interface Attack {
  /** Entries of the list, which has the outside anyway. */
  readonly listed?: (port: string) => string;
  readonly run: (world: World) => Promise<unknown>;
}

export const PAGE = "/simple/foo/";
const listedAddress = (port: string) => `127.0.0.1:${port}`;
export const listedName = (port: string) => `localhost:${port}`;

/** An index whose URL the stranger gave. */
export function index(url: (world: World) => string, listed?: Attack["listed"]): Attack {
  const run = async (world: World) => await findProject(await world.open({ indexes: [url(world)] }), "foo");
  return { run, ...(listed === undefined ? {} : { listed }) };
}

/** A page of the outside that leads on. */
function redirect(to: (world: World) => string, more: { listed?: Attack["listed"]; status?: number } = {}) {
  const attack = index(({ outside }) => outside.indexUrl, more.listed);
  const run = async (world: World) => {
    world.lead(PAGE, to(world), more.status);
    return await attack.run(world);
  };
  return { ...attack, run };
}

export const artifactOf = ({ outside }: World, url = outside.urlOf(wheel.filename)) => ({
  filename: wheel.filename,
  url,
  hashes: {},
});

async function metadataFrom(world: World, offer: Parameters<World["offer"]>[0]): Promise<unknown> {
  world.offer(offer);
  return await requirementsOf(await world.open({ indexes: [world.outside.indexUrl] }), "foo");
}

const spelled = (host: string) => index(({ port }) => `http://${host}:${port}/simple/`, listedAddress);
const named = (host: string) => index(({ port }) => `http://${host}:${port}/simple/`, listedName);

/** By what is tried. Each gets in where there is no guard. */
export const attacks: Readonly<Record<string, Attack>> = {
  "an index that is not listed": index(({ inside }) => inside.indexUrl),
  "an index at an internal address that is listed without a plus": index(
    ({ inside }) => inside.indexUrl,
    listedAddress,
  ),
  "an index whose listed name has an internal address": named("localhost"),
  "another port of a host that is listed": index(
    ({ inside }) => inside.indexUrl,
    () => "+127.0.0.1, +127.0.0.1:1",
  ),
  "an address in decimal": spelled("2130706433"),
  "an address in hexadecimal": spelled("0x7f.0x0.0x0.0x1"),
  "an address in octal": spelled("0177.0.0.01"),
  "an address with parts left out": spelled("127.1"),
  "an address with a dot at its end": spelled("127.0.0.1."),
  "an address in digits of full width": spelled("１２７。０。０。１"),
  "a name in capital letters": named("LocalHost"),
  "a name in letters of other alphabets": named("ⓛⓞⓒａｌhost"),
  "a name in percents": named("%6c%6f%63alhost"),
  "an allowed host as the user of another": index(
    ({ outside, port }) => `http://${new URL(outside.origin).host}@127.0.0.1:${port}/simple/`,
  ),
  "an allowed host behind a backslash": index(
    ({ outside, port }) => `http:\\\\127.0.0.1:${port}\\@${new URL(outside.origin).host}/../simple/`,
  ),
  "a redirect": redirect(({ inside }) => `${inside.indexUrl}foo/`),
  "a redirect that keeps the method": redirect(({ inside }) => `${inside.indexUrl}foo/`, { status: 307 }),
  "a redirect for ever": redirect(({ inside }) => `${inside.indexUrl}foo/`, { status: 308 }),
  "a redirect to a listed name": redirect(({ port }) => `http://localhost:${port}${PAGE}`, {
    listed: listedName,
  }),
  "a redirect to an address that is spelled oddly": redirect(
    ({ port }) => `http://0x7f000001:${port}${PAGE}`,
    {
      listed: listedAddress,
    },
  ),
  "a redirect without a scheme": redirect(({ port }) => `//127.0.0.1:${port}${PAGE}`),
  "a redirect with backslashes": redirect(({ port }) => `\\\\127.0.0.1:${port}\\simple\\foo\\`),
  "a redirect to a redirect": redirect(
    (world) => {
      world.lead("/simple/second/", `${world.inside.indexUrl}foo/`);
      return "/simple/second/";
    },
    { listed: listedAddress },
  ),
  "a wheel that a page says lies inside": {
    run: (world) =>
      metadataFrom(world, { artifact: wheel, url: world.inside.urlOf(wheel.filename), metadataText: null }),
  },
  "a metadata file beside a wheel inside": {
    run: (world) => metadataFrom(world, { artifact: wheel, url: world.inside.urlOf(wheel.filename) }),
  },
  "a source distribution that a page says lies inside": {
    run: (world) => metadataFrom(world, { artifact: sdist, url: world.inside.urlOf(sdist.filename) }),
  },
  "a metadata file that is redirected": {
    run: (world) => {
      world.lead(`/files/${wheel.filename}.metadata`, `${world.inside.urlOf(wheel.filename)}.metadata`);
      return metadataFrom(world, wheel);
    },
  },
  "links of a page that are relative to a base inside": {
    run: async (world) => {
      const link = `<base href="${world.inside.origin}/files/"><a href="${wheel.filename}">x</a>`;
      world.outside.spoil(PAGE, { kind: "body", body: link, contentType: "text/html" });
      return await requirementsOf(await world.open({ indexes: [world.outside.indexUrl] }), "foo");
    },
  },
  "a page of links inside": {
    run: async (world) => await findProject(await world.open({ findLinks: [world.inside.linksUrl] }), "foo"),
  },
  "an artifact inside": {
    run: async (world) => {
      const session = await world.open({});
      return await session.artifact(artifactOf(world, world.inside.urlOf(wheel.filename)));
    },
  },
  "an artifact that is redirected": {
    run: async (world) => {
      world.lead(`/files/${wheel.filename}`, world.inside.urlOf(wheel.filename));
      return await (await world.open({})).artifact(artifactOf(world));
    },
  },
  "a wheel that is redirected while parts of it are read": {
    run: async (world) => {
      world.lead(`/files/${wheel.filename}`, world.inside.urlOf(wheel.filename));
      return await (await (await world.open({})).openWheel(artifactOf(world))).close();
    },
  },
  "a document that is redirected": {
    run: async ({ outside, inside, variables, lead }) => {
      lead("/document", `${inside.origin}/simple/`);
      const client = new WebClient({ base: outside.origin, variables });
      const request = { url: `${outside.origin}/document`, subject: "the document", limit: 1e6 };
      return await client.get(request).finally(() => client.close());
    },
  },
  "an archive of advisories that is redirected": {
    run: ({ outside, inside, variables, folder, lead }) => {
      lead("/archive", `${inside.origin}/simple/`);
      const place = { url: `${outside.origin}/archive`, target: join(folder, `archive-${Math.random()}`) };
      return fetchRemoteFile({ ...place, subject: "the archive", bytes: 1e6, seconds: 5, variables });
    },
  },
};
