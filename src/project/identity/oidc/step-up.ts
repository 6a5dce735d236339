import { EosflowError } from '../../../model/error.ts'
import type { Issuer } from '../../../model/issuer.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import type { Principal } from '../../../model/principal.ts'
import { authenticatedAt, type Claims, refusedToken } from './token-claims.ts'
import type { LoginAsk, Tokens } from './tokens.ts'
import { type VerifiedToken, type VerifyPorts, verifyIdToken, verifyToken } from './verify-token.ts'

// How many seconds ago a person may have proved themselves to approve.
const MAX_AGE = 900

export interface LoginProof {
  readonly issuer: string
  readonly claims: JsonObject
  /** The key that signed, by its SHA-256 thumbprint (RFC 7638). */
  readonly thumbprint: string
}

export interface StepUp {
  readonly principal: Principal
  readonly proof?: LoginProof
}

export function stepUpAsk({ approveScope }: Issuer, nonce: string): LoginAsk {
  return { scopes: ['openid', approveScope], maxAge: MAX_AGE, nonce }
}

/** Judges what such a login gave: the same person as before, granted to approve, and proved at most 15 minutes ago by the provider's own word (`auth_time`), and not before `since`, in milliseconds since the epoch. Throws `not-authorised`, and as {@link verifyToken} does. */
export async function steppedUp(
  issuer: Issuer,
  before: Principal,
  tokens: Tokens,
  ports: VerifyPorts,
  { nonce, since }: { readonly nonce?: string; readonly since?: number } = {},
): Promise<StepUp> {
  const verified = await verifyToken(tokens.accessToken, [issuer], ports)
  const { principal, claims, thumbprint } = verified
  if (principal.kind !== 'person' || principal.id !== before.id) {
    throw new EosflowError('not-authorised', `somebody else has logged in at ${issuer.name}`, {
      hint: `Log in as ${before.display ?? before.id}, or change the login: eosflow login --issuer ${issuer.name}`,
    })
  }
  if (!scopesOf(verified, tokens).includes(issuer.approveScope)) {
    throw refusedToken(issuer.name, `${issuer.approveScope} was not granted`)
  }
  const said = tokens.idToken === undefined ? claims : await verifyIdToken(tokens.idToken, issuer, principal.id, ports)
  requireFresh(said, issuer, { now: ports.clock.now(), since })
  if (nonce !== undefined && said.nonce !== nonce) throw refusedToken(issuer.name, 'it is for another decision (nonce)')
  const authTime = Math.floor(said.auth_time as number)
  const named = nonce === undefined ? {} : { nonce }
  const stepped: StepUp = {
    principal: { ...principal, ...authenticatedAt({ auth_time: authTime }) },
    proof: { issuer: issuer.issuer, claims: { ...shown(claims), auth_time: authTime, ...named }, thumbprint },
  }
  judged.add(stepped)
  return stepped
}

const judged = new WeakSet<StepUp>()

/** Whether a login is one that {@link steppedUp} has judged in this process, and not an object that came from elsewhere. */
export function isJudged(login: StepUp): boolean {
  return judged.has(login)
}

function scopesOf({ claims: { scope, scp } }: VerifiedToken, tokens: Tokens): readonly unknown[] {
  const own = scope ?? scp ?? tokens.scope
  return Array.isArray(own) ? own : String(own ?? '').split(' ')
}

function requireFresh(
  { auth_time: time }: Claims,
  { name, clockTolerance }: Issuer,
  { now, since = 0 }: { readonly now: number; readonly since: number | undefined },
) {
  if (typeof time !== 'number') throw refusedToken(name, 'it does not say when the person logged in (auth_time)')
  const age = now / 1000 - time
  if (age > MAX_AGE + clockTolerance || age < -clockTolerance) {
    throw refusedToken(name, 'the login is not of the last 15 minutes')
  }
  if (time + clockTolerance < since / 1000) throw refusedToken(name, 'the person did not log in again')
}

const SHOWN = ['iss', 'sub', 'aud', 'client_id', 'azp', 'iat', 'exp', 'jti', 'scope', 'scp', 'acr', 'amr'] as const

function shown(claims: Claims): JsonObject {
  return Object.fromEntries(
    SHOWN.flatMap((name): [string, Json][] =>
      claims[name] === undefined ? [] : [[name, whole(claims[name] as Json)]],
    ),
  )
}

// A time in a token may have a fraction (RFC 7519, section 2), which nothing that is signed may have.
function whole(value: Json): Json {
  return typeof value === 'number' ? Math.floor(value) : value
}
