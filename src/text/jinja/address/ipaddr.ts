import { bitsOf, netmask } from '../../../model/ip-address.ts'
import { isTrue } from '../call/arguments.ts'
import { parsedFloat, parsedInt } from '../syntax/number.ts'
import { refused, sequenceOf, type Value, wrong } from '../value/value.ts'
import {
  type AddressQuery,
  addressText,
  atIndex,
  firstOf,
  fromNumber,
  holdsNet,
  type Net,
  netOf,
  netText,
  parseNet,
  QUERIES,
  sizeOf,
  usableOf,
} from './query.ts'

const DEPTH = 50

/** `ipaddr(value, query)` of ansible.utils 2: what is asked of an address or prefix; false for what is none. */
export function ipaddr(value: Value, query = '', version?: bigint, depth = 0): Value {
  const items = sequenceOf(value)
  if (items !== undefined) {
    if (depth > DEPTH) throw wrong('the list is nested too deep')
    return items.map((item) => ipaddr(item, query, version, depth + 1)).filter((found) => isTrue(found))
  }
  const asked = askedOf(value, version)
  if (asked === undefined) return false
  const network = Object.hasOwn(QUERIES, query) ? undefined : networkNamed(query)
  if (version !== undefined && version !== 0n && BigInt(asked.net.version) !== version) return false
  if (network !== undefined) return holdsNet(network, asked.net) ? asked.value : null
  const known = Object.hasOwn(QUERIES, query) ? QUERIES[query] : undefined
  return known === undefined ? numbered(asked, query) : known(asked)
}

function askedOf(value: Value, version: bigint | undefined): AddressQuery | undefined {
  if (!isTrue(value) || value === true) return undefined
  const written = typeof value === 'bigint' ? String(value) : value
  if (typeof written !== 'string') return undefined
  refuseOtherDigits(written)
  if (/^\d+$/.test(written)) {
    const net = ofNumber(BigInt(written), version)
    return net === undefined ? undefined : { net, isNetwork: false, value: netText(net) }
  }
  if (typeof value !== 'string') return undefined
  const net = parseNet(value)
  if (net !== undefined) return { net, isNetwork: value.split('/').length === 2, value }
  const numeric = numericPrefix(value)
  return numeric === undefined ? undefined : { net: numeric, isNetwork: true, value: netText(numeric) }
}

/** Python reads the digits of every script in a number, and those of ASCII alone in an address. */
export function refuseOtherDigits(text: string): void {
  if (/(?![0-9])\p{Nd}/u.test(text))
    throw refused('digits beyond 0 to 9 are not read in an address', 'write the digits 0 to 9')
}

function ofNumber(number: bigint, version: bigint | undefined) {
  const four = version === undefined || version === 0n || version === 4n ? netOf(4, number, 32) : undefined
  return four ?? netOf(6, number, 128)
}

function numericPrefix(value: string) {
  const [address, prefix, ...more] = value.split('/').map((part) => parsedInt(part, 10))
  if (address === undefined || prefix === undefined || more.length > 0) return undefined
  const length = Number(prefix)
  return netOf(4, address, length) ?? netOf(6, address, length)
}

function networkNamed(query: string) {
  if (query === '' || /^\d+$/.test(query)) return undefined
  return parseNet(query)
}

function numbered({ net, isNetwork, value }: AddressQuery, query: string): Value {
  if (parsedFloat(query) === undefined)
    throw wrong(`it does not know \`${query}\``, `it knows ${known()}, a number, or a network`)
  if (sizeOf(net) === 1n) return isNetwork ? netText(net) : addressText(net)
  const index = parsedInt(query, 10)
  const found = index === undefined ? undefined : atIndex(net, index)
  return found === undefined || value === '' ? false : `${addressText(found)}/${net.prefix}`
}

function known() {
  return Object.keys(QUERIES)
    .filter((name) => name !== '')
    .join(', ')
}

