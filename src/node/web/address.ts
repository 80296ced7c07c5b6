/** Which addresses of the network are public: a page is fetched from nowhere else. */
import ipaddr from 'ipaddr.js';

/** `64:ff9b::/96` and `64:ff9b:1::/48`: an address of version 4 in its last four bytes. */
const NAT64: readonly [string, number][] = [
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
];

/**
 * True for an address that anybody on the internet would reach as the same machine. Closed: what is not known to be
 * public is not, an address in which another one is embedded is as public as that one. Never throws.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast';
  const six = parsed as ipaddr.IPv6;
  const embedded = embeddedIn(six);
  if (embedded !== null) return embedded.range() === 'unicast';
  // All that is given out for the internet lies in 2000::/3.
  return six.range() === 'unicast' && six.match(ipaddr.IPv6.parse('2000::'), 3);
}

function embeddedIn(six: ipaddr.IPv6): ipaddr.IPv4 | null {
  if (six.isIPv4MappedAddress()) return six.toIPv4Address();
  const bytes = six.toByteArray();
  const four = (at: number): ipaddr.IPv4 => new ipaddr.IPv4(bytes.slice(at, at + 4));
  if (NAT64.some(([prefix, bits]) => six.match(ipaddr.IPv6.parse(prefix), bits))) return four(12);
  return six.match(ipaddr.IPv6.parse('2002::'), 16) ? four(2) : null;
}
