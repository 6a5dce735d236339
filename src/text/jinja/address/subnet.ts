import { bitsOf, netmask } from '../../../model/ip-address.ts'
import { parsedInt } from '../syntax/number.ts'
import { type Value, wrong } from '../value/value.ts'
import { hardwareAddress } from './hwaddr.ts'
import { ipaddr } from './ipaddr.ts'
import { addressText, atIndex, firstOf, fromNumber, type Net, netText, parseNet, sizeOf, usableOf } from './query.ts'

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
