import {
  calculateJwkThumbprint,
  decodeJwt,
  errors,
  exportJWK,
  type JWTPayload,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Issuer } from '../../../model/issuer.ts'
import type { Principal } from '../../../model/principal.ts'
import type { Secret } from '../../../model/secret.ts'
import type { KeySets } from './key-sets.ts'
import { providerFault } from './provider-fault.ts'
import { type Claims, principalOf, refusedToken } from './token-claims.ts'

// Never `none`, never a shared key.
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']
const LONGEST = 16_384

export interface VerifiedToken {
  readonly principal: Principal
  readonly issuer: Issuer
  readonly claims: Claims
  /** When it runs out, in milliseconds since the epoch. */
  readonly expires: number
  /** The key that signed it, by its SHA-256 thumbprint (RFC 7638). */
  readonly thumbprint: string
}

export interface VerifyPorts {
  readonly keys: KeySets
  readonly clock: Clock
}

/** Throws `not-authorised` when it is not taken, `unreachable`, retryable, when the keys cannot be fetched: nobody is let in then. */
export async function verifyToken(
  token: Secret,
  issuers: readonly Issuer[],
  ports: VerifyPorts,
): Promise<VerifiedToken> {
  const text = token.reveal()
  const iss = unverified(text).iss
  const listed = issuers.filter(({ issuer }) => issuer === iss)
  const refusals: Refusal[] = []
  for (const issuer of listed) {
    try {
      const { audience, typ, maxTokenAge, mcp } = issuer
      const audiences = [audience, mcp?.audience, mcp?.resource].filter((one) => one !== undefined)
      const demands = { audience: audiences, maxTokenAge, ...(typ === 'any' ? {} : { typ }) }
      const { payload, key } = await judged(text, issuer, demands, ports)
      const principal = principalOf(payload, issuer)
      const thumbprint = await calculateJwkThumbprint(await exportJWK(key))
      return { principal, issuer, claims: payload, expires: (payload.exp ?? 0) * 1000, thumbprint }
    } catch (error) {
      if (!(error instanceof EosflowError) || error.kind !== 'not-authorised') throw error
      refusals.push({ error, reached: reachedBy(error.cause) })
    }
  }
  throw furthest(refusals) ?? refusedToken('a caller', 'the settings do not list its issuer')
}

interface Refusal {
  readonly error: EosflowError
  readonly reached: number
}

function furthest(refusals: readonly Refusal[]) {
  return refusals.toSorted((a, b) => a.reached - b.reached).at(-1)?.error
}

function reachedBy(cause: unknown): number {
  if (cause instanceof errors.JWTExpired) return 2
  if (cause instanceof errors.JWTClaimValidationFailed) return TIMES.includes(cause.claim) ? 2 : 1
  return cause === undefined ? 3 : 0
}

/** Throws as {@link verifyToken} does. */
export async function verifyIdToken(
  token: Secret,
  issuer: Issuer,
  subject: string,
  ports: VerifyPorts,
): Promise<Claims> {
  const text = token.reveal()
  const { iat } = unverified(text)
  const currentDate = new Date(Math.min((iat ?? 0) * 1000, ports.clock.now()))
  const audience = issuer.clientId ?? issuer.audience
  const { payload } = await judged(text, issuer, { audience, subject, currentDate }, ports)
  return payload
}

/**
 * Judges any signed token of an issuer: its signature by the keys of the issuer, `iss`, its times, and what is demanded beyond. Throws as
 * {@link verifyToken} does.
 */
export async function judged(
  text: string,
  issuer: Issuer,
  demands: JWTVerifyOptions,
  { keys, clock }: VerifyPorts,
): Promise<JWTVerifyResult & { readonly key: Parameters<typeof exportJWK>[0] }> {
  const getKey = await keys.of(issuer)
  try {
    return await jwtVerify(text, getKey, {
      issuer: issuer.issuer,
      algorithms: ALGORITHMS,
      clockTolerance: issuer.clockTolerance,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: new Date(clock.now()),
      ...demands,
    })
  } catch (error) {
    throw refusalOf(error, issuer.name, clock.now())
  } finally {
    await keys.keep(issuer)
  }
}

function refusalOf(error: unknown, name: string, now: number) {
  const refused = (why: string, hint?: string) => refusedToken(name, why, hint, error)
  if (error instanceof errors.JWTExpired) return refused(expiry(error, now), `eosflow login --issuer ${name}`)
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (!TIMES.includes(error.claim) || typeof error.payload[error.claim] !== 'number')
      return refused(`its ${error.claim} is not the demanded one`)
    const from = timeIn(error.payload[error.claim])
    return refused(
      `it holds only from ${from} on (${error.claim}), and the clock here says ${timeIn(now / 1000)}`,
      CLOCKS,
    )
  }
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refused('its signature is not the one of the issuer')
  if (error instanceof errors.JWKSNoMatchingKey) return refused('it is signed with a key that the issuer does not have')
  if (error instanceof errors.JOSEAlgNotAllowed) return refused('its signature algorithm is not taken')
  const isRefusal = REFUSALS.some((kind) => error instanceof kind)
  return isRefusal ? refused('it cannot be read') : providerFault(name, error)
}

const TIMES: readonly string[] = ['nbf', 'iat']
const CLOCKS = 'Compare the clock of this machine with that of the issuer.'

function expiry({ claim, payload }: errors.JWTExpired, now: number) {
  const here = `the clock here says ${timeIn(now / 1000)}`
  if (claim === 'iat')
    return `it was made at ${timeIn(payload.iat)}, longer ago than maxTokenAgeSec lets it be: ${here}`
  return `it has expired, at ${timeIn(payload.exp)}: ${here}`
}

function timeIn(seconds: unknown) {
  return typeof seconds === 'number' ? new Date(Math.floor(seconds) * 1000).toISOString() : 'an unknown time'
}

const REFUSALS = [
  errors.JWSInvalid,
  errors.JWTInvalid,
  errors.JOSENotSupported,
  errors.JWKSMultipleMatchingKeys,
] as const

/** What stands in a token, before anybody has looked at its signature: good for choosing whom to ask. Throws `not-authorised`. */
export function unverified(text: string): JWTPayload {
  if (text.length > LONGEST) throw refusedToken('a caller', `it is longer than ${LONGEST} characters`)
  try {
    return decodeJwt(text)
  } catch {
    throw refusedToken('a caller', 'it is not a signed token (JWT): the provider must issue its access tokens as JWT')
  }
}