/** The address or prefix in a text, host bits included for an address and without them for a prefix; undefined for neither. */
export function normalized(value: Value): Net | undefined {
  const type = ipaddr(value, 'type')
  if (type !== 'address' && type !== 'network') return undefined
  const written = ipaddr(value, type === 'address' ? 'cidr' : 'subnet')
  return typeof written === 'string' ? parseNet(written) : undefined
}

/** `ipsubnet(value, query, index)` of ansible.utils 2. */
export function ipsubnet(value: string, query: string, index: bigint | undefined): Value {
  const found = normalized(value)
  if (found === undefined) return false
  const net = { ...found, address: firstOf(found) }
  if (query === '') return netText(net)
  if (!/^\d+$/.test(query)) return positionIn(net, query)
  const length = Number(query)
  if (length > bitsOf(net)) return false
  return sizeOf(net) === 1n ? supernet(net, length, index) : subnet(net, length, index)
}

function supernet(net: Net, length: number, index: bigint | undefined): Value {
  const bits = bitsOf(net)
  if (index !== undefined && (index > BigInt(bits) + 1n - index || index < BigInt(length - bits))) return false
  const at = Number(index ?? 0n)
  const wanted = at < 0 ? net.prefix + at : length + at
  if (wanted < length || wanted >= net.prefix) throw wrong('there is no such network around the address')
  const around = { ...net, prefix: wanted }
  return netText({ ...around, address: firstOf(around) })
}

function subnet(net: Net, length: number, index: bigint | undefined): Value {
  if (index === undefined) {
    if (length < net.prefix) throw wrong(`${netText(net)} has no subnets of /${length}`)
    return String(1n << BigInt(length - net.prefix))
  }
  if (length < net.prefix) return index === 0n ? written(net.address, length) : false
  const count = 1n << BigInt(length - net.prefix)
  const at = index < 0n ? index + count : index
  if (at < 0n || at >= count) return false
  return written(net.address + (at << BigInt(bitsOf(net) - length)), length)
}

function written(address: bigint, prefix: number): Value {
  const net = parseNet(`${addressText(fromNumber(address))}/${prefix}`)
  if (net === undefined) throw wrong('there is no such network')
  return netText(net)
}

function positionIn(net: Net, query: string): Value {
  const outer = normalized(query)
  if (outer === undefined) throw wrong(`\`${query}\` is no subnet or address`)
  const bits = bitsOf(net)
  const shift = BigInt(bits - outer.prefix)
  if (shift < 0n || net.prefix < outer.prefix || net.address >> shift !== outer.address >> shift)
    throw wrong(`${netText(net)} is not in the subnet ${netText({ ...outer, address: firstOf(outer) })}`)
  const size = BigInt(bits - net.prefix)
  const mask = ((1n << BigInt(net.prefix - outer.prefix)) - 1n) << size
  return String(((net.address & mask) >> size) + 1n)
}

/** `nthhost(value, n)`: the address at an index of the network. */
export function nthhost(value: string, query: string): Value {
  const net = normalized(value)
  const index = query === '' ? undefined : parsedInt(query, 10)
  if (net === undefined || index === undefined || sizeOf(net) <= index) return false
  const found = atIndex(net, index)
  if (found === undefined) throw wrong(`the network has no address number ${index}`)
  return addressText(found)
}

/** `next_nth_usable` and `previous_nth_usable`: the address so far on, where a host can have it. */
export function nthUsable(value: string, offset: bigint): Value {
  const net = normalized(value)
  if (net === undefined) return false
  if (sizeOf(net) === 1n) return null
  const [first, last] = usableOf(net)
  const found = fromNumber(net.address + offset)
  return found.address >= first && found.address <= last ? addressText(found) : null
}

