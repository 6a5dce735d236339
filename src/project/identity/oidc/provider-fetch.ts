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
import type { Issuer, Principal } from '../../../model/principal.ts'
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

async function bodyOf(answer: Response, hostname: string) {
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

export type Claims = Readonly<Record<string, unknown>>

// Where providers name the client of an access token: RFC 9068, OpenID Connect, and two that have names of their own.
const CLIENT_CLAIMS: readonly string[] = ['client_id', 'azp', 'appid', 'cid']
const DISPLAY_CLAIMS: readonly string[] = ['name', 'preferred_username', 'email', 'repository', 'project_path']
const MOST_GROUPS = 1000

/** Throws `not-authorised` when a claim is not what the settings demand, when a job runs code that nobody has merged, or when the token was given to another client. */
export function principalOf(claims: Claims, issuer: Issuer): Principal {
  requireClaims(claims, issuer)
  requireMerged(claims, issuer)
  const id = subjectOf(claims.sub, issuer)
  const human = { issuer: issuer.name, id, ...groupsOf(claims, issuer), ...personOf(claims, issuer) }
  const agent = agentOf(claims, issuer)
  if (agent !== undefined) {
    const isOwn = agent === id
    return { issuer: issuer.name, id: agent, kind: 'agent', auth: 'oidc', ...(isOwn ? {} : { onBehalfOf: human }) }
  }
  requireClient(claims, issuer, id)
  return { ...human, kind: issuer.kind, auth: 'oidc', ...authenticatedAt(claims), ...displayOf(claims) }
}

export function authenticatedAt({ auth_time: time }: Claims): Pick<Principal, 'authenticatedAt'> {
  return isTime(time) ? { authenticatedAt: new Date(time * 1000).toISOString() } : {}
}

export function displayOf(claims: Claims): Pick<Principal, 'display'> {
  const display = DISPLAY_CLAIMS.map((name) => claims[name]).find((value) => isLine(value, 128))
  return typeof display === 'string' ? { display } : {}
}

/** The client that a token was given to; undefined when it does not say. */
export function clientOf(claims: Claims): string | undefined {
  const client = CLIENT_CLAIMS.map((name) => claims[name]).find((value) => typeof value === 'string')
  return typeof client === 'string' ? client : undefined
}

/** The message never holds what is in it. */
export function refusedToken(issuer: string, why: string, hint?: string, cause?: unknown): EosflowError {
  return new EosflowError('not-authorised', `the token of ${issuer} is not accepted: ${why}`, {
    hint: hint ?? 'Get a new token, or compare the issuer in eosflow.yaml with what its tokens say.',
    cause,
  })
}

function requireClaims(claims: Claims, { name, require }: Issuer) {
  const off = Object.entries(require).filter(([claim, value]) => claims[claim] !== value)
  if (off.length > 0) throw refusedToken(name, `not as required: ${off.map(([claim]) => claim).join(', ')}`)
}

function requireMerged(claims: Claims, { name, require }: Issuer) {
  if (typeof claims.event_name === 'string' && claims.event_name.startsWith('pull_request')) {
    throw refusedToken(name, 'it is of a pull request, whose code nobody has merged yet')
  }
  const isGitlab = claims.pipeline_source !== undefined || claims.project_path !== undefined
  if (isGitlab && require.pipeline_source === undefined) {
    throw refusedToken(name, 'it is of a GitLab pipeline, and the settings do not say which pipeline_source is let in')
  }
}

function subjectOf(sub: unknown, { name }: Issuer) {
  if (typeof sub === 'string' && /^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(sub)) return sub
  throw refusedToken(name, 'its subject is not a name of 255 printable characters')
}

function groupsOf(claims: Claims, { groupsClaim }: Issuer): Pick<Principal, 'groups'> {
  if (groupsClaim === undefined) return {}
  const value = claims[groupsClaim]
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  return { groups: all.filter((one): one is string => isLine(one, 256)).slice(0, MOST_GROUPS) }
}

function personOf(claims: Claims, { name, kind, personClaim }: Issuer): Pick<Principal, 'person'> {
  if (personClaim === undefined || kind !== 'person') return {}
  const value = claims[personClaim]
  const person = typeof value === 'number' ? String(value) : value
  if (isLine(person, 256)) return { person }
  throw refusedToken(name, `it has no ${personClaim}, which says who the person is`)
}

// The agent that acts: `act` names it (RFC 8693, section 4.1), or the settings tell its tokens by their claims, and then it is the client that
// holds them.
function agentOf(claims: Claims, { name, agent, mcp }: Issuer) {
  const { act } = claims
  if (act !== undefined) {
    const sub = typeof act === 'object' && act !== null && 'sub' in act ? act.sub : undefined
    if (isLine(sub, 255)) return sub
    throw refusedToken(name, 'it is delegated, and does not say to whom')
  }
  const isTold = agent !== undefined && Object.entries(agent).every(([claim, value]) => says(claims[claim], value))
  const client = mcp === undefined ? undefined : mcpClientOf(claims, mcp)
  if (!isTold && client === undefined) return undefined
  const named = client ?? clientOf(claims)
  if (isLine(named, 255)) return named
  throw refusedToken(name, "it is an agent's, and does not say which")
}

function mcpClientOf(claims: Claims, { clients, audience, resource }: NonNullable<Issuer['mcp']>) {
  const listed = CLIENT_CLAIMS.map((name) => claims[name]).find((one) => clients.some((client) => client === one))
  if (typeof listed === 'string') return listed
  const isForMcp = [audience, resource].some((one) => one !== undefined && says(claims.aud, one))
  return isForMcp ? (clientOf(claims) ?? '') : undefined
}

/**
 * The scope that a token needs for MCP and was not granted; undefined where it has it, and where the token does not say what it is granted:
 * then the policy alone decides. `scope` is a list with blanks (RFC 9068, section 2.2.3), `scp` that or an array.
 */
export function missingMcpScope(claims: Claims, { mcp }: Issuer): string | undefined {
  const needed = mcp?.scope ?? 'eosflow:plan'
  const said = claims.scope ?? claims.scp
  if (said === undefined) return undefined
  const granted: readonly unknown[] = Array.isArray(said) ? said : String(said).split(' ')
  return granted.includes(needed) ? undefined : needed
}

function says(claim: unknown, value: string) {
  const all: readonly unknown[] = Array.isArray(claim) ? claim : [claim]
  return all.some((one) => ['string', 'boolean', 'number'].includes(typeof one) && String(one) === value)
}

// A token for another client says nothing here; one that a client has for itself is no person's (RFC 9068, section 5).
function requireClient(claims: Claims, { name, kind, clientId }: Issuer, id: string) {
  if (clientId === undefined) return
  const client = clientOf(claims)
  if (client !== clientId) throw refusedToken(name, 'it was given to another client than eosflow')
  if (kind === 'person' && id === client) throw refusedToken(name, 'it is of a client, not of a person')
}

function isLine(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest && !/[\p{C}\p{Zl}\p{Zp}]/u.test(value)
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value < 8.64e12
}
