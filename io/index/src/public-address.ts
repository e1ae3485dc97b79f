// Which addresses are a server's on the internet, and which lead into somebody's own network. Of IPv6 only what is handed
// out is public; of IPv4, which is handed out whole, all but the blocks with a purpose of their own:
// https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry,
// https://www.iana.org/assignments/ipv6-address-space, https://www.iana.org/assignments/multicast-addresses.

import { BlockList, isIP } from "node:net";

const SPECIAL_IPV4: Readonly<Record<string, string>> = {
  "0.0.0.0/8": "this network, RFC 791",
  "10.0.0.0/8": "private use, RFC 1918",
  "100.64.0.0/10": "shared behind a carrier's translator, RFC 6598",
  "127.0.0.0/8": "loopback, RFC 1122",
  "168.63.129.16/32": "not in the registry: Azure's host, as its guests see it",
  "169.254.0.0/16": "link-local, RFC 3927, with the metadata services of clouds",
  "172.16.0.0/12": "private use, RFC 1918",
  "192.0.0.0/24": "IETF protocol assignments, RFC 6890",
  "192.0.2.0/24": "documentation, RFC 5737",
  "192.88.99.0/24": "relays of 6to4, deprecated, RFC 7526",
  "192.168.0.0/16": "private use, RFC 1918",
  "198.18.0.0/15": "benchmarking, RFC 2544",
  "198.51.100.0/24": "documentation, RFC 5737",
  "203.0.113.0/24": "documentation, RFC 5737",
  "224.0.0.0/4": "multicast, RFC 5771",
  "240.0.0.0/4": "reserved, RFC 1112, and the limited broadcast, RFC 919",
};

/**
 * Everything else is refused: loopback, IPv4-compatible and IPv4-mapped (`::/8`), local translators (`64:ff9b:1::/48`),
 * unique local (`fc00::/7`), link-local (`fe80::/10`), multicast (`ff00::/8`), what is reserved.
 */
const HANDED_OUT_IPV6: Readonly<Record<string, string>> = {
  "2000::/3": "global unicast, RFC 4291",
  "64:ff9b::/96": "IPv4 behind a translator (NAT64), RFC 6052: as public as the address within",
};

/** Of what is handed out. Tunnels may end at any IPv4 address, so that the one within is not looked at. */
const SPECIAL_IPV6: Readonly<Record<string, string>> = {
  "2001::/23": "IETF protocol assignments, RFC 2928, with Teredo (`2001::/32`, RFC 4380)",
  "2001:db8::/32": "documentation, RFC 3849",
  "2002::/16": "6to4, RFC 3056, deprecated by RFC 7526",
  "3fff::/20": "documentation, RFC 9637",
};

const TRANSLATED = "64:ff9b::";

const handedOut = new BlockList();
const special = new BlockList();

for (const block of Object.keys(HANDED_OUT_IPV6)) addBlock(handedOut, block, 0);
for (const block of Object.keys(SPECIAL_IPV6)) addBlock(special, block, 0);
for (const block of Object.keys(SPECIAL_IPV4)) {
  addBlock(special, block, 0);
  addBlock(special, TRANSLATED + block, 96);
}

/** `before`: bits of the address before those that the block counts. */
function addBlock(list: BlockList, block: string, before: number): void {
  const [network = "", prefix] = block.split("/");
  list.addSubnet(network, before + Number(prefix), isIP(network) === 4 ? "ipv4" : "ipv6");
}

/** Takes the forms that `dns.lookup` and the host of a URL (without brackets) have; anything else is not public. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, "ipv4");
    case 6:
      // An address with a zone means something on one link alone.
      return !address.includes("%") && handedOut.check(address, "ipv6") && !special.check(address, "ipv6");
    default:
      return false;
  }
}
