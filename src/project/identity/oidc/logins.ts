import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { clientCredentialsGrant, refreshTokenGrant, type TokenEndpointResponse, tokenRevocation } from 'openid-client'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject, readableJson } from '../../../model/json.ts'
import type { Issuer, Principal } from '../../../model/principal.ts'
import { Secret } from '../../../model/secret.ts'
import { readPrivate, writePrivate } from './private-file.ts'
import { authenticatedAt, type Claims, discover, displayOf, providerFault, refusedToken } from './provider-fetch.ts'
import { type VerifiedToken, type VerifyPorts, verifyIdToken, verifyToken } from './verify-token.ts'

export interface Tokens {
  readonly accessToken: Secret
  readonly refreshToken?: Secret
  readonly idToken?: Secret
  readonly scope?: string
}

export interface LoginAsk {
  readonly scopes: readonly string[]
  /** How many seconds ago the person may have proved themselves; absent: whenever the provider is content. */
  readonly maxAge?: number
  /** What the ID token has to name; absent: drawn for this login. */
  readonly nonce?: string
  /** Whether the person has to log in even where the provider knows them already. */
  readonly again?: true
}

export type Hold = (token: Secret, name: string) => void

/** The tokens of an answer, each known to `hold`. */
export function tokensOf(issuer: Issuer, answer: TokenEndpointResponse, hold: Hold): Tokens {
  const { access_token, refresh_token, id_token, scope } = answer
  return { ...heldTokens(issuer, hold, access_token, refresh_token, id_token), ...definedMembers({ scope }) }
}

function heldTokens(
  issuer: Issuer,
  hold: Hold,
  access: string,
  refresh?: unknown,
  id?: unknown,
): Omit<Tokens, 'scope'> {
  const held = (token: string, what: string) => {
    const secret = new Secret(token)
    hold(secret, `${what} of ${issuer.name}`)
    return secret
  }
  return {
    accessToken: held(access, 'access token'),
    ...(typeof refresh === 'string' ? { refreshToken: held(refresh, 'refresh token') } : {}),
    ...(typeof id === 'string' ? { idToken: held(id, 'ID token') } : {}),
  }
}

/** The parameter that asks for tokens of our audience (RFC 8707), in every request that gets some. */
export function resourceOf({ resource, audience }: Issuer): Record<string, string> {
  return resource ? { resource: audience } : {}
}

export type LoginFlow = 'browser' | 'device-code' | 'client-credentials'

export interface Login extends Omit<Tokens, 'scope'> {
  readonly flow: LoginFlow
  readonly id: string
  /** ISO 8601 in UTC. */
  readonly since: string
  /** When the access token runs out, in milliseconds since the epoch. */
  readonly expires: number
}

interface TokenCache {
  // Throws `not-authorised` when its file is not ours alone.
  read(issuer: Issuer): Promise<Login | undefined>
  write(issuer: Issuer, login: Login): Promise<void>
  remove(issuer: Issuer): Promise<void>
}

/** `hold` learns every token before anyone can print it. */
export function tokenCache(folder: string, hold: Hold): TokenCache {
  const fileOf = ({ issuer, clientId = '', audience }: Issuer) =>
    join(folder, 'tokens', `${createHash('sha256').update(`${issuer}|${clientId}|${audience}`).digest('hex')}.json`)
  return {
    read: async (issuer) => {
      const file = fileOf(issuer)
      const text = await readPrivate(file)
      return text === undefined ? undefined : loginIn(text, file, issuer, hold)
    },
    write: (issuer, { accessToken, refreshToken, idToken, ...rest }) =>
      writePrivate(
        fileOf(issuer),
        JSON.stringify({
          v: 1,
          ...rest,
          accessToken: accessToken.reveal(),
          refreshToken: refreshToken?.reveal(),
          idToken: idToken?.reveal(),
        }),
      ),
    remove: (issuer) => rm(fileOf(issuer), { force: true }),
  }
}

