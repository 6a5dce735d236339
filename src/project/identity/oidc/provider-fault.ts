import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'
import { EosflowError } from '../../../model/error.ts'
import { providerDown } from './provider-fetch.ts'

// OAuth errors that say no to the caller; the others are faults of the settings or of the provider (RFC 6749 5.2, RFC 8628 3.5, OIDC Core
// 3.1.2.6).
const NO: Readonly<Record<string, string>> = {
  access_denied: 'it was refused there',
  invalid_grant: 'the login has ended or was used already',
  expired_token: 'nobody answered in time',
  login_required: 'a new login is needed',
  interaction_required: 'a new login is needed',
  consent_required: 'consent is needed',
}

const SILENCE: readonly string[] = ['OAUTH_TIMEOUT', 'ERR_JWKS_TIMEOUT', 'TimeoutError']

/** What went wrong with a provider, as an act's failure: `unreachable` and retryable when it could not be asked, `not-authorised` when it said no, else `protocol`. */
export function providerFault(name: string, thrown: unknown): EosflowError {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof EosflowError) return error
    if (SILENCE.includes(codeOf(error)) || SILENCE.includes(error.name)) return providerDown('it is silent', undefined)
    const said = refusalIn(error)
    if (said !== undefined) return refusal(name, said)
  }
  const said = thrown instanceof Error ? `${thrown.message} ${codeOf(thrown)}`.trim() : 'no reason given'
  return new EosflowError('protocol', `${name}: what the identity provider answered cannot be used: ${said}`, {
    hint: `Compare the issuer ${name} in eosflow.yaml with how the provider is set up.`,
  })
}

// What the provider says no with: in the body, in the answer to the browser, or in a challenge to our client (RFC 6749, section 5.2).
function refusalIn(
  thrown: Error,
): { readonly error: string; readonly error_description?: string | undefined } | undefined {
  if (thrown instanceof ResponseBodyError || thrown instanceof AuthorizationResponseError) return thrown
  if (!(thrown instanceof WWWAuthenticateChallengeError)) return undefined
  const { error = 'invalid_client', error_description } = thrown.cause[0]?.parameters ?? {}
  return { error, error_description }
}

function refusal(
  name: string,
  { error, error_description }: { readonly error: string; readonly error_description?: string | undefined },
) {
  const why = NO[error]
  if (why !== undefined) {
    return new EosflowError('not-authorised', `${name}: ${why} (${error})`, { hint: `eosflow login --issuer ${name}` })
  }
  const words = [error, error_description].filter((text) => text !== undefined).map(plain)
  return new EosflowError('not-authorised', `${name}: the identity provider refuses: ${words.join(', ')}`, {
    hint: `Compare the client of the issuer ${name} in eosflow.yaml with how the provider is set up.`,
  })
}

// What a provider says, as one short line of printable ASCII (RFC 6749 allows no more).
function plain(text: string) {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
}

function codeOf(error: Error) {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
