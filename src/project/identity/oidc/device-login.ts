import { type Configuration, initiateDeviceAuthorization, pollDeviceAuthorizationGrant } from 'openid-client'
import { EosflowError } from '../../../model/error.ts'
import type { Issuer } from '../../../model/issuer.ts'
import { providerFault } from './provider-fault.ts'
import { isProviderUrl } from './provider-fetch.ts'
import { type Hold, type LoginAsk, resourceOf, type Tokens, tokensOf } from './tokens.ts'

export interface DevicePorts {
  readonly hold: Hold
  /** Shows the person where to go, what to type there, and for how many seconds that is good. */
  readonly show: (url: string, code: string, seconds: number) => void
  readonly stop: AbortSignal
}

/** A login on any other device (RFC 8628): the person types a short code at the provider, and we ask until it has been done. Throws as {@link providerFault} says, `cancelled` when it was interrupted. */
export async function deviceLogin(
  issuer: Issuer,
  client: Configuration,
  ask: LoginAsk,
  ports: DevicePorts,
): Promise<Tokens> {
  if (client.serverMetadata().device_authorization_endpoint === undefined) {
    throw new EosflowError('not-authorised', `${issuer.name}: the identity provider has no login with a code`, {
      hint: 'Log in at a terminal with a browser on the same machine: eosflow login',
    })
  }
  try {
    const device = await initiateDeviceAuthorization(client, {
      scope: ask.scopes.join(' '),
      ...resourceOf(issuer),
      ...(ask.maxAge === undefined ? {} : { max_age: String(ask.maxAge) }),
    })
    const { verification_uri: url, user_code: code, expires_in: seconds } = device
    if (!isProviderUrl(url) || !/^[\x21-\x7e]{1,64}$/.test(code)) {
      throw new EosflowError('protocol', `${issuer.name}: what to type where is not readable`)
    }
    ports.show(new URL(url).href, code, seconds)
    const answer = await pollDeviceAuthorizationGrant(client, device, resourceOf(issuer), { signal: ports.stop })
    return tokensOf(issuer, answer, ports.hold)
  } catch (error) {
    if (ports.stop.aborted) throw new EosflowError('cancelled', 'the login was interrupted')
    throw providerFault(issuer.name, error)
  }
}
