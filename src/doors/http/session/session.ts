import { createHash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { Principal } from '../../../model/principal.ts'
import type { ProviderLogout } from '../../../project/identity/oidc/verify-token.ts'

export const COOKIE = '__Host-eosflow'

/** After so long in which nothing is asked a session ends, in milliseconds. */
export const IDLE = 30 * 60_000
/** After so long it ends whatever is asked, in milliseconds. */
export const LONGEST = 12 * 3_600_000
export const ID_BYTES = 32
/** When a session was used last is kept this exactly, in milliseconds. */
export const SEEN = 60_000

export interface Session {
  readonly principal: Principal
  readonly token: string
  readonly mark: string
  /** When it ends whatever happens, in milliseconds since the epoch. */
  readonly ends: number
  readonly over: AbortSignal
}

export interface LoginSession {
  readonly principal: Principal
  readonly sid?: string | undefined
}

export function isOfLogin({ principal, sid: own }: LoginSession, { issuers, sub, sid }: ProviderLogout): boolean {
  const isTheirs = issuers.includes(principal.issuer) && (sub === undefined || principal.id === sub)
  // A session that does not know that of the provider ends with every one of the person.
  return isTheirs && (sid === undefined || own === sid || (own === undefined && sub !== undefined))
}

export function formsOf(id: string): Pick<Session, 'token' | 'mark'> {
  return { token: derived('form', id), mark: derived('mark', id) }
}

export function ending(): AbortController {
  const end = new AbortController()
  setMaxListeners(0, end.signal)
  return end
}

// Only who has the id can make it, so that it need not be kept.
function derived(what: string, id: string) {
  return createHash('sha256').update(`eosflow-session-${what} ${id}`).digest('hex')
}

export function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

/** The cookie of a session, as `Set-Cookie` has it (RFC 6265bis, section 4.1.3.2: the prefix `__Host-`). */
export function cookieOf(id: string): string {
  return `${COOKIE}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax`
}

export const NO_COOKIE = `${COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`

/** The id of a session in `Cookie`; undefined where there is none, or several. */
export function sessionIdIn(header: string | null): string | undefined {
  const found = (header ?? '').split(/;\s*/).flatMap((pair) => (pair.startsWith(`${COOKIE}=`) ? [pair] : []))
  const [only, ...others] = found
  const id = only?.slice(COOKIE.length + 1) ?? ''
  return others.length === 0 && /^[0-9a-f]{64}$/.test(id) ? id : undefined
}
