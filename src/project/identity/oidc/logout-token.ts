import type { Issuer } from '../../../model/issuer.ts'
import type { Secret } from '../../../model/secret.ts'
import { type Spend, spendOnce } from './spent-tokens.ts'
import { type Claims, refusedToken } from './token-claims.ts'
import { judged, unverified, type VerifyPorts } from './verify-token.ts'

// The event that a logout token is of (OpenID Connect Back-Channel Logout 1.0, section 2.4).
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
// A provider sends a logout token as soon as it has made it: an older one, in seconds, is not taken.
const OLDEST = 600

export interface ProviderLogout {
  readonly issuers: readonly string[]
  readonly sub?: string
  readonly sid?: string
}

/** Takes a logout token of one of the issuers, each given with the client that people log in with: signed by the issuer, for that client, of the last ten minutes, not run out, of the event of a logout, without a nonce, and not seen before (section 2.6). `spent` keeps what was seen. */
export async function takeLogoutToken(
  token: Secret,
  issuers: readonly Issuer[],
  { spent, ...ports }: VerifyPorts & { readonly spent: Spend },
): Promise<ProviderLogout> {
  const text = token.reveal()
  const { iss } = unverified(text)
  const listed = issuers.filter(({ issuer, clientId }) => issuer === iss && clientId !== undefined)
  const [first] = listed
  if (first === undefined) throw refusedToken('a provider', 'the settings do not list its issuer')
  // Several entries may have one client at one provider: the logout is of all of them.
  const client = listed.filter(({ clientId }) => clientId === first.clientId)
  const { payload } = await judged(
    text,
    first,
    { audience: first.clientId ?? '', requiredClaims: ['iat', 'jti', 'events'], maxTokenAge: OLDEST },
    ports,
  )
  const { jti, ...said } = requireLogout(payload, first)
  const until = ((payload.iat ?? 0) + OLDEST + first.clockTolerance) * 1000
  if (!(await spendOnce(spent, `${first.issuer}|${jti}`, until, ports.clock.now())))
    throw refusedToken(first.name, 'it has ended a login before (jti)')
  return { issuers: client.map(({ name }) => name), ...said }
}

function requireLogout({ events, nonce, jti, sub, sid }: Claims, { name }: Issuer) {
  const isLogout = isObject(events) && Object.hasOwn(events, EVENT) && isObject(events[EVENT])
  if (!isLogout) throw refusedToken(name, 'it is of no logout (events)')
  // An ID token has one: it must never be taken for a logout.
  if (nonce !== undefined) throw refusedToken(name, 'a logout has no nonce')
  if (!isName(jti)) throw refusedToken(name, 'its jti is no name')
  if ((sub !== undefined && !isName(sub)) || (sid !== undefined && !isName(sid)) || (sub ?? sid) === undefined)
    throw refusedToken(name, 'it does not say whose login has ended (sub, sid)')
  return { jti, ...(isName(sub) ? { sub } : {}), ...(isName(sid) ? { sid } : {}) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 1_000
}
