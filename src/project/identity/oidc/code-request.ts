import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
} from 'openid-client'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Issuer } from '../../../model/issuer.ts'
import { isProviderUrl } from './provider-fetch.ts'
import { type Hold, type LoginAsk, resourceOf, type Tokens, tokensOf } from './tokens.ts'

export interface CodeRequest {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** How many seconds ago the person may have proved themselves. */
  readonly maxAge?: number
}

/**
 * Where a browser goes to log in by authorization code with PKCE (RFC 7636), and what its answer is compared with. Throws `protocol`
 * where the provider names no https address.
 */
export async function requestCode(
  issuer: Issuer,
  client: Configuration,
  { scopes, maxAge, nonce = randomNonce(), again }: LoginAsk,
  { redirectUri, state }: Pick<CodeRequest, 'redirectUri' | 'state'>,
): Promise<{ readonly url: string; readonly request: CodeRequest }> {
  const verifier = randomPKCECodeVerifier()
  const url = buildAuthorizationUrl(client, {
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...resourceOf(issuer),
    ...(maxAge === undefined ? {} : { max_age: String(maxAge) }),
    ...promptOf(scopes, again),
  }).href
  if (!isProviderUrl(url)) throw new EosflowError('protocol', `${issuer.name}: its login page has no https address`)
  return { url, request: { redirectUri, state, nonce, verifier, ...definedMembers({ maxAge }) } }
}

function promptOf(scopes: readonly string[], again: boolean | undefined): Readonly<Record<string, string>> {
  if (again === true) return { prompt: 'login', max_age: '0' }
  return scopes.includes('offline_access') ? { prompt: 'consent' } : {}
}

/** State, nonce and the issuer of the answer (RFC 9207) are compared. Throws what openid-client throws. */
export async function tokensForCode(
  issuer: Issuer,
  client: Configuration,
  { state, nonce, verifier, maxAge }: CodeRequest,
  answer: URL,
  hold: Hold,
): Promise<Tokens> {
  const checks = {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    ...definedMembers({ maxAge }),
  }
  return tokensOf(issuer, await authorizationCodeGrant(client, answer, checks, resourceOf(issuer)), hold)
}
