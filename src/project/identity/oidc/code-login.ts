import { type Configuration, randomState } from 'openid-client'
import type { Issuer } from '../../../model/issuer.ts'
import { requestCode, tokensForCode } from './code-request.ts'
import { listenOnLoopback } from './loopback.ts'
import { providerFault } from './provider-fault.ts'
import type { Hold, LoginAsk, Tokens } from './tokens.ts'

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
  const state = randomState()
  const loopback = await listenOnLoopback(state)
  try {
    const { redirectUri } = loopback
    const { url, request } = await requestCode(issuer, client, ask, { redirectUri, state })
    ports.show(url)
    const answer = await loopback.answer(ports.milliseconds, ports.stop)
    return await tokensForCode(issuer, client, request, answer, ports.hold)
  } catch (error) {
    throw providerFault(issuer.name, error)
  } finally {
    loopback.close()
  }
}
