import { formatAddress, parseIp } from '../../../model/ip-address.ts'

export interface Sender {
  readonly address: string
  readonly isPlain: boolean
  /** The SHA-256 of the certificate that it has shown this server in the handshake of TLS, in hex; absent where it has shown none that is good now. */
  readonly certificate?: string
}

interface Forwarded {
  get(name: 'x-forwarded-for' | 'x-forwarded-proto'): string | null
}

/** The sender of a request that came over a connection from `peer`. What a request says of its sender counts only over a connection from one of the `trusted` addresses. */
export function senderOf(peer: string | undefined, headers: Forwarded, trusted: readonly string[] = []): Sender {
  const proxies = new Set(trusted.map(canonical))
  let address = canonical(peer)
  if (!proxies.has(address)) return { address, isPlain: false }
  const named = (headers.get('x-forwarded-for') ?? '').split(',').reverse()
  for (const one of named) {
    const before = canonical(withoutPort(one.trim()))
    if (before === UNKNOWN) break
    address = before
    if (!proxies.has(before)) break
  }
  const proto = (headers.get('x-forwarded-proto') ?? 'http').split(',').at(-1)?.trim().toLowerCase()
  return { address, isPlain: proto !== 'https' }
}

export function isFrom(peer: string | undefined, trusted: readonly string[]): boolean {
  return new Set(trusted.map(canonical)).has(canonical(peer))
}

const UNKNOWN = 'unknown'

// An address in its one form; an IPv4 address in an IPv6 socket is that address (RFC 4291, section 2.5.5.2).
function canonical(text: string | undefined) {
  const ip = parseIp((text ?? '').replace(/^::ffff:(?=\d+\.)/i, ''))
  return ip === undefined || ip.prefix !== undefined ? UNKNOWN : formatAddress(ip)
}

function withoutPort(text: string) {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
}
