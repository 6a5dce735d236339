import { formatAddress, parseIp } from '../../../model/ip-address.ts'

/** Who has sent a request, as the network says it. */
export interface Sender {
  /** The address of the browser or the program: of the connection, or what a trusted proxy says of it. */
  readonly address: string
  /** Whether it spoke to a trusted proxy without TLS. */
  readonly isPlain: boolean
  /** The SHA-256 of the certificate that it has shown this server in the handshake of TLS, in hex; absent where it has shown none that is good now. */
  readonly certificate?: string
}

/** What of a request names its sender. */
interface Forwarded {
  get(name: 'x-forwarded-for' | 'x-forwarded-proto'): string | null
}

/**
 * The sender of a request that came over a connection from `peer`. What a request says of its sender counts only over a connection from one of
 * the `trusted` addresses. Each proxy adds to the end of `X-Forwarded-For` where the request came from, so it is read from the end, to the
 * first address that is not trusted; what stands before it anybody may have written. `X-Forwarded-Proto` counts as the last proxy has written it; without it nobody has said that there was TLS.
 */
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

/** Whether a connection comes from one of these addresses. */
export function isFrom(peer: string | undefined, trusted: readonly string[]): boolean {
  return new Set(trusted.map(canonical)).has(canonical(peer))
}

/** What has no address: one sender for all of them. */
const UNKNOWN = 'unknown'

/** An address in its one form; an IPv4 address in an IPv6 socket is that address (RFC 4291, section 2.5.5.2). */
function canonical(text: string | undefined): string {
  const ip = parseIp((text ?? '').replace(/^::ffff:(?=\d+\.)/i, ''))
  return ip === undefined || ip.prefix !== undefined ? UNKNOWN : formatAddress(ip)
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
}
