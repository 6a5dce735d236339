import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { EosflowError } from '../model/error.ts'
import type { Issuer } from '../model/issuer.ts'
import { listenOnLoopback } from './loopback.ts'
import { providerFault } from './provider-fault.ts'
import { isProviderUrl } from './provider-fetch.ts'
import { type Hold, type LoginAsk, resourceOf, type Tokens, tokensOf } from './tokens.ts'

/** How a login in a browser meets the person. */
export interface CodePorts {
  readonly hold: Hold
  /** Shows the person where to go. */
  readonly show: (url: string) => void
  /** How long the person has. */
  readonly milliseconds: number
  readonly stop: AbortSignal
}

/**
 * A login in the person's browser: authorization code with PKCE (RFC 7636), answered on a port of this machine. State, nonce and the
 * issuer of the answer (RFC 9207) are compared. Throws as {@link providerFault} says, `cancelled` when it was interrupted.
 */
export async function codeLogin(
  issuer: Issuer,
  client: Configuration,
  ask: LoginAsk,
  ports: CodePorts,
): Promise<Tokens> {
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()]
  const loopback = await listenOnLoopback(state)
  try {
    const url = buildAuthorizationUrl(client, {
      redirect_uri: loopback.redirectUri,
      scope: ask.scopes.join(' '),
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...resourceOf(issuer),
      ...(ask.maxAge === undefined ? {} : { max_age: String(ask.maxAge) }),
      // A login that goes on without the person is granted to those who ask (OpenID Connect Core, section 11).
      ...(ask.scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
    }).href
    if (!isProviderUrl(url)) throw new EosflowError('protocol', `${issuer.name}: its login page has no https address`)
    ports.show(url)
    const answer = await loopback.answer(ports.milliseconds, ports.stop)
    const checks = {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      ...(ask.maxAge === undefined ? {} : { maxAge: ask.maxAge }),
    }
    return tokensOf(issuer, await authorizationCodeGrant(client, answer, checks, resourceOf(issuer)), ports.hold)
  } catch (error) {
    throw providerFault(issuer.name, error)
  } finally {
    loopback.close()
  }
}
