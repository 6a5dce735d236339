import { bitsOf, formatAddress, type Ip, netmask, parseIp } from '../../../model/ip-address.ts'
import { parsedInt } from '../syntax/number.ts'
import { wrong } from '../value/fault.ts'

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

export function lastAddressOf(net: Net): bigint {
  return firstOf(net) + sizeOf(net) - 1n
}

/** The broadcast address; undefined for an IPv4 prefix of one or two addresses. */
export function broadcastOf(net: Net): bigint | undefined {
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
