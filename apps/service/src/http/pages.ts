// The pages for people, as apps/web builds them: few files, read once, compressed already. The names of assets say what is in
// them, so they may be kept for ever; the page itself is asked for each time.
// https://www.w3.org/TR/CSP3/ · https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ThothError } from "@thoth/pep";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

interface File {
  readonly path: string;
  readonly type: string;
}

/** What `manifest.json` says. */
interface Manifest {
  /** Addresses of the page; names in braces stand for anything. */
  readonly pages: readonly string[];
  readonly page: File;
  readonly assets: readonly File[];
}

/** A file in every form in which it is sent. */
interface Held {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "no-referrer",
  vary: "accept-encoding",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

const FOR_EVER = "public, max-age=31536000, immutable";
const EACH_TIME = "no-cache";

/** `folder`: what `apps/web/tools/build.ts` wrote. Throws where it is not there. */
export function servePages(server: FastifyInstance, folder: string): void {
  const file = join(folder, "manifest.json");
  if (!existsSync(file))
    throw new ThothError("not-found", `there are no pages in \`${folder}\``, {
      hint: "Build them with `npm run build`.",
    });
  const { pages, page, assets } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const shell = hold(folder, page);
  for (const address of pages) {
    // Who has the address of an advice was told it: search engines need not tell others.
    const more = address.startsWith("/advice/") ? { "x-robots-tag": "noindex, nofollow" } : {};
    serve(server, address, shell, { "cache-control": EACH_TIME, ...more });
  }
  for (const asset of assets)
    serve(server, `/${asset.path}`, hold(folder, asset), { "cache-control": FOR_EVER });
}

function hold(folder: string, { path, type }: File): Held {
  const plain = readFileSync(join(folder, path));
  const [br, gzip] = [readFileSync(join(folder, `${path}.br`)), readFileSync(join(folder, `${path}.gz`))];
  const digest = createHash("sha256").update(plain).digest("base64url").slice(0, 22);
  return { type, etag: digest, plain, br, gzip };
}

function serve(
  server: FastifyInstance,
  address: string,
  held: Held,
  headers: Readonly<Record<string, string>>,
): void {
  server.route({
    method: ["GET", "HEAD"],
    url: address.replaceAll(/\{(\w+)\}/g, ":$1"),
    handler: (request, reply) => send(request, reply.headers({ ...HEADERS, ...headers }), held),
  });
}

function send(request: FastifyRequest, reply: FastifyReply, held: Held): FastifyReply {
  const coding = codingFor(request.headers["accept-encoding"]);
  // Each form has a tag of its own.
  const etag = `"${held.etag}${coding === "identity" ? "" : `-${coding}`}"`;
  reply.header("etag", etag);
  if (isKnown(request.headers["if-none-match"], etag)) return reply.code(304).send();
  const bytes = coding === "identity" ? held.plain : held[coding];
  reply.type(held.type).header("content-length", bytes.length);
  if (coding !== "identity") reply.header("content-encoding", coding);
  return reply.send(request.method === "HEAD" ? undefined : bytes);
}

type Coding = "br" | "gzip" | "identity";

/** The smallest form that the client takes. */
function codingFor(header: string | string[] | undefined): Coding {
  const wishes = String(header ?? "")
    .toLowerCase()
    .split(",")
    .map((wish) => wish.trim().split(/\s*;\s*/))
    .filter(([, weight]) => !/^q=0(?:\.0*)?$/.test(weight ?? ""))
    .map(([name]) => name);
  return (["br", "gzip"] as const).find((coding) => wishes.includes(coding)) ?? "identity";
}

function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
}