function loginIn(text: string, file: string, issuer: Issuer, hold: Hold): Login {
  const read = readableJson(text)
  const { v, flow, id, since, accessToken, refreshToken, idToken, expires } = isJsonObject(read) ? read : {}
  if (
    v !== 1 ||
    !isFlow(flow) ||
    typeof id !== 'string' ||
    typeof since !== 'string' ||
    typeof expires !== 'number' ||
    typeof accessToken !== 'string'
  ) {
    throw new EosflowError('not-authorised', `${file} holds no login that this version of eosflow reads`, {
      hint: 'Log in again: eosflow login',
    })
  }
  return { flow, id, since, expires, ...heldTokens(issuer, hold, accessToken, refreshToken, idToken) }
}

function isFlow(value: Json | undefined): value is LoginFlow {
  return value === 'browser' || value === 'device-code' || value === 'client-credentials'
}

// A token that runs out within so many milliseconds is replaced first.
const EARLY = 30_000

export interface LoginPorts extends VerifyPorts {
  readonly cache: TokenCache
  readonly hold: Hold
  readonly secretOf: (reference: string) => Promise<Secret>
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
}

export interface Caller {
  readonly principal: Principal
  readonly verified: VerifiedToken
  readonly token: Secret
  readonly flow?: LoginFlow
  /** The provider's name for its session, where the ID token says it (OpenID Connect Back-Channel Logout 1.0, section 2.1). */
  readonly sid?: string
}

/** The client that eosflow is at an issuer, with its secret where it has one. Throws as {@link discover} does, `secret`. */
export async function clientAt(
  issuer: Issuer,
  { secretOf }: Pick<LoginPorts, 'secretOf'>,
): ReturnType<typeof discover> {
  return discover(issuer, issuer.clientSecret === undefined ? undefined : await secretOf(issuer.clientSecret))
}

/** Throws as {@link verifyToken} does, and keeps nothing then. */
export async function keepLogin(issuer: Issuer, flow: LoginFlow, tokens: Tokens, ports: LoginPorts): Promise<Caller> {
  const caller = await callerBy(issuer, { ...tokens, flow }, ports)
  const since = new Date(ports.clock.now()).toISOString()
  const { principal, verified } = caller
  const login: Login = { ...tokens, flow, id: principal.id, since, expires: verified.expires }
  await ports.alone(() => ports.cache.write(issuer, login))
  return caller
}

/** A service's own login (RFC 6749, section 4.4). Throws as {@link providerFault} says. */
export async function serviceLogin(issuer: Issuer, ports: LoginPorts): Promise<Caller> {
  return keepLogin(issuer, 'client-credentials', await serviceTokens(issuer, ports), ports)
}

/**
 * The login that was made last with one of the issuers, its token renewed when it runs out; undefined when there is none. Throws
 * `not-authorised` when it has ended, `unreachable`, retryable, when the provider cannot be asked.
 */
export async function lastLogin(issuers: readonly Issuer[], ports: LoginPorts): Promise<Caller | undefined> {
  const found = await Promise.all(issuers.map(async (issuer) => ({ issuer, login: await ports.cache.read(issuer) })))
  const logins = found.flatMap(({ issuer, login }) => (login === undefined ? [] : [{ issuer, login }]))
  const [last] = logins.sort((a, b) => b.login.since.localeCompare(a.login.since))
  if (last === undefined) return undefined
  const login = await renewed(last.issuer, last.login, ports)
  return callerBy(last.issuer, login, ports)
}

interface EndedLogin {
  readonly principal: Principal
  // Whether the provider took it back (RFC 7009).
  readonly revoked: boolean
}

export async function endLogin(issuer: Issuer, ports: LoginPorts): Promise<EndedLogin | undefined> {
  return ports.alone(async () => {
    const login = await ports.cache.read(issuer)
    await ports.cache.remove(issuer)
    if (login === undefined) return undefined
    const principal: Principal = { issuer: issuer.name, id: login.id, kind: issuer.kind, auth: 'oidc' }
    return { principal, revoked: await isRevoked(issuer, login, ports) }
  })
}

