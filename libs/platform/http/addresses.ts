import ipaddr from 'ipaddr.js';
import { AppError } from '#kernel';

/** Which addresses may be contacted besides public ones. */
export interface AddressPolicy {
  /**
   * `true`: private networks and loopback too (for what the operator configured). A list: only these CIDRs
   * (`10.1.0.0/16`), addresses or exact host names. Cloud metadata services need their own CIDR or address in a list;
   * unspecified, multicast and broadcast addresses are never allowed. Default `false`.
   */
  allowPrivate?: boolean | readonly string[];
  /** Ports allowed besides 80, 443 and everything from 1024. */
  ports?: readonly number[];
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Cidr = [Address, number];

/** An {@link AddressPolicy} made ready for many checks. */
export interface CompiledPolicy {
  everything: boolean;
  hosts: ReadonlySet<string>;
  cidrs: readonly Cidr[];
  ports: ReadonlySet<number>;
}

// AWS, GCP, Azure, OpenStack, ECS, EKS; Azure's wire server; Alibaba; Oracle; AWS over IPv6; GCP over IPv6.
const METADATA = [
  '169.254.0.0/16',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
].map((text) => ipaddr.parseCIDR(text));

const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3');
const COMPATIBLE_V6 = ipaddr.parseCIDR('::/96');
const NEVER = new Set(['unspecified', 'multicast', 'broadcast']);

function within(address: Address, cidr: Cidr): boolean {
  if (address.kind() !== cidr[0].kind()) return false;
  return (address as ipaddr.IPv6).match(cidr);
}

/** @throws AppError `address_policy_invalid` when a listed CIDR cannot be read */
export function compilePolicy(policy: AddressPolicy): CompiledPolicy {
  const hosts = new Set<string>();
  const cidrs: Cidr[] = [];
  const list = typeof policy.allowPrivate === 'object' ? policy.allowPrivate : [];
  for (const entry of list) {
    if (ipaddr.isValidCIDR(entry)) cidrs.push(ipaddr.parseCIDR(entry));
    else if (ipaddr.isValid(entry)) cidrs.push(single(entry));
    else if (/[/\s]/.test(entry) || entry === '') {
      throw new AppError(
        'invalid',
        'address_policy_invalid',
        `"${entry}" is neither a CIDR, an address nor a host name.`,
      );
    } else hosts.add(hostName(entry));
  }
  return { everything: policy.allowPrivate === true, hosts, cidrs, ports: new Set(policy.ports) };
}

function single(text: string): Cidr {
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** A host name as compared: lower case, without the brackets of IPv6 and the final dot. */
export function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** The IPv4 address that an IPv6 address stands for (mapped, compatible, translated, NAT64, 6to4), if any. */
function embeddedV4(address: Address): ipaddr.IPv4 | null {
  if (address.kind() === 'ipv4') return null;
  const bytes = address.toByteArray();
  const range = address.range() as string;
  if (range === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6));
  const atEnd = range === 'ipv4Mapped' || range === 'rfc6145' || range === 'rfc6052' || within(address, COMPATIBLE_V6);
  return atEnd ? new ipaddr.IPv4(bytes.slice(12)) : null;
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  // ipaddr.js calls everything unassigned "unicast", the IPv4-compatible ::7f00:1 among it.
  return address.kind() === 'ipv4' || within(address, GLOBAL_V6);
}

/**
 * Why an address must not be contacted, or null when it may.
 * @param text the address, as the resolver or the socket gives it
 * @param host the host name that was asked for
 */
export function addressRefusal(text: string, host: string, policy: CompiledPolicy): string | null {
  const plain = text.replace(/%.*$/, '');
  if (!ipaddr.isValid(plain)) return 'it is not an address';
  const address = ipaddr.parse(plain);
  const inner = embeddedV4(address);
  const both = inner ? [address, inner] : [address];
  if (NEVER.has(address.range())) return `it is ${address.range()}`;
  if (both.some((a) => policy.cidrs.some((cidr) => within(a, cidr)))) return null;
  if (both.some((a) => METADATA.some((cidr) => within(a, cidr)))) return 'it belongs to a metadata service';
  if (isPublic(address)) return null;
  if (policy.everything || policy.hosts.has(hostName(host))) return null;
  return 'it is not public';
}
