import { bitsOf, formatAddress, hostmask, type Ip, netmask, parseIp } from '../../../model/ip-address.ts'
import { parsedInt } from '../syntax/number.ts'
import { type Value, wrong } from '../value/value.ts'

export interface AddressQuery {
  readonly net: Net
  readonly isNetwork: boolean
  readonly value: string
}

type Query = (asked: AddressQuery) => Value

const text = (net: Net, address: bigint) => addressText({ version: net.version, address })
const maskText = (net: Net) => text(net, netmask(net))
const isFirst = (net: Net) => net.address === firstOf(net)
const ipText = (net: Net) => addressText(net)
const single = (net: Net): Net => ({ ...net, prefix: bitsOf(net) })

function needNetwork({ isNetwork }: AddressQuery) {
  if (!isNetwork)
    throw wrong('the value is an address without a prefix', 'give it with its prefix, for example 10.0.0.1/24')
}

const ofNetwork =
  (query: (net: Net) => Value): Query =>
  (asked) => {
    needNetwork(asked)
    return query(asked.net)
  }

const IPV4_PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '239.0.0.0/8',
  '169.254.0.0/16',
]
const IPV6_PRIVATE = ['fc00::/7', 'fec0::/10', 'fe80::/10']

function isIn(net: Net, ...prefixes: readonly string[]) {
  return prefixes.some((prefix) => {
    const outer = parseNet(prefix)
    return outer !== undefined && holdsNet(outer, net)
  })
}

const isPrivate = (net: Net) => isIn(net, ...IPV4_PRIVATE, ...IPV6_PRIVATE)
const isMulticast = (net: Net) => isIn(net, '224.0.0.0/4', 'ff00::/8')
const isLoopback = (net: Net) => (net.version === 4 ? isIn(net, '127.0.0.0/8') : net.address === 1n)

function isPublic(net: Net) {
  const ip = single(net)
  const full = (1n << BigInt(bitsOf(ip))) - 1n
  const isMask = isPowerOfTwo((ip.address ^ full) + 1n) || isPowerOfTwo(ip.address + 1n)
  return !isMulticast(ip) && !isPrivate(ip) && !isLoopback(ip) && !isMask
}

const where =
  (holds: (net: Net) => boolean): Query =>
  ({ net, value }) =>
    holds(net) ? value : null

const addressPrefix: Query = ({ net }) => {
  const isEdge = isFirst(net) || net.address === broadcastOf(net)
  return sizeOf(net) > 2n && isEdge ? false : netText(net)
}

const address: Query = ({ net }) => {
  const isHost = sizeOf(net) === 1n || !isFirst(net) || broadcastOf(net) === undefined || net.version === 6
  return isHost ? ipText(net) : null
}

// The address of a host with something behind it; None for the first of a larger prefix, and for an address alone.
const hostWith =
  (behind: (net: Net) => string): Query =>
  ({ net }) => {
    const size = sizeOf(net)
    return size === 2n || (size > 1n && !isFirst(net)) ? ipText(net) + behind(net) : null
  }

const ipv4: Query = ({ net, value }) => {
  if (net.version === 4) return value
  const low =
    net.address <= 0xffff_ffffn
      ? net.address
      : net.address <= 0xffff_ffff_ffffn
        ? net.address - 0xffff_0000_0000n
        : undefined
  const converted = low === undefined ? undefined : netOf(4, low, net.prefix - 96)
  return converted === undefined ? false : netText(converted)
}

const ipv6: Query = ({ net, value }) =>
  net.version === 6 ? value : netText({ version: 6, address: 0xffff_0000_0000n + net.address, prefix: net.prefix + 96 })

const unanswered: Query = () => {
  throw wrong('`v4` and `v6` are not answered by ansible.utils', 'write `ipv4` or `ipv6`')
}

