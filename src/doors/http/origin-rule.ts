import { RequestRefusal } from './request/fault.ts'
import type { PublicAddress } from './request/public-address.ts'
import type { Sender } from './request/sender.ts'

/** What of a request says where it comes from. */
export interface Provenance {
  readonly method: string
  /** The name that was asked for, with its port. */
  readonly host: string
  /** The path and the query. */
  readonly target: string
  readonly headers: Pick<Headers, 'get'>
  /** Absent where there is no network. */
  readonly sender?: Sender
}

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/**
 * Where a browser is sent that has asked for a bare address of this machine; undefined for a request under the one name that the server
 * has. A foreign name is refused: it is how a page of somebody else gets a browser to talk to this server (DNS rebinding).
 */
export function elsewhere(
  { method, host, target, sender }: Omit<Provenance, 'headers'>,
  address: PublicAddress,
): string | undefined {
  const isOwn = host === address.host
  // Somebody who has left out TLS on the way to the proxy is sent to where it is.
  const isPlain = sender?.isPlain === true && address.origin.startsWith('https:')
  if (isOwn && !isPlain) return undefined
  if (SAFE.has(method) && (isOwn || address.bare.includes(host))) return address.origin + target
  throw new RequestRefusal({
    kind: 'wrong-host',
    message: isOwn ? 'this server is reached over TLS alone' : 'this server has another name',
    hint: `Ask for ${address.origin}.`,
  })
}

/**
 * Requires that an unsafe request comes from a page of this server: `Origin` is its own, and the browser says that the page is of the same
 * origin (Fetch Metadata, `Sec-Fetch-Site`). A cookie is no defence: a page on another port of this machine is of the same site, and a
 * browser sends the cookie along with its form. A program with a token of its own is no browser, and sends neither.
 */
export function requireOwnPage(
  { method, headers }: Pick<Provenance, 'method' | 'headers'>,
  { origin }: PublicAddress,
): void {
  if (SAFE.has(method)) return
  const [from, site] = [headers.get('origin'), headers.get('sec-fetch-site')]
  const isProgram = isOfProgram(headers) && headers.get('authorization') !== null
  if (isProgram || (from === origin && site === 'same-origin')) return
  throw new RequestRefusal({
    kind: 'cross-site',
    message: 'what changes something must be asked for by a page of this server, or with a token',
    hint: `A program without a token sends Origin: ${origin} and Sec-Fetch-Site: same-origin.`,
  })
}

/** Whether no browser has sent a request: each says where an unsafe one comes from. */
export function isOfProgram(headers: Provenance['headers']): boolean {
  return headers.get('origin') === null && headers.get('sec-fetch-site') === null
}

/** Whether a method changes nothing. */
export function isSafe(method: string): boolean {
  return SAFE.has(method)
}
