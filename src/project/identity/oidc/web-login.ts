import { buildEndSessionUrl, randomState } from 'openid-client'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Issuer } from '../../../model/issuer.ts'
import type { Principal } from '../../../model/principal.ts'
import { type CodeRequest, requestCode, tokensForCode } from './code-request.ts'
import { discover } from './discover.ts'
import { callerBy, clientAt, type LoginPorts } from './logins.ts'
import { providerFault } from './provider-fault.ts'
import { isProviderUrl } from './provider-fetch.ts'
import { type StepUp, steppedUp, stepUpAsk } from './step-up.ts'

/** It is registered there with the front end's address before it. */
export const CALLBACK = '/login/callback'

// Where providers send browsers to after a logout.
const AFTER_LOGOUT = '/login'

// How long ago a person may have proved themselves to log in, in seconds; asked for so that the provider says when it was.
const A_DAY = 86_400

export type WebPorts = Pick<LoginPorts, 'clock' | 'keys' | 'hold' | 'secretOf'>

export interface WebLogin extends CodeRequest {
  readonly issuer: string
  /** When it was sent, in milliseconds since the epoch. */
  readonly since: number
}

export interface ReturnedLogin {
  readonly principal: Principal
  /** When the token runs out, in milliseconds since the epoch. */
  readonly expires: number
  readonly sid?: string
}

export function webIssuer({ clientId: _native, clientSecret: _secret, ...issuer }: Issuer): Issuer | undefined {
  return issuer.web === undefined ? undefined : { ...issuer, ...issuer.web }
}

/** `publicUrl` is the address of the front end. Throws as {@link providerFault} says, `secret`. */
export async function beginWebLogin(
  issuer: Issuer,
  publicUrl: string,
  ports: WebPorts,
): Promise<{ readonly url: string; readonly login: WebLogin }> {
  // A session ends by itself, so that nothing has to be renewed.
  const scopes = issuer.scopes.filter((scope) => scope !== 'offline_access')
  return begin(issuer, { scopes, maxAge: A_DAY }, publicUrl, ports)
}

/** The same for one decision: the person has to log in again, and the ID token has to name the decision by `nonce`. */
export async function beginWebStepUp(
  issuer: Issuer,
  nonce: string,
  publicUrl: string,
  ports: WebPorts,
): Promise<{ readonly url: string; readonly login: WebLogin }> {
  const { scopes } = stepUpAsk(issuer, nonce)
  return begin(issuer, { scopes, nonce, again: true }, publicUrl, ports)
}

/** `query` is what stands behind the `?` of the address. Throws as {@link providerFault} says, `not-authorised`. */
export async function endWebLogin(
  issuer: Issuer,
  login: WebLogin,
  query: string,
  ports: WebPorts,
): Promise<ReturnedLogin> {
  const tokens = await redeemed(issuer, login, query, ports)
  const { principal, verified, sid } = await callerBy(issuer, { ...tokens, flow: 'browser' }, ports)
  return { principal, expires: verified.expires, ...definedMembers({ sid }) }
}

/** Where a browser goes to log out at the provider too (OpenID Connect RP-Initiated Logout 1.0); undefined where it offers that to nobody. Throws as {@link providerFault} says. */
export async function webLogoutUrl(issuer: Issuer, publicUrl: string): Promise<string | undefined> {
  const client = await discover(issuer)
  if (!isProviderUrl(client.serverMetadata().end_session_endpoint ?? '')) return undefined
  return buildEndSessionUrl(client, { post_logout_redirect_uri: new URL(publicUrl).origin + AFTER_LOGOUT }).href
}

/** Whoever has logged in again for one decision: the same person as before, just now, and for this decision. Throws `not-authorised`. */
export async function endWebStepUp(
  issuer: Issuer,
  before: Principal,
  login: WebLogin,
  query: string,
  ports: WebPorts,
): Promise<StepUp> {
  const { nonce, since } = login
  return steppedUp(issuer, before, await redeemed(issuer, login, query, ports), ports, { nonce, since })
}

async function begin(
  issuer: Issuer,
  ask: Parameters<typeof requestCode>[2],
  publicUrl: string,
  ports: WebPorts,
): Promise<{ readonly url: string; readonly login: WebLogin }> {
  const redirectUri = new URL(publicUrl).origin + CALLBACK
  try {
    const client = await clientAt(issuer, ports)
    const { url, request } = await requestCode(issuer, client, ask, { redirectUri, state: randomState() })
    return { url, login: { ...request, issuer: issuer.name, since: ports.clock.now() } }
  } catch (error) {
    throw providerFault(issuer.name, error)
  }
}

async function redeemed(issuer: Issuer, login: WebLogin, query: string, ports: WebPorts) {
  try {
    const answer = new URL(login.redirectUri)
    answer.search = query
    return await tokensForCode(issuer, await clientAt(issuer, ports), login, answer, ports.hold)
  } catch (error) {
    throw providerFault(issuer.name, error)
  }
}