const sixToFour: Query = ({ net, isNetwork, value }) => {
  if (net.version === 6) {
    const isHost = !isNetwork || !isFirst(net)
    return isHost && isIn(isNetwork ? single(net) : net, '2002::/16') ? value : false
  }
  if (sizeOf(net) > 1n && isFirst(net)) return false
  if (!isPublic(net) && !isPrivate(single(net))) return false
  const hex = (shift: bigint) => ((net.address >> shift) & 0xffn).toString(16).padStart(2, '0')
  return `2002:${hex(24n)}${hex(16n)}:${hex(8n)}${hex(0n)}::1/48`
}

const peer = (net: Net): Value => {
  const size = sizeOf(net)
  if (size === 2n) return addressText(fromNumber(net.address ^ 1n))
  if (size !== 4n) throw wrong('the prefix is not that of a point-to-point link (/31 or /30)')
  if (net.address % 4n === 0n) throw wrong('the first address of a /30 has no peer')
  if (net.address % 4n === 3n) throw wrong('the last address of a /30 has no peer')
  return addressText(fromNumber(net.address ^ 3n))
}

const neighbour =
  (step: bigint) =>
  (net: Net): Value => {
    if (sizeOf(net) === 1n) return null
    const [first, last] = usableOf(net)
    const next = fromNumber(net.address + step)
    return next.address >= first && next.address <= last ? addressText(next) : null
  }

function reverseName(net: Net) {
  if (net.version === 4) return `${ipText(single(net)).split('.').toReversed().join('.')}.in-addr.arpa.`
  return `${[...net.address.toString(16).padStart(32, '0')].toReversed().join('.')}.ip6.arpa.`
}

const whenSeveral = (query: (net: Net) => Value) => (net: Net) => (sizeOf(net) > 1n ? query(net) : null)
const wrapped: Query = ({ net, isNetwork, value }) =>
  net.version === 4 ? value : `[${ipText(net)}]${isNetwork ? `/${net.prefix}` : ''}`
const wildcard: Query = ({ net }) => text(net, hostmask(net))
const network: Query = ({ net }) => text(net, firstOf(net))
const subnet: Query = ({ net }) => netText({ ...net, address: firstOf(net) })
const loopback = where((net) => isLoopback(single(net)))

/** What the filters of the `ipaddr` family can be asked, as ansible.utils 2 answers it. */
export const QUERIES: Readonly<Record<string, Query>> = {
  '': ({ net, isNetwork }) => (isNetwork ? netText(net) : ipText(net)),
  '6to4': sixToFour,
  address,
  'address/prefix': addressPrefix,
  bool: () => true,
  broadcast: ({ net }) => (sizeOf(net) > 2n ? text(net, broadcastOf(net) ?? 0n) : null),
  cidr: ({ net }) => netText(net),
  first_usable: ofNetwork(whenSeveral((net) => addressText(fromNumber(usableOf(net)[0])))),
  gateway: addressPrefix,
  gw: addressPrefix,
  host: ({ net }) => (sizeOf(net) === 1n || !isFirst(net) || broadcastOf(net) === undefined ? netText(net) : null),
  'host/prefix': addressPrefix,
  hostmask: wildcard,
  hostnet: addressPrefix,
  int: ({ net, isNetwork }) => (isNetwork ? `${net.address}/${net.prefix}` : net.address),
  ip: address,
  'ip/prefix': hostWith((net) => `/${net.prefix}`),
  ip_netmask: hostWith((net) => ` ${maskText(net)}`),
  ipv4,
  ipv6,
  last_usable: ofNetwork(whenSeveral((net) => addressText(fromNumber(usableOf(net)[1])))),
  'link-local': where((net) => isIn(single(net), '169.254.0.0/16', 'fe80::/10')),
  lo: loopback,
  loopback,
  multicast: where(isMulticast),
  net: ({ net }) => (sizeOf(net) > 1n && isFirst(net) ? netText(net) : null),
  next_usable: ofNetwork(neighbour(1n)),
  netmask: ({ net }) => maskText(net),
  network,
  network_id: network,
  'network/prefix': subnet,
  network_netmask: ({ net }) => `${text(net, firstOf(net))} ${maskText(net)}`,
  network_wildcard: ({ net }) => `${text(net, firstOf(net))} ${text(net, hostmask(net))}`,
  peer: ofNetwork(peer),
  prefix: ({ net }) => BigInt(net.prefix),
  previous_usable: ofNetwork(neighbour(-1n)),
  private: where(isPrivate),
  public: where(isPublic),
  range_usable: ofNetwork(
    whenSeveral((net) =>
      usableOf(net)
        .map((one) => addressText(fromNumber(one)))
        .join('-'),
    ),
  ),
  revdns: ({ net }) => reverseName(net),
  router: addressPrefix,
  size: ({ net }) => sizeOf(net),
  size_usable: ({ net }) => (sizeOf(net) === 1n ? 0n : sizeOf(net) === 2n ? 2n : sizeOf(net) - 2n),
  subnet,
  type: ({ net }) => (sizeOf(net) === 1n || !isFirst(net) ? 'address' : 'network'),
  unicast: where((net) => !isMulticast(net)),
  v4: unanswered,
  v6: unanswered,
  version: ({ net }) => BigInt(net.version),
  wildcard,
  wrap: wrapped,
}

