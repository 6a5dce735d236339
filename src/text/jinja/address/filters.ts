import { formatAddress, parseIp } from '../../../model/ip-address.ts'
import { type Args, type Filters, filter, isTrue, textIn } from '../call/arguments.ts'
import { writtenScalar } from '../call/print.ts'
import { numberOf, parsedInt } from '../syntax/number.ts'
import { type Budget, Dict, sequenceOf, Tuple, typeOf, type Value, wrong } from '../value/value.ts'
import { hwaddr, ipaddr, ipsubnet, normalized, nthhost, nthUsable, refuseOtherDigits, slaac } from './ipaddr.ts'
import { firstOf, mergedNets, netText, parseNet, sizeOf, spanningNet } from './query.ts'

function plain(value: Value): Value {
  const net = normalized(value)
  return net === undefined ? false : netText({ ...net, address: firstOf(net) })
}

function numbered(value: Value, ...queries: readonly string[]) {
  for (const query of queries) {
    const answer = ipaddr(value, query)
    if (!isTrue(answer)) continue
    const number = ipaddr(answer, 'int')
    if (typeof number !== 'bigint') throw wrong('this is no address')
    return number
  }
  return 0n
}

function isBetween(test: Value, first: bigint, last: bigint) {
  const own = plain(test)
  const from = numbered(own, 'network', 'address')
  const to = numbered(own, 'broadcast', 'address')
  return first <= from && from <= last && first <= to && to <= last
}

// `network_in_network(value, test)` of ansible.utils 2.
const networkInNetwork = (value: Value, test: Value) => insideOf(value)(test)

function insideOf(value: Value): (test: Value) => boolean {
  const own = plain(value)
  const [first, last] = [numbered(own, 'network', 'address'), numbered(own, 'broadcast', 'address')]
  return (test) => isBetween(test, first, last)
}

function networkInUsable(value: Value, test: Value) {
  const own = plain(value)
  return isBetween(test, numbered(own, 'first_usable', 'address'), numbered(own, 'last_usable', 'address'))
}

function readNet(value: string): NonNullable<ReturnType<typeof parseNet>> {
  const net = parseNet(value)
  if (net === undefined) throw wrong(`\`${value}\` is not an IP address or prefix`)
  return net
}

function written(value: Value | undefined, otherwise?: string) {
  if (value === undefined && otherwise !== undefined) return otherwise
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return writtenScalar(value)
  const text = textIn(value, 'the value')
  refuseOtherDigits(text)
  return text
}

function whole(value: Value | undefined) {
  if (value === undefined || value === null) return undefined
  const number = typeof value === 'string' ? parsedInt(value, 10) : numberOf(value)
  if (typeof number !== 'bigint') throw wrong(`a whole number is needed, not a ${typeOf(value)}`, 'make one: `|int`')
  return number
}

function neededWhole(value: Value | undefined) {
  const number = whole(value)
  if (number === undefined || typeof value === 'boolean') throw wrong('a whole number is needed')
  return number
}

function listed(value: Value) {
  const items = sequenceOf(value)
  if (items !== undefined && !(value instanceof Tuple)) return items
  if (typeof value === 'string') return value.split(',')
  if (typeof value === 'bigint' || typeof value === 'number') return [writtenScalar(value)]
  throw wrong(`a list is needed, not a ${typeOf(value)}`)
}

function valuesIn(value: Value): number {
  return Array.isArray(value) ? value.reduce<number>((sum, item) => sum + valuesIn(item), 0) : 1
}

function addressable(value: Value, budget: Budget) {
  budget.spend(4 * valuesIn(value))
  const isTaken = ['string', 'bigint', 'boolean'].includes(typeof value) || Array.isArray(value)
  if (!isTaken) throw wrong(`a text, a number or a list is needed, not a ${typeOf(value)}`)
  return value
}

const ofVersion = (version: bigint) =>
  filter('query?', (value, [query], budget) => ipaddr(addressable(value, budget), written(query, ''), version))

function asking(signature: string, answer: (value: string, asked: string) => Value, otherwise?: string) {
  return filter(signature, (value, [asked]) => answer(written(value), written(asked, otherwise)))
}

