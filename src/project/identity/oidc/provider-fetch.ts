import {
  AuthorizationResponseError,
  allowInsecureRequests,
  ClientSecretBasic,
  type Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'
import { EosflowError } from '../../../model/error.ts'
import type { Issuer } from '../../../model/issuer.ts'
import type { Secret } from '../../../model/secret.ts'

const LARGEST = 1_048_576

interface FetchOptions {
  readonly method: string
  readonly headers: Headers | Record<string, string>
  readonly body?: RequestInit['body'] | undefined
  readonly signal?: AbortSignal | undefined
}

/** Whether a provider may be spoken to at this address: https, or plain http to 127.0.0.1 and [::1]. */
export function isProviderUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(hostname))
}

/**
 * `fetch` for identity providers: at most 1 MiB, no redirects, every address judged, those of the provider's own metadata
 * included. Throws `unreachable`, retryable, where there is no answer or one of 429 or 500 and above, `protocol` on an
 * address or a length that is not taken.
 */
export async function providerFetch(url: string, options: FetchOptions): Promise<Response> {
  const { hostname, host } = new URL(url)
  if (!isProviderUrl(url)) {
    throw new EosflowError('protocol', `the identity provider names an address without https: ${hostname}`)
  }
  const { method, headers, body = null, signal = null } = options
  const answer = await fetch(url, { method, headers, body, signal, redirect: 'manual' }).catch((cause: unknown) => {
    throw providerDown(`${host} does not answer`, cause)
  })
  if (answer.status === 429 || answer.status >= 500) throw providerDown(`${hostname} answers ${answer.status}`)
  return new Response(await bodyOf(answer, hostname), { status: answer.status, headers: answer.headers })
}

function providerDown(what: string, cause?: unknown) {
  return new EosflowError('unreachable', `the identity provider cannot be asked: ${what}`, {
    retryable: true,
    hint: 'Nothing was done. Try again when the provider answers; where it is, `issuer:` in eosflow.yaml says.',
    cause,
  })
}

async function bodyOf(answer: Response, hostname: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (answer.body === null || answer.status === 204) return null
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of answer.body) {
      length += chunk.length
      if (length > LARGEST) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw providerDown(`the answer of ${hostname} broke off`, cause)
  }
  if (length > LARGEST) throw new EosflowError('protocol', `the answer of ${hostname} is longer than ${LARGEST} bytes`)
  return new Uint8Array(Buffer.concat(chunks))
}

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
