// How a real token is told from one that was written as an example.

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Bits for each character below which a token is no random one. Real ones of 20 characters have 3.6 and more. */
const LEAST_ENTROPY = 3.2;
const EXAMPLE =
  /example|sample|dummy|placeholder|redacted|your[_-]|xxxx|1234567|abcdefg|0000000|test[_-]?token|changeme/i;

/**
 * Whether the last six characters are the CRC-32 of those between the prefix and them, in base 62: GitHub and npm make
 * their tokens so.
 */
export function hasGithubSum(token: string): boolean {
  const body = token.slice(token.indexOf("_") + 1);
  return base62(crc32(body.slice(0, -6))).padStart(6, "0") === body.slice(-6);
}

function base62(value: number): string {
  let text = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = BASE62[rest % 62]! + text;
  return text;
}

/** Of ASCII. */
function crc32(text: string): number {
  let sum = 0xffffffff;
  for (let at = 0; at < text.length; at++) {
    sum ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** Its characters are spread as chance spreads them, and nothing in it says that it is an example. */
export function isLikelyRandom(token: string): boolean {
  if (EXAMPLE.test(token) || /(.)\1{4}/.test(token)) return false;
  const counts = new Map<string, number>();
  for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / token.length) * Math.log2(count / token.length);
  return entropy >= LEAST_ENTROPY;
}

/** A macaroon of PyPI: version 2, and the place `pypi.org` or `test.pypi.org`. https://pypi.org/help/#apitoken */
export function isPypiToken(token: string): boolean {
  const bytes = decodeBase64(token.slice("pypi-".length).replaceAll("-", "+").replaceAll("_", "/"));
  if (bytes === undefined || bytes[0] !== 2 || bytes[1] !== 1) return false;
  const place = new TextDecoder("latin1").decode(bytes.subarray(3, 3 + (bytes[2] ?? 0)));
  return (place === "pypi.org" || place === "test.pypi.org") && isLikelyRandom(token.slice(40));
}

/** What stands between the marks of a PEM file: a sequence of DER, or the form of OpenSSH. */
export function isPrivateKeyBody(text: string): boolean {
  // As it stands in a string of a program, lines may end in an escape and be quoted.
  const lines = text.replaceAll("\\n", "\n").split("\n").map(unquoted);
  const body = lines.filter((line) => line !== "" && !line.includes(":")).join("");
  const bytes = decodeBase64(body);
  if (bytes === undefined || bytes.length < 48) return false;
  if (new TextDecoder("latin1").decode(bytes.subarray(0, 14)) === "openssh-key-v1") return true;
  return lines.some((line) => line.includes("ENCRYPTED")) ? false : isSequence(bytes);
}

/** `+` is a character of base 64, too: it goes only with quotes. */
function unquoted(line: string): string {
  return line
    .trim()
    .replace(/^(?:\+\s*)?["']+|["']+\s*[+,;)]*$/g, "")
    .replace(/\\$/, "")
    .trim();
}

/** A whole SEQUENCE: its length is that of the bytes. */
function isSequence(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30) return false;
  const first = bytes[1]!;
  if (first < 0x80) return bytes.length === 2 + first;
  const size = first & 0x7f;
  if (size > 3) return false;
  let length = 0;
  for (let at = 0; at < size; at++) length = length * 256 + bytes[2 + at]!;
  return bytes.length === 2 + size + length;
}

function decodeBase64(text: string): Uint8Array | undefined {
  const bare = text.replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]+$/.test(bare) || bare.length % 4 === 1) return undefined;
  const alphabet = `${BASE62.slice(10)}${BASE62.slice(0, 10)}+/`;
  const bytes = new Uint8Array(Math.floor((bare.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of bare) {
    bits = ((bits << 6) | alphabet.indexOf(character)) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 0xff;
  }
  return bytes;
}
