// Under which name an address is limited: of IPv6 the network that one customer is given, since each may use any of its
// addresses. https://www.rfc-editor.org/rfc/rfc6177

import { isIP } from "node:net";

const GROUPS = 8;
/** Of 16 bits: a /64. */
const OF_NETWORK = 4;

export function networkOf(address: string): string {
  const [plain = ""] = address.split("%");
  if (isIP(plain) !== 6) return plain;
  const groups = groupsOf(plain);
  // IPv4 as a socket for both sees it: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2
  if (groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff") return ipv4Of(groups);
  return `${groups.slice(0, OF_NETWORK).join(":")}::/64`;
}

/** Eight, in hexadecimal without leading zeros. */
function groupsOf(address: string): readonly string[] {
  // A URL has but one spelling of an address, in which no part is written as IPv4.
  const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = "", right] = spelled.split("::");
  const before = left === "" ? [] : left.split(":");
  if (right === undefined) return before;
  const after = right === "" ? [] : right.split(":");
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after];
}

function ipv4Of(groups: readonly string[]): string {
  return groups
    .slice(-2)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((number) => [number >> 8, number & 0xff])
    .join(".");
}
