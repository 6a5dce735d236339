import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  initiateDeviceAuthorization,
  pollDeviceAuthorizationGrant,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Issuer, Principal } from '../../../model/principal.ts'
import {
  callerBy,
  clientAt,
  type Hold,
  type LoginAsk,
  type LoginPorts,
  resourceOf,
  type StepUp,
  steppedUp,
  stepUpAsk,
  type Tokens,
  tokensOf,
} from './logins.ts'
import { discover, isProviderUrl, providerFault } from './provider-fetch.ts'

interface CodeRequest {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  // How many seconds ago the person may have proved themselves.
  readonly maxAge?: number
}

// Where a browser goes to log in by authorization code with PKCE (RFC 7636), and what its answer is compared with. Throws `protocol`
// where the provider names no https address.
async function requestCode(
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

// State, nonce and the issuer of the answer (RFC 9207) are compared. Throws what openid-client throws.
async function tokensForCode(
  issuer: Issuer,
  client: Configuration,
  { state, nonce, verifier, maxAge }: CodeRequest,
  answer: URL,
  hold: Hold,
) {
  const checks = {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    ...definedMembers({ maxAge }),
  }
  return tokensOf(issuer, await authorizationCodeGrant(client, answer, checks, resourceOf(issuer)), hold)
}

const PAGE = 'eosflow has the answer. You may close this window and go back to the terminal.\n'
const LINGER = 500
const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'content-security-policy': "default-src 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
}

// A port on 127.0.0.1 that waits for one answer of one login (RFC 8252, section 7.3).
interface Loopback {
  readonly redirectUri: string
  // Throws `not-authorised` after `milliseconds`, `cancelled` when `stop` is aborted.
  answer(milliseconds: number, stop: AbortSignal): Promise<URL>
  close(): void
}

// Whatever else comes gets 404 and changes nothing, a second answer too.
async function listenOnLoopback(state: string): Promise<Loopback> {
  let accept: (url: URL) => void = () => undefined
  const answered = new Promise<URL>((resolve) => {
    accept = resolve
  })
  let isAnswered = false
  let origin = ''
  const server = createServer((request, response) => {
    const url = isAnswered ? undefined : callbackOf(request, origin, state)
    if (url === undefined) return say(response, 404, 'not found\n')
    isAnswered = true
    say(response, 200, PAGE)
    accept(url)
  })
  server.maxHeadersCount = 100
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', listening)
  })
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  return {
    redirectUri: `${origin}/callback`,
    answer: (milliseconds, stop) => until(answered, milliseconds, stop),
    close: () => {
      server.close()
      // What was said is read first; whoever holds a connection open does not hold the command.
      setTimeout(() => server.closeAllConnections(), LINGER).unref()
    },
  }
}

// Only the page that was asked for knows the state; the host is compared so that no foreign name leads here.
function callbackOf({ method, url = '', headers }: IncomingMessage, origin: string, state: string) {
  if (method !== 'GET' || `http://${headers.host}` !== origin || !URL.canParse(url, origin)) return undefined
  const asked = new URL(url, origin)
  const states = asked.searchParams.getAll('state')
  return asked.pathname === '/callback' && states.length === 1 && states[0] === state ? asked : undefined
}

function say(response: ServerResponse, status: number, text: string) {
  response.writeHead(status, HEADERS).end(text)
}

function until(answered: Promise<URL>, milliseconds: number, stop: AbortSignal): Promise<URL> {
  const over = AbortSignal.any([stop, AbortSignal.timeout(milliseconds)])
  return new Promise((resolve, reject) => {
    const fail = () => reject(stop.aborted ? interrupted() : late())
    if (over.aborted) fail()
    over.addEventListener('abort', fail, { once: true })
    answered.then(resolve, reject)
  })
}

const late = () =>
  new EosflowError('not-authorised', 'nobody logged in within the time', { hint: 'Try again: eosflow login' })
const interrupted = () => new EosflowError('cancelled', 'the login was interrupted')

interface CodePorts {
  readonly hold: Hold
  readonly show: (url: string) => void
  readonly milliseconds: number
  readonly stop: AbortSignal
}

/** A login in the person's browser: authorization code with PKCE (RFC 7636), answered on a port of this machine. State, nonce and the issuer of the answer (RFC 9207) are compared. */
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

interface DevicePorts {
  readonly hold: Hold
  // Shows the person where to go, what to type there, and for how many seconds that is good.
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

// It is registered there with the front end's address before it.
const CALLBACK = '/login/callback'

// Where providers send browsers to after a logout.
const AFTER_LOGOUT = '/login'

// How long ago a person may have proved themselves to log in, in seconds; asked for so that the provider says when it was.
const A_DAY = 86_400

type WebPorts = Pick<LoginPorts, 'clock' | 'keys' | 'hold' | 'secretOf'>

export interface WebLogin extends CodeRequest {
  readonly issuer: string
  /** When it was sent, in milliseconds since the epoch. */
  readonly since: number
}

export interface SentBrowser {
  readonly url: string
  readonly login: WebLogin
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
export async function beginWebLogin(issuer: Issuer, publicUrl: string, ports: WebPorts): Promise<SentBrowser> {
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
): Promise<SentBrowser> {
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
): Promise<SentBrowser> {
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