export type Net = Ip & { readonly prefix: number }

/** Reads an address or prefix as netaddr 0.8 does: also in parts (`10.1/16`), and with a netmask or hostmask. */
export function parseNet(text: string): Net | undefined {
  return parseFamily(text, 4) ?? parseFamily(text, 6)
}

function parseFamily(text: string, version: 4 | 6): Net | undefined {
  const slash = text.indexOf('/')
  const host = slash < 0 ? text : text.slice(0, slash)
  const suffix = slash < 0 ? undefined : text.slice(slash + 1)
  const ip = parseHost(host, version) ?? (version === 4 ? parseHost(expanded(host) ?? '', 4) : undefined)
  if (ip === undefined) return undefined
  const prefix = suffix === undefined ? bitsOf(ip) : prefixOf(suffix, version)
  return prefix === undefined || prefix < 0 || prefix > bitsOf(ip) ? undefined : { ...ip, prefix }
}

function parseHost(text: string, version: 4 | 6) {
  const ip = text.includes('/') ? undefined : parseIp(text)
  return ip?.version === version ? ip : undefined
}

function expanded(host: string) {
  if (host.includes(':')) return undefined
  const parts = host.split('.').map((part) => parsedInt(part, 10))
  if (parts.length > 4 || parts.includes(undefined)) return undefined
  return [...parts, 0n, 0n, 0n].slice(0, 4).join('.')
}

function prefixOf(suffix: string, version: 4 | 6) {
  const length = parsedInt(suffix, 10)
  if (length !== undefined) return Number(length)
  const mask = parseHost(suffix, version)
  if (mask === undefined) return undefined
  const bits = BigInt(bitsOf(mask))
  const full = (1n << bits) - 1n
  if (isPowerOfTwo((mask.address ^ full) + 1n)) return Number(bits) - lengthOf((mask.address ^ full) + 1n)
  return isPowerOfTwo(mask.address + 1n) ? Number(bits) - lengthOf(mask.address + 1n) : undefined
}

/** Whether a number is a power of two, as the number behind a netmask's or hostmask's end is. */
export function isPowerOfTwo(value: bigint): boolean {
  return (value & (value - 1n)) === 0n
}

function lengthOf(power: bigint) {
  return power.toString(2).length - 1
}

/** The address of a number: IPv4 where it is small enough, whatever it came from, as netaddr takes it. */
export function fromNumber(address: bigint): Ip {
  if (address < 0n || address >= 1n << 128n) throw wrong('the number is no address')
  return { version: address < 1n << 32n ? 4 : 6, address, prefix: undefined }
}

/** An address of a family with the length of a prefix; undefined where it leaves the family. */
export function netOf(version: 4 | 6, address: bigint, prefix: number): Net | undefined {
  const bits = version === 4 ? 32 : 128
  const fits = address >= 0n && address < 1n << BigInt(bits) && prefix >= 0 && prefix <= bits
  return fits ? { version, address, prefix } : undefined
}

