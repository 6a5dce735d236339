const DOT = 46
const ZERO = 48

/** An IPv4 address as an unsigned 32-bit number, or undefined when the text is none. Written out: it is asked most often. */
export function ipv4(text: string): number | undefined {
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
      if (digit < 0 || digit > 9) return undefined
      octet = Math.max(0, octet) * 10 + digit
      if (octet > 255) return undefined
    }
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : undefined
}

/** The dotted form of an unsigned 32-bit number. */
export function dotted(value: number): string {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.')
}

/** The network that an address with a mask length lies in: `10.0.1.1`, 31 gives `10.0.1.0/31`. */
export function networkOf(address: string, maskLen: number): string {
  const value = ipv4(address) ?? 0
  return `${dotted(masked(value, maskLen))}/${maskLen}`
}

/** The first `maskLen` bits of an address, the rest zero. */
export function masked(value: number, maskLen: number): number {
  return maskLen === 0 ? 0 : (value & (-1 << (32 - maskLen))) >>> 0
}

/** A prefix in numbers. */
export interface Prefix {
  readonly network: number
  readonly maskLen: number
}

/** `10.0.0.0/8` in numbers, or undefined when the text is no IPv4 prefix. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const value = ipv4(text.slice(0, slash))
  const maskLen = Number(text.slice(slash + 1))
  if (value === undefined || !Number.isInteger(maskLen) || maskLen < 0 || maskLen > 32) return undefined
  return { network: masked(value, maskLen), maskLen }
}

/** Numeric order of dotted addresses; texts that are no address come last, by code unit. */
export function compareAddresses(a: string, b: string): number {
  const left = ipv4(a)
  const right = ipv4(b)
  if (left !== undefined && right !== undefined) return left - right
  if (left === undefined && right === undefined) return a < b ? -1 : Number(a > b)
  return left === undefined ? 1 : -1
}

/** Whether a prefix lies within another and is longer. */
export function covers(outer: Prefix, text: string): boolean {
  const prefix = parsePrefix(text)
  if (prefix === undefined || prefix.maskLen <= outer.maskLen) return false
  return masked(prefix.network, outer.maskLen) === outer.network
}
