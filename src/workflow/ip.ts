import { isIP } from 'node:net'

/** An address, perhaps with the length of its prefix, as a number that can be calculated with. */
export interface Ip {
  readonly version: 4 | 6
  readonly address: bigint
  readonly prefix: number | undefined
}

/** The number of bits of an address. */
export function bitsOf({ version }: Pick<Ip, 'version'>): 32 | 128 {
  return version === 4 ? 32 : 128
}

/**
 * Reads `10.0.0.1`, `10.0.0.0/24`, `10.0.0.0/255.255.255.0`, `2001:db8::1` or `2001:db8::/64`; undefined for
 * anything else. Octets with leading zeros are refused, because some systems read them as octal.
 */
export function parseIp(text: string): Ip | undefined {
  const [host = '', suffix, ...more] = text.split('/')
  if (more.length > 0) return undefined
  const version = isIP(host)
  if (version === 0 || host.includes('%')) return undefined
  const ip: Ip = {
    version: version === 4 ? 4 : 6,
    address: version === 4 ? number4(host) : number6(host),
    prefix: undefined,
  }
  if (suffix === undefined) return ip
  const prefix = prefixOf(suffix, ip)
  return prefix === undefined ? undefined : { ...ip, prefix }
}

/** The address as text: dotted for IPv4, the shortest lower-case form for IPv6 (RFC 5952). */
export function formatAddress({ version, address }: Pick<Ip, 'version' | 'address'>): string {
  return version === 4 ? format4(address) : format6(address)
}

/** The address as text, with its prefix length when it has one. */
export function formatIp(ip: Ip): string {
  return ip.prefix === undefined ? formatAddress(ip) : `${formatAddress(ip)}/${ip.prefix}`
}

/** The mask of a prefix: 24 gives 255.255.255.0. */
export function netmask(ip: Ip): bigint {
  const bits = BigInt(bitsOf(ip))
  const hostBits = bits - BigInt(ip.prefix ?? bits)
  return ((1n << bits) - 1n) ^ ((1n << hostBits) - 1n)
}

/** The wildcard of a prefix: 24 gives 0.0.0.255. */
export function hostmask(ip: Ip): bigint {
  return ((1n << BigInt(bitsOf(ip))) - 1n) ^ netmask(ip)
}

/** The first address of the network that the address is in. */
export function networkOf(ip: Ip): Ip {
  return { ...ip, address: ip.address & netmask(ip) }
}

/** The last address of the network that the address is in. */
export function lastOf(ip: Ip): Ip {
  return { ...ip, address: ip.address | hostmask(ip) }
}

function prefixOf(suffix: string, { version }: Ip): number | undefined {
  if (/^\d{1,3}$/.test(suffix)) return Number(suffix) <= bitsOf({ version }) ? Number(suffix) : undefined
  if (version !== 4 || isIP(suffix) !== 4) return undefined
  const ones = number4(suffix).toString(2).padStart(32, '0')
  return /^1*0*$/.test(ones) ? ones.lastIndexOf('1') + 1 : undefined
}

function number4(text: string): bigint {
  return text.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n)
}

function number6(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const plain = dotted === null ? text : `${dotted[1]}${hex4(number4(dotted[2] ?? ''))}`
  const [head = '', tail] = plain.split('::')
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const middle = Array<string>(8 - left.length - right.length).fill('0')
  return [...left, ...middle, ...right].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
}

function hex4(address: bigint): string {
  return `${(address >> 16n).toString(16)}:${(address & 0xffffn).toString(16)}`
}

function format4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.')
}

function format6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((address >> BigInt(112 - index * 16)) & 0xffffn).toString(16))
  const runs = [...groups.join(':').matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)]
  const longest = runs.reduce<string>((best, [run]) => (run.length > best.length ? run : best), '')
  if (longest === '') return groups.join(':')
  const at = runs.find(([run]) => run === longest)?.index ?? 0
  const text = groups.join(':')
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`
}
