import { bitsOf, hostmask, netmask } from '../../../model/ip-address.ts'
import { wrong } from '../value/fault.ts'
import type { Value } from '../value/value.ts'
import {
  addressText,
  broadcastOf,
  firstOf,
  fromNumber,
  holdsNet,
  isPowerOfTwo,
  type Net,
  netOf,
  netText,
  parseNet,
  sizeOf,
  usableOf,
} from './net.ts'

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
