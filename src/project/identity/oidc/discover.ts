import {
  allowInsecureRequests,
  ClientSecretBasic,
  type Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
} from 'openid-client'
import type { Issuer } from '../../../model/issuer.ts'
import type { Secret } from '../../../model/secret.ts'
import { providerFault } from './provider-fault.ts'
import { isProviderUrl, providerFetch } from './provider-fetch.ts'

// How long any request to a provider may take, in seconds.
const TIMEOUT = 10

/** What a provider says about itself (OpenID Connect Discovery 1.0), and our client there. Throws as {@link providerFault} says. */
export async function discover(issuer: Issuer, secret?: Secret): Promise<Configuration> {
  const auth = secret === undefined ? None() : ClientSecretBasic(secret.reveal())
  const isHttp = issuer.issuer.startsWith('http:')
  try {
    return await discovery(new URL(issuer.issuer), issuer.clientId ?? 'eosflow', {}, auth, {
      timeout: TIMEOUT,
      [customFetch]: providerFetch,
      execute: [...(isHttp && isProviderUrl(issuer.issuer) ? [allowInsecureRequests] : []), enableNonRepudiationChecks],
    })
  } catch (error) {
    throw providerFault(issuer.name, error)
  }
}
