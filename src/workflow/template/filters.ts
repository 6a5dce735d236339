import {
  bitsOf,
  contains,
  formatAddress,
  formatIp,
  hostmask,
  type Ip,
  lastOf,
  moved,
  netmask,
  networkOf,
  nthOf,
  parseIp,
} from '../ip.ts'
import { formatRange, parseVlanRange } from '../vlan-range.ts'

/** A template filter: the value before the bar and the arguments behind the name. Throws FilterFault when it cannot be applied. */
export type Filter = (value: unknown, ...args: readonly unknown[]) => unknown

/** Why a filter cannot be applied to a value, in words for the author of the template. */
export class FilterFault extends Error {}

type IpQuery = (ip: Ip) => string | number

/** What `ipaddr(query)` answers, by the names network engineers know from Ansible. */
const QUERIES: Readonly<Record<string, IpQuery>> = {
  '': formatIp,
  address: formatAddress,
  ip: formatAddress,
  host: (ip) => `${formatAddress(ip)}/${ip.prefix ?? bitsOf(ip)}`,
  network: (ip) => formatAddress(networkOf(prefixed(ip))),
  subnet: (ip) => formatIp(networkOf(prefixed(ip))),
  'network/prefix': (ip) => formatIp(networkOf(prefixed(ip))),
  prefix: (ip) => prefixed(ip).prefix ?? 0,
  prefixlen: (ip) => prefixed(ip).prefix ?? 0,
  netmask: (ip) => mask(ip, netmask(prefixed(ip))),
  hostmask: (ip) => mask(ip, hostmask(prefixed(ip))),
  wildcard: (ip) => mask(ip, hostmask(prefixed(ip))),
  broadcast: (ip) => formatAddress(lastOf(prefixed(ip))),
  first_usable: (ip) => formatAddress(usable(prefixed(ip)).first),
  last_usable: (ip) => formatAddress(usable(prefixed(ip)).last),
  peer: (ip) => formatAddress(peer(prefixed(ip))),
  size: (ip) => Number(hostmask(prefixed(ip)) + 1n),
  version: (ip) => ip.version,
}

/** The filters a template may use besides Jinja2's own. */
export const FILTERS: Readonly<Record<string, Filter>> = {
  ipaddr: (value, query) => ask(address(value), query),
  ipv4: (value, query) => ask(family(address(value), 4), query),
  ipv6: (value, query) => ask(family(address(value), 6), query),
  ip: (value) => ask(address(value), 'address'),
  network: (value) => ask(address(value), 'network'),
  netmask: (value) => ask(address(value), 'netmask'),
  hostmask: (value) => ask(address(value), 'hostmask'),
  broadcast: (value) => ask(address(value), 'broadcast'),
  prefixlen: (value) => ask(address(value), 'prefix'),
  cidr: (value) => ask(address(value), 'subnet'),
  ip_add: (value, count) => add(address(value), count),
  ipmath: (value, count) => add(address(value), count),
  nthhost: (value, index) => formatAddress(nth(address(value), index)),
  ipsubnet: (value, length, index) => subnet(address(value), length, index),
  in_network: (value, network) => contains(prefixed(address(network)), address(value)),
  hwaddr: (value, style) => hardwareAddress(value, style),
  vlan_expand: (value) => vlans(value),
  vlan_expander: (value) => vlans(value),
  vlan_parser: (value) => [formatRange(vlans(value))],
  vlan_compress: (value) => formatRange(vlans(value)),
  list_compress: (value) => formatRange(vlans(value)),
}

function address(value: unknown): Ip {
  const ip = typeof value === 'string' ? parseIp(value) : undefined
  if (ip === undefined) throw new FilterFault(`${shown(value)} is not an IP address or prefix`)
  return ip
}

function family(ip: Ip, version: 4 | 6): Ip {
  if (ip.version !== version) throw new FilterFault(`${formatIp(ip)} is not IPv${version}`)
  return ip
}

function prefixed(ip: Ip): Ip {
  if (ip.prefix === undefined) throw new FilterFault(`${formatIp(ip)} has no prefix length`)
  return ip
}

