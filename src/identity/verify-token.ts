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
import type { Clock } from '../model/clock.ts'
import { EosflowError } from '../model/error.ts'
import type { Issuer } from '../model/issuer.ts'
import type { Principal } from '../model/principal.ts'
import type { Secret } from '../model/secret.ts'
import type { KeySets } from './key-sets.ts'
import { providerFault } from './provider-fault.ts'
import { type Claims, principalOf, refusedToken } from './token-claims.ts'

/** Signatures that are taken. Never `none`, never a shared key. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']
const LONGEST = 16_384

/** Whom a token names, and by what that was told. */
export interface VerifiedToken {
  readonly principal: Principal
  readonly issuer: Issuer
  readonly claims: Claims
  /** When it runs out, in milliseconds since the epoch. */
  readonly expires: number
  /** The key that signed it, by its SHA-256 thumbprint (RFC 7638). */
  readonly thumbprint: string
}

/** What verifying needs from outside. */
export interface VerifyPorts {
  readonly keys: KeySets
  readonly clock: Clock
}

/**
 * Verifies an access token of one of the configured issuers: the one way in, for logins, CI jobs and services alike. What the token
 * itself says of its issuer only chooses among them. Throws `not-authorised` when it is not taken, `unreachable`, retryable, when the keys
 * cannot be fetched: nobody is let in then.
 */
export async function verifyToken(
  token: Secret,
  issuers: readonly Issuer[],
  ports: VerifyPorts,
): Promise<VerifiedToken> {
  const text = token.reveal()
  if (text.length > LONGEST) throw refusedToken('a caller', `it is longer than ${LONGEST} characters`)
  const iss = unverified(text).iss
  const listed = issuers.filter(({ issuer }) => issuer === iss)
  let refusal = refusedToken('a caller', 'the settings do not list its issuer')
  for (const issuer of listed) {
    try {
      const { audience, typ, maxTokenAge } = issuer
      const demands = { audience, maxTokenAge, ...(typ === 'any' ? {} : { typ }) }
      const { payload, key } = await judged(text, issuer, demands, ports)
      const principal = principalOf(payload, issuer)
      const thumbprint = await calculateJwkThumbprint(await exportJWK(key))
      return { principal, issuer, claims: payload, expires: (payload.exp ?? 0) * 1000, thumbprint }
    } catch (error) {
      if (!(error instanceof EosflowError) || error.kind !== 'not-authorised') throw error
      refusal = error
    }
  }
  throw refusal
}

/**
 * What an ID token of a login says of it: when it was, and the name. It was for our client and for this subject; that it has run out
 * does not change when the login was. Throws as {@link verifyToken} does.
 */
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

async function judged(
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
    throw refusalOf(error, issuer.name)
  } finally {
    await keys.keep(issuer)
  }
}

/** What jose says no to is a refusal; what kept it from saying yes or no is a fault of the provider. */
function refusalOf(error: unknown, name: string): EosflowError {
  if (error instanceof errors.JWTExpired) return refusedToken(name, 'it has expired', `eosflow login --issuer ${name}`)
  if (error instanceof errors.JWTClaimValidationFailed)
    return refusedToken(name, `its ${error.claim} is not the demanded one`)
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refusedToken(name, 'its signature is not the one of the issuer')
  if (error instanceof errors.JWKSNoMatchingKey)
    return refusedToken(name, 'it is signed with a key that the issuer does not have')
  if (error instanceof errors.JOSEAlgNotAllowed) return refusedToken(name, 'its signature algorithm is not taken')
  const isRefusal = REFUSALS.some((kind) => error instanceof kind)
  return isRefusal ? refusedToken(name, 'it cannot be read') : providerFault(name, error)
}

const REFUSALS = [
  errors.JWSInvalid,
  errors.JWTInvalid,
  errors.JOSENotSupported,
  errors.JWKSMultipleMatchingKeys,
] as const

/** What stands in a token, before anybody has looked at its signature: good for choosing whom to ask. */
function unverified(text: string): JWTPayload {
  try {
    return decodeJwt(text)
  } catch {
    throw refusedToken('a caller', 'it is not a signed token (JWT): the provider must issue its access tokens as JWT')
  }
}