async function isRevoked(issuer: Issuer, { accessToken, refreshToken }: Login, ports: LoginPorts) {
  try {
    const client = await clientAt(issuer, ports)
    if (client.serverMetadata().revocation_endpoint === undefined) return false
    await tokenRevocation(client, (refreshToken ?? accessToken).reveal())
    // Many providers cannot take back a signed access token; it runs out soon.
    if (refreshToken !== undefined) await tokenRevocation(client, accessToken.reveal()).catch(() => undefined)
    return true
  } catch {
    return false
  }
}

/** Throws as {@link verifyToken} does. */
export async function callerBy(
  issuer: Issuer,
  { accessToken, idToken, flow }: Omit<Login, 'id' | 'since' | 'expires'>,
  ports: VerifyPorts,
): Promise<Caller> {
  const verified = await verifyToken(accessToken, [issuer], ports)
  const said = idToken === undefined ? {} : await idTokenSays(idToken, verified, ports)
  const { sid } = said
  return {
    principal: { ...authenticatedAt(said), ...displayOf(said), ...verified.principal },
    verified,
    token: accessToken,
    flow,
    ...(typeof sid === 'string' ? { sid } : {}),
  }
}

// What the ID token says of the login; nothing of it when the ID token is no longer good, for example because its key is gone.
async function idTokenSays(idToken: Secret, { issuer, claims, principal }: VerifiedToken, ports: VerifyPorts) {
  if (principal.kind !== 'person') return {}
  try {
    return await verifyIdToken(idToken, issuer, String(claims.sub), ports)
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'not-authorised') return {}
    throw error
  }
}

// Whoever comes second finds what the first one got.
async function renewed(issuer: Issuer, before: Login, ports: LoginPorts) {
  if (isFresh(before, ports)) return before
  return ports.alone(async () => {
    const login = await ports.cache.read(issuer)
    if (login === undefined) throw ended(issuer)
    if (isFresh(login, ports)) return login
    const renewing: Login = { ...login, ...(await newTokens(issuer, login, ports)), expires: 0 }
    // The old token of renewal is worth nothing now: the new one must not be lost where the keys cannot be fetched.
    await ports.cache.write(issuer, renewing)
    const { expires } = await verifyToken(renewing.accessToken, [issuer], ports)
    const after: Login = { ...renewing, expires }
    await ports.cache.write(issuer, after)
    return after
  })
}

function isFresh({ expires }: Login, { clock }: LoginPorts) {
  return expires - EARLY > clock.now()
}

async function newTokens(issuer: Issuer, { flow, refreshToken }: Login, ports: LoginPorts) {
  if (flow === 'client-credentials') return serviceTokens(issuer, ports)
  if (refreshToken === undefined) throw ended(issuer)
  try {
    const client = await clientAt(issuer, ports)
    return tokensOf(issuer, await refreshTokenGrant(client, refreshToken.reveal(), resourceOf(issuer)), ports.hold)
  } catch (error) {
    throw providerFault(issuer.name, error)
  }
}

async function serviceTokens(issuer: Issuer, ports: LoginPorts) {
  try {
    const client = await clientAt(issuer, ports)
    const parameters = { scope: issuer.scopes.join(' '), ...resourceOf(issuer) }
    return tokensOf(issuer, await clientCredentialsGrant(client, parameters), ports.hold)
  } catch (error) {
    throw providerFault(issuer.name, error)
  }
}

function ended({ name }: Issuer) {
  return new EosflowError('not-authorised', `the login at ${name} has ended`, {
    hint: `eosflow login --issuer ${name}`,
  })
}

// How many seconds ago a person may have proved themselves to approve.
const MAX_AGE = 900

interface LoginProof {
  readonly issuer: string
  readonly claims: JsonObject
  // The key that signed, by its SHA-256 thumbprint (RFC 7638).
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