/** The filters of addresses that Ansible knows by their name alone, as ansible.utils 2 has them. */
export const ADDRESS_FILTERS: Filters = {
  ipaddr: filter('query? version? alias?', (value, [query, version], budget) =>
    ipaddr(addressable(value, budget), written(query, ''), whole(version)),
  ),
  ipv4: ofVersion(4n),
  ipv6: ofVersion(6n),
  ipwrap: filter('', (value, _, budget) => {
    budget.spend(8 * valuesIn(value))
    return wrapped(value)
  }),
  ipsubnet: filter('query? index?', (value, [query, index]) =>
    ipsubnet(written(value), written(query, ''), whole(index)),
  ),
  ipmath: filter('amount', (value, [amount]) => ipmath(written(value), whole(amount))),
  nthhost: asking('query?', nthhost, ''),
  next_nth_usable: filter('offset', (value, [offset]) => nthUsable(written(value), neededWhole(offset))),
  previous_nth_usable: filter('offset', (value, [offset]) => nthUsable(written(value), -neededWhole(offset))),
  network_in_network: asking('test', networkInNetwork),
  network_in_usable: asking('test', networkInUsable),
  reduce_on_network: filter('network', (value, [network], budget) => {
    const items = listed(value)
    // Each item is compared by eight questions as `ipaddr` answers them.
    budget.spend(32 * items.length)
    return items.length === 0 ? [] : items.filter(insideOf(written(network)))
  }),
  slaac: asking('query', slaac),
  cidr_merge: filter('action?', merge),
  hwaddr: asking('query? alias?', hwaddr, ''),
}

export const UTILS_FILTERS: Filters = {
  macaddr: asking('query?', hwaddr, ''),
  ip4_hex: asking('delimiter?', ip4Hex, ''),
  usable_range: filter('', (value, _, budget) => usableRange(written(value), budget)),
}

function ipmath(value: string, amount: bigint | undefined) {
  if (amount === undefined) throw wrong('a whole number is needed')
  const ip = value.includes('/') ? readNet(value) : plainAddress(value)
  const moved = ip.address + amount
  if (moved < 0n || moved >= 1n << (ip.version === 4 ? 32n : 128n)) throw wrong(`${value} plus ${amount} is no address`)
  return ipaddr(formatAddress({ version: ip.version, address: moved }))
}

function plainAddress(value: string) {
  const ip = parseIp(value)
  if (ip === undefined) throw wrong(`\`${value}\` is not an IP address`)
  return ip
}

function wrapped(value: Value) {
  if (Array.isArray(value)) return value.map((item) => wrappedOne(item))
  if (typeof value !== 'string' && typeof value !== 'boolean')
    throw wrong(`a text or a list is needed, not a ${typeOf(value)}`)
  return wrappedOne(value, true)
}

function wrappedOne(value: Value, isAlone = false) {
  const found = ipaddr(value)
  if (found === false || (Array.isArray(found) && found.length === 0)) return value
  return ipaddr(isAlone ? found : value, 'wrap')
}

function merge(value: Value, [action]: Args) {
  const texts = listed(value).map((item) => textIn(item, 'each address'))
  const how = written(action, 'merge')
  if (how === 'merge') return mergedNets(texts.map(readNet))
  if (how !== 'span') throw wrong('prefixes are merged with `merge` or `span`')
  const nets = texts.map(readNet)
  if (nets.length === 0) return null
  const [only] = nets
  return nets.length === 1 && only !== undefined ? ipaddr(`${formatAddress(only)}/${only.prefix}`) : spanningNet(nets)
}

function ip4Hex(value: string, delimiter: string) {
  const numbers = value.split('.').map((part) => parsedInt(part, 10))
  if (numbers.length < 4 || numbers.includes(undefined)) throw wrong(`\`${value}\` is not an IPv4 address`)
  const hex = (number = 0n) => (number < 0n ? `-${(-number).toString(16)}` : number.toString(16)).padStart(2, '0')
  return numbers.slice(0, 4).map(hex).join(delimiter)
}

function usableRange(value: string, budget: Budget): Value {
  const ip = parseIp(value)
  const net = ip === undefined ? undefined : { ...ip, prefix: ip.prefix ?? (ip.version === 4 ? 32 : 128) }
  if (net === undefined) throw wrong(`\`${value}\` is not an IP network`)
  if (net.address !== firstOf(net)) throw wrong(`\`${value}\` has host bits`, 'give the network')
  const size = sizeOf(net)
  budget.rows(size, 1)
  const ips = Array.from({ length: Number(size) }, (_, index) =>
    formatAddress({ version: net.version, address: net.address + BigInt(index) }),
  )
  return new Dict([
    ['usable_ips', ips],
    ['number_of_ips', size],
  ])
}
