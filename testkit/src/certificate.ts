// A self-signed certificate for 127.0.0.1, made anew for each test: no key has to lie in the repository.
// https://www.rfc-editor.org/rfc/rfc5280#section-4.1 in the encoding of ITU-T X.690 (DER).

import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM; also what a client must trust. */
  readonly certificate: string;
}

const ECDSA_WITH_SHA256 = sequence(Buffer.from("06082a8648ce3d040302", "hex"));
const COMMON_NAME = Buffer.from("0603550403", "hex");
const SUBJECT_ALTERNATIVE_NAME = Buffer.from("0603551d11", "hex");
const BASIC_CONSTRAINTS = Buffer.from("0603551d13", "hex");
const DAY = 86_400_000;

/** Valid from yesterday for a month. */
export function makeCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(
    tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from("thoth testkit", "utf8")))),
  );
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    ECDSA_WITH_SHA256,
    name,
    sequence(utcTime(Date.now() - DAY), utcTime(Date.now() + 30 * DAY)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(authority(), addresses())),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", content, privateKey)]);
  const certificate = sequence(content, ECDSA_WITH_SHA256, tagged(0x03, signature));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}

/** Clients trust it as its own authority. */
function authority(): Buffer {
  const constraint = sequence(tagged(0x01, Buffer.from([0xff])));
  return sequence(BASIC_CONSTRAINTS, tagged(0x01, Buffer.from([0xff])), tagged(0x04, constraint));
}

function addresses(): Buffer {
  const names = sequence(
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
    tagged(0x82, Buffer.from("localhost", "latin1")),
  );
  return sequence(SUBJECT_ALTERNATIVE_NAME, tagged(0x04, names));
}

function utcTime(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\D/g, "").slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`, "latin1"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}
