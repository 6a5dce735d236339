import { isIPv6 } from 'node:net'

export interface Ip {
  readonly version: 4 | 6
  readonly address: bigint
  readonly prefix: number | undefined
}

export function bitsOf({ version }: Pick<Ip, 'version'>): 32 | 128 {
  return version === 4 ? 32 : 128
}

/** An IPv4 address as an unsigned 32-bit number; undefined when the text is none. Zeros in front of an octet are read as such where `zeros` says so; elsewhere they are refused, because some systems read them as octal. */
export function ipv4Number(text: string, { zeros = false }: { readonly zeros?: boolean } = {}): number | undefined {
  let value = 0
  let octet = -1
  let dots = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === DOT && octet >= 0) {
      value = value * 256 + octet
      octet = -1
      dots += 1
    } else {
      const digit = code - ZERO
      if (digit < 0 || digit > 9 || (octet === 0 && !zeros)) return undefined
      octet = Math.max(0, octet) * 10 + digit
      if (octet > 255) return undefined
    }
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : undefined
}

const DOT = 46
const ZERO = 48

/** The dotted form of an unsigned 32-bit number. */
export function dotted(value: number): string {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.')
}

/**
 * Reads `10.0.0.1`, `10.0.0.0/24`, `10.0.0.0/255.255.255.0`, `2001:db8::1` or `2001:db8::/64`; undefined for
 * anything else. Octets with leading zeros are refused, because some systems read them as octal.
 */
export function parseIp(text: string): Ip | undefined {
  const [host = '', suffix, ...more] = text.split('/')
  if (more.length > 0) return undefined
  const ip = hostIn(host)
  if (ip === undefined || suffix === undefined) return ip
  const prefix = prefixOf(suffix, ip)
  return prefix === undefined ? undefined : { ...ip, prefix }
}

/** The address as text: dotted for IPv4, the shortest lower-case form for IPv6 (RFC 5952). */
export function formatAddress({ version, address }: Pick<Ip, 'version' | 'address'>): string {
  return version === 4 ? dotted(Number(address)) : format6(address)
}

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

export function networkOf(ip: Ip): Ip {
  return { ...ip, address: ip.address & netmask(ip) }
}

export function lastOf(ip: Ip): Ip {
  return { ...ip, address: ip.address | hostmask(ip) }
}

function hostIn(text: string): Ip | undefined {
  const four = ipv4Number(text)
  if (four !== undefined) return { version: 4, address: BigInt(four), prefix: undefined }
  return isIPv6(text) && !text.includes('%') ? { version: 6, address: number6(text), prefix: undefined } : undefined
}

function prefixOf(suffix: string, { version }: Ip) {
  if (/^\d{1,3}$/.test(suffix)) return Number(suffix) <= bitsOf({ version }) ? Number(suffix) : undefined
  const mask = version === 4 ? ipv4Number(suffix) : undefined
  const ones = mask?.toString(2).padStart(32, '0')
  return ones !== undefined && /^1*0*$/.test(ones) ? ones.lastIndexOf('1') + 1 : undefined
}

function number6(text: string) {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const plain = embedded === null ? text : `${embedded[1]}${hex4(ipv4Number(embedded[2] ?? '') ?? 0)}`
  const [head = '', tail] = plain.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const middle = Array<string>(8 - left.length - right.length).fill('0')
  return [...left, ...middle, ...right].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
}

function hex4(address: number) {
  return `${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`
}

function format6(address: bigint) {
  const groups = Array.from({ length: 8 }, (_, index) => ((address >> BigInt(112 - index * 16)) & 0xffffn).toString(16))
  const runs = [...groups.join(':').matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)]
  const longest = runs.reduce<string>((best, [run]) => (run.length > best.length ? run : best), '')
  if (longest === '') return groups.join(':')
  const at = runs.find(([run]) => run === longest)?.index ?? 0
  const text = groups.join(':')
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`
}
