import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  type ExportedJWKSCache,
  errors,
  exportJWK,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwksCache,
  jwtVerify,
} from 'jose'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, readableJson } from '../../../model/json.ts'
import type { Issuer, Principal } from '../../../model/principal.ts'
import type { Secret } from '../../../model/secret.ts'
import { createPrivate, readPrivate, writePrivate } from './private-file.ts'
import {
  type Claims,
  discover,
  isProviderUrl,
  principalOf,
  providerFault,
  providerFetch,
  refusedToken,
} from './provider-fetch.ts'

// How long keys are trusted without asking again: a key that the provider takes back stays good for as long.
const MAX_AGE = 600_000
// How long after they were fetched an unknown key does not make us ask again.
const COOL_DOWN = 30_000

export interface KeySets {
  /** How the key of a token is found; the token's own `jku`, `x5u` and `jwk` say nothing. Asks the provider at the first token, when the keys are old, and for an unknown key. */
  of(issuer: Issuer): Promise<JWTVerifyGetKey>
  keep(issuer: Issuer): Promise<void>
}

interface KeptKeys extends ExportedJWKSCache {
  readonly jwksUri: string
}

interface KeySetOptions {
  readonly folder: string
  readonly coolDown?: number
}

/** The key sets of providers, fetched once and kept for ten minutes in files of their owner. */
export function keySets({ folder, coolDown = COOL_DOWN }: KeySetOptions): KeySets {
  const open = new Map<string, Promise<{ getKey: JWTVerifyGetKey; kept: KeptKeys; fetched: number }>>()
  const fileOf = ({ issuer }: Issuer) =>
    join(folder, 'keys', `${createHash('sha256').update(issuer).digest('hex')}.json`)
  const load = async (issuer: Issuer) => {
    const kept = keptKeys(await readPrivate(fileOf(issuer))) ?? {
      jwksUri: await jwksUriOf(issuer),
      uat: 0,
      jwks: { keys: [] },
    }
    const getKey = createRemoteJWKSet(new URL(kept.jwksUri), {
      cooldownDuration: coolDown,
      cacheMaxAge: MAX_AGE,
      [customFetch]: providerFetch,
      [jwksCache]: kept,
    })
    return { getKey, kept, fetched: kept.uat }
  }
  return {
    of: async (issuer) => {
      const opened = open.get(issuer.issuer) ?? load(issuer)
      open.set(issuer.issuer, opened)
      try {
        return (await opened).getKey
      } catch (error) {
        open.delete(issuer.issuer)
        throw error
      }
    },
    keep: async (issuer) => {
      const opened = await open.get(issuer.issuer)
      if (opened === undefined || opened.kept.uat === opened.fetched) return
      opened.fetched = opened.kept.uat
      // Keys that cannot be kept are asked for again, and decide nothing about a token; a folder that is not ours does.
      await writePrivate(fileOf(issuer), JSON.stringify({ v: 1, ...opened.kept })).catch((error: unknown) => {
        if (error instanceof EosflowError) throw error
      })
    },
  }
}

async function jwksUriOf(issuer: Issuer) {
  const uri = (await discover(issuer)).serverMetadata().jwks_uri
  if (uri !== undefined && isProviderUrl(uri)) return uri
  throw new EosflowError('protocol', `${issuer.name}: the identity provider does not say where its keys are`)
}

// What a file holds, unless it is old or from the future.
function keptKeys(text: string | undefined): KeptKeys | undefined {
  const kept = readableJson(text ?? '')
  const { v, jwksUri, uat, jwks } = isJsonObject(kept) ? kept : {}
  const now = Date.now()
  if (v !== 1 || typeof jwksUri !== 'string' || !isProviderUrl(jwksUri)) return undefined
  if (typeof uat !== 'number' || uat > now || uat + MAX_AGE < now) return undefined
  return { jwksUri, uat, jwks: jwks as unknown as KeptKeys['jwks'] }
}

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
  const currentDate = new Date(Math.min((unverified(text).iat ?? 0) * 1000, ports.clock.now()))
  const audience = issuer.clientId ?? issuer.audience
  const { payload } = await judged(text, issuer, { audience, subject, currentDate }, ports)
  return payload
}

// Judges any signed token of an issuer: its signature by the keys of the issuer, `iss`, its times, and what is demanded beyond. Throws as
// {@link verifyToken} does.
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

// What stands in a token, before anybody has looked at its signature: good for choosing whom to ask. Throws `not-authorised`.
function unverified(text: string) {
  if (text.length > LONGEST) throw refusedToken('a caller', `it is longer than ${LONGEST} characters`)
  try {
    return decodeJwt(text)
  } catch {
    throw refusedToken('a caller', 'it is not a signed token (JWT): the provider must issue its access tokens as JWT')
  }
}

// For how long after its token has run out a mark stays: a process that verified the token in time may begin later.
const STAYS = 86_400_000

/** Marks a name as used for so many milliseconds, for all processes that share what it marks in. */
export type Spend = (name: string, lasts: number) => Promise<boolean>

/** Puts on record, in the folder `place` or where it marks, that a token has begun an execution. Throws `not-authorised` when it had begun one before: whoever has read it in a log may not use it again. */
export async function spendToken(
  place: string | Spend,
  token: Secret,
  verified: VerifiedToken,
  now: number,
): Promise<void> {
  const { issuer, claims, expires } = verified
  const [header, payload] = token.reveal().split('.')
  const own = typeof claims.jti === 'string' ? `jti|${claims.jti}` : `jws|${header}.${payload}`
  const until = expires + issuer.clockTolerance * 1000
  if (await spendOnce(place, `${issuer.issuer}|${own}`, until, now)) return
  throw new EosflowError('not-authorised', `the token of ${issuer.name} has begun an execution before`, {
    hint: 'A token of a job begins one execution: let the job get another one for the next.',
  })
}

// Marks in the folder `place`, or where it marks, that a token was used. `name` is its alone, `until` is when it is refused for its age, in milliseconds since the epoch.
async function spendOnce(place: string | Spend, name: string, until: number, now: number) {
  if (typeof place === 'function') return place(name, until - now + STAYS)
  await forgetExpired(place, now)
  return createPrivate(join(place, `${until}-${createHash('sha256').update(name).digest('hex')}`), '')
}

async function forgetExpired(folder: string, now: number) {
  const names = await readdir(folder).catch(() => [])
  const old = names.filter((name) => Number.parseInt(name, 10) + STAYS < now)
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })))
}

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