/** An address as text, with the last 32 bits of an IPv6 address in dots where glibc writes them so. */
export function addressText({ version, address }: Pick<Ip, 'version' | 'address'>): string {
  const isMapped = address >> 32n === 0xffffn
  const isCompatible = address >> 32n === 0n && address >= 1n << 16n
  if (version === 4 || !(isMapped || isCompatible)) return formatAddress({ version, address })
  return `::${isMapped ? 'ffff:' : ''}${formatAddress({ version: 4, address: address & 0xffff_ffffn })}`
}

export function netText(net: Net): string {
  return `${addressText(net)}/${net.prefix}`
}

export function sizeOf(net: Net): bigint {
  return 1n << BigInt(bitsOf(net) - net.prefix)
}

export function firstOf(net: Net): bigint {
  return net.address & netmask(net)
}

function lastAddressOf(net: Net) {
  return firstOf(net) + sizeOf(net) - 1n
}

// The broadcast address; undefined for an IPv4 prefix of one or two addresses.
function broadcastOf(net: Net) {
  return net.version === 4 && net.prefix >= 31 ? undefined : lastAddressOf(net)
}

/** Whether the prefix of `outer` holds that of `inner`. */
export function holdsNet(outer: Net, inner: Net): boolean {
  if (outer.version !== inner.version || inner.prefix < outer.prefix) return false
  return firstOf(outer) === (inner.address & netmask(outer))
}

/** The first and the last address that a host can have, of a prefix of at least two addresses. */
export function usableOf(net: Net): readonly [bigint, bigint] {
  const [first, last] = [firstOf(net), lastAddressOf(net)]
  return sizeOf(net) === 2n ? [first, last] : [first + 1n, last - 1n]
}

/** The address at an index of the prefix, from its end below zero; undefined outside. */
export function atIndex(net: Net, index: bigint): Ip | undefined {
  const size = sizeOf(net)
  const at = index < 0n ? size + index : index
  return at < 0n || at >= size ? undefined : { version: net.version, address: firstOf(net) + at, prefix: undefined }
}

interface Span {
  readonly version: 4 | 6
  first: bigint
  last: bigint
  only: Net | undefined
}

export function mergedNets(nets: readonly Net[]): string[] {
  const spans: Span[] = []
  const sorted = nets.toSorted(
    (a, b) => a.version - b.version || compare(firstOf(a), firstOf(b)) || compare(lastAddressOf(b), lastAddressOf(a)),
  )
  for (const net of sorted) {
    const before = spans.at(-1)
    const [first, last] = [firstOf(net), lastAddressOf(net)]
    if (before !== undefined && before.version === net.version && first <= before.last + 1n) {
      if (last > before.last) before.last = last
      before.only = undefined
    } else spans.push({ version: net.version, first, last, only: net })
  }
  return spans.flatMap((span) => (span.only === undefined ? prefixesOf(span) : [netText(span.only)]))
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function prefixesOf({ version, first, last }: Span) {
  const bits = bitsOf({ version })
  const prefixes: string[] = []
  for (let from = first; from <= last; ) {
    let length = bits
    while (
      length > 0 &&
      from % (1n << BigInt(bits - length + 1)) === 0n &&
      from + (1n << BigInt(bits - length + 1)) - 1n <= last
    )
      length -= 1
    prefixes.push(`${addressText({ version, address: from })}/${length}`)
    from += 1n << BigInt(bits - length)
  }
  return prefixes
}

export function spanningNet(nets: readonly Net[]): string {
  const [one] = nets
  if (one === undefined || nets.some(({ version }) => version !== one.version))
    throw wrong('IPv4 and IPv6 have no prefix in common')
  const order = (a: Net, b: Net) =>
    compare(firstOf(a), firstOf(b)) || a.prefix - b.prefix || compare(a.address, b.address)
  const sorted = nets.toSorted(order)
  const lowest = sorted[0] ?? one
  const highest = sorted.at(-1) ?? one
  const bits = bitsOf(one)
  let prefix = highest.prefix
  let address = lastAddressOf(highest)
  while (prefix > 0 && address > firstOf(lowest)) {
    prefix -= 1
    const size = BigInt(bits - prefix)
    address = (address >> size) << size
  }
  return `${addressText({ version: one.version, address })}/${prefix}`
}
