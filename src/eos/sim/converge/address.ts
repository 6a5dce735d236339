import { dotted, ipv4Number } from '../../../model/ip-address.ts'

/** An IPv4 address of a configuration as a number; undefined when the text is none. */
export const ipv4 = (text: string): number | undefined => ipv4Number(text, AS_TYPED)

const AS_TYPED = { zeros: true } as const

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

/** A MAC address as tables print it: `00:1c:73:aa:bb:01` is `001c.73aa.bb01`. */
export function dottedMac(mac: string): string {
  const digits = mac.replaceAll(':', '')
  return `${digits.slice(0, 4)}.${digits.slice(4, 8)}.${digits.slice(8, 12)}`
}