/** `slaac(value, mac)`: the address that a host with this hardware address gives itself in an IPv6 network. */
export function slaac(value: string, query: string): Value {
  const net = normalized(value)
  if (net?.version !== 6 || query === '') return false
  const hex = hardwareAddress(query)
  if (hex === undefined) return false
  const mac = BigInt(`0x${hex}`)
  const interfaceId = ((mac >> 24n) << 40n) | (0xfffen << 24n) | (mac & 0xff_ffffn)
  return addressText({ version: 6, address: (net.address & netmask(net)) + (interfaceId ^ (1n << 57n)) })
}

// The forms in which netaddr 0.8 reads a hardware address of six bytes, and how many digits each part has.
const FORMS: readonly (readonly [RegExp, number])[] = [
  [form(6, 2, ':'), 2],
  [form(6, 2, '-'), 2],
  [form(3, 4, ':'), 4],
  [form(3, 4, '-'), 4],
  [form(3, 4, '\\.'), 4],
  [/^([\da-f]{5,6})[-:]([\da-f]{5,6})\n?$/i, 6],
  [/^([\da-f]{11,12})\n?$/i, 12],
]

function form(parts: number, digits: number, sign: string) {
  const part = `([\\da-f]{1,${digits}})`
  return new RegExp(`^${Array.from({ length: parts }, () => part).join(sign)}\\n?$`, 'i')
}

// Forms of eight bytes, which are read by netaddr and not here.
const EIGHT_BYTES = /^(?:[\da-f]{1,2}(?:[:-][\da-f]{1,2}){7}|[\da-f]{1,4}(?:[:.-][\da-f]{1,4}){3}|[\da-f]{15,16})\n?$/i

type Query = (hex: string) => Value

const inPairs = (hex: string): string[] => hex.match(/../g) ?? []
const inHalves: Query = (hex) => hex.replace(/^(.{6})/, '$1:')
const withDashes: Query = (hex) => inPairs(hex.toUpperCase()).join('-')

const HARDWARE_QUERIES: Readonly<Record<string, Query>> = {
  bare: (hex) => hex.toUpperCase(),
  bool: () => true,
  int: (hex) => BigInt(`0x${hex}`),
  cisco: (hex) => hex.replace(/^(.{4})(.{4})/, '$1.$2.'),
  eui48: withDashes,
  win: withDashes,
  linux: (hex) => inPairs(hex).join(':'),
  unix: (hex) =>
    inPairs(hex)
      .map((pair) => Number.parseInt(pair, 16).toString(16))
      .join(':'),
  pgsql: inHalves,
  postgresql: inHalves,
  psql: inHalves,
}

/** `hwaddr(value, query)` of ansible.utils 2: a hardware address in the style that is asked for. */
export function hwaddr(value: string, query: string): Value {
  const hex = hardwareAddress(value)
  if (hex === undefined && query !== '' && query !== 'bool') throw wrong(`\`${value}\` is not a hardware address`)
  if (query === '') return hex === undefined ? null : value
  const answer = Object.hasOwn(HARDWARE_QUERIES, query) ? HARDWARE_QUERIES[query] : undefined
  if (answer === undefined)
    throw wrong(`it does not know \`${query}\``, `it knows ${Object.keys(HARDWARE_QUERIES).join(', ')}`)
  return hex === undefined ? null : answer(hex)
}

// The twelve digits of a hardware address; undefined for what is none.
function hardwareAddress(value: string): string | undefined {
  for (const [form, digits] of FORMS) {
    const parts = form.exec(value)?.slice(1)
    if (parts !== undefined) return parts.map((part) => part.toLowerCase().padStart(digits, '0')).join('')
  }
  if (EIGHT_BYTES.test(value))
    throw refused('a hardware address of eight bytes is not read here', 'give one of six bytes')
  const number = parsedInt(value, 10)
  if (number === undefined || number < 0n || number >= 1n << 64n) return undefined
  if (number >= 1n << 48n) throw refused('a hardware address of eight bytes is not read here', 'give one of six bytes')
  return number.toString(16).padStart(12, '0')
}