function ask(ip: Ip, query: unknown): string | number {
  if (typeof query === 'number') return `${formatAddress(nth(ip, query))}/${ip.prefix}`
  const answer =
    query === undefined || query === null
      ? QUERIES['']
      : Object.hasOwn(QUERIES, String(query))
        ? QUERIES[String(query)]
        : undefined
  if (answer !== undefined) return answer(ip)
  const known = Object.keys(QUERIES)
    .filter((name) => name !== '')
    .join(', ')
  throw new FilterFault(`ipaddr does not know ${shown(query)}; it knows ${known}, or a number`)
}

function mask({ version }: Ip, bits: bigint): string {
  return formatAddress({ version, address: bits })
}

/** A prefix of one or two addresses has no address to spare for network and broadcast (RFC 3021, RFC 6164). */
function usable(ip: Ip): { first: Ip; last: Ip } {
  const spare = bitsOf(ip) - (ip.prefix ?? 0) < 2 ? 0n : 1n
  const first = networkOf(ip)
  const last = lastOf(ip)
  const broadcast = ip.version === 4 ? spare : 0n
  return { first: { ...first, address: first.address + spare }, last: { ...last, address: last.address - broadcast } }
}

/** The other end of a point-to-point link: of a /31 or /127 the other address, of a /30 or /126 the other usable one. */
function peer(ip: Ip): Ip {
  const hostBits = bitsOf(ip) - (ip.prefix ?? 0)
  const offset = ip.address - networkOf(ip).address
  if (hostBits === 1) return { ...ip, address: ip.address ^ 1n }
  if (hostBits === 2 && (offset === 1n || offset === 2n)) return { ...ip, address: networkOf(ip).address + 3n - offset }
  throw new FilterFault(`${formatIp(ip)} is no end of a point-to-point link (/31 or /30)`)
}

function nth(ip: Ip, index: unknown): Ip {
  const found = nthOf(prefixed(ip), whole(index))
  if (found === undefined) throw new FilterFault(`${formatIp(networkOf(ip))} has no address number ${String(index)}`)
  return found
}

function add(ip: Ip, count: unknown): string {
  const found = moved(ip, whole(count))
  if (found === undefined) throw new FilterFault(`${formatIp(ip)} plus ${String(count)} is no address`)
  return formatAddress(found)
}

function subnet(ip: Ip, length: unknown, index: unknown): string {
  const prefix = Number(whole(length))
  const network = networkOf(prefixed(ip))
  if (prefix < (network.prefix ?? 0) || prefix > bitsOf(ip))
    throw new FilterFault(`${formatIp(network)} has no subnets of /${prefix}`)
  const step = 1n << BigInt(bitsOf(ip) - prefix)
  const found = nthOf(network, whole(index ?? 0) * step)
  if (found === undefined)
    throw new FilterFault(`${formatIp(network)} has no subnet /${prefix} number ${String(index)}`)
  return formatIp({ ...found, prefix })
}

function whole(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  throw new FilterFault(`${shown(value)} is not a whole number`)
}

const SEPARATE: Readonly<Record<string, (hex: string) => string>> = {
  linux: (hex) => hex.match(/../g)?.join(':') ?? hex,
  unix: (hex) => hex.match(/../g)?.join(':') ?? hex,
  eos: (hex) => hex.match(/..../g)?.join('.') ?? hex,
  cisco: (hex) => hex.match(/..../g)?.join('.') ?? hex,
  bare: (hex) => hex,
}

function hardwareAddress(value: unknown, style: unknown): string {
  const hex = String(value).toLowerCase().replaceAll(/[:.-]/g, '')
  if (!/^[0-9a-f]{12}$/.test(hex)) throw new FilterFault(`${shown(value)} is not a MAC address`)
  const name = style === undefined || style === null ? 'linux' : String(style)
  const separate = Object.hasOwn(SEPARATE, name) ? SEPARATE[name] : undefined
  if (separate === undefined)
    throw new FilterFault(`hwaddr does not know ${shown(style)}; it knows ${Object.keys(SEPARATE).join(', ')}`)
  return separate(hex)
}

function vlans(value: unknown): readonly number[] {
  const text = Array.isArray(value) ? value.join(',') : String(value)
  const parsed = parseVlanRange(text)
  if (parsed === undefined) throw new FilterFault(`${shown(value)} is not a range of VLANs from 1 to 4094`)
  return parsed
}

function shown(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : `\`${String(value)}\``
}
