import { clientCredentialsGrant, refreshTokenGrant, tokenRevocation } from 'openid-client'
import { EosflowError } from '../../../model/error.ts'
import type { Issuer } from '../../../model/issuer.ts'
import type { Principal } from '../../../model/principal.ts'
import type { Secret } from '../../../model/secret.ts'
import { discover } from './discover.ts'
import { providerFault } from './provider-fault.ts'
import type { Login, LoginFlow, TokenCache } from './token-cache.ts'
import { authenticatedAt, displayOf } from './token-claims.ts'
import { type Hold, resourceOf, type Tokens, tokensOf } from './tokens.ts'
import { type VerifiedToken, type VerifyPorts, verifyIdToken, verifyToken } from './verify-token.ts'

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

export interface EndedLogin {
  readonly principal: Principal
  /** Whether the provider took it back (RFC 7009). */
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
