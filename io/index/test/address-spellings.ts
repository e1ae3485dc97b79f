// Addresses that are nobody's on the internet, and the ways of writing one in a URL: https://url.spec.whatwg.org/#host-parsing.

import fc from "fast-check";

/** What no stranger may reach: network and length of its prefix. */
const CLOSED = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

export const numberOf = (address: string) => Buffer.from(address.split(".").map(Number)).readUInt32BE();
const bytesOf = (number: number) => [
  number >>> 24,
  (number >>> 16) & 255,
  (number >>> 8) & 255,
  number & 255,
];
const dotted = (number: number) => bytesOf(number).join(".");
const halves = (number: number) => `${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
const octal = (number: number) => `0${number.toString(8)}`;
const hex = (number: number) => `0x${number.toString(16)}`;

/** An IPv4 address of one of them, as a number. */
export const closedAddress = fc
  .tuple(fc.constantFrom(...CLOSED), fc.nat({ max: 0xffffffff }))
  .map(([[network, prefix], random]) => (numberOf(network) | (random & (2 ** (32 - prefix) - 1))) >>> 0);

/** Hosts that mean an IPv4 address, hold it or lead to it. */
export function spellings(number: number): readonly string[] {
  const [a = 0, b = 0, c = 0, d = 0] = bytesOf(number);
  const plain = dotted(number);
  const [two, three] = [`${a}.${number & 0xffffff}`, `${a}.${b}.${number & 0xffff}`];
  const mixed = [`${hex(a)}.${octal(b)}.${c}.${hex(d)}`, `${hex(a)}.${number & 0xffffff}`];
  const parts = [octal, hex].map((write) => [a, b, c, d].map(write).join("."));
  const whole = [`${number}`, octal(number), hex(number), hex(number).toUpperCase()];
  const wide = plain.replace(/./g, (sign) => (sign === "." ? "。" : String.fromCodePoint(+sign + 0xff10)));
  const percents = plain.replace(/./g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  const names = [plain, `${plain}.`, two, three, ...mixed, ...parts, ...whole, wide, percents];
  return [...names, ...embeddings(number).map((address) => `[${address}]`)];
}

/** Compatible, mapped, behind a translator, at the end of a tunnel. */
function embeddings(number: number): readonly string[] {
  const [plain, half, inverted] = [dotted(number), halves(number), halves(~number >>> 0)];
  const mapped = [`::ffff:${plain}`, `::FFFF:${half}`, `0:0:0:0:0:ffff:${half}`];
  const translated = [`64:ff9b::${plain}`, `64:FF9B:0:0::${half}`, `64:ff9b:1::${half}`];
  return [`::${plain}`, ...mapped, ...translated, `2002:${half}::1`, `2001:0:808:808:0:1:${inverted}`];
}
