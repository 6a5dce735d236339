import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Configuration, randomState } from 'openid-client'
import { EosflowError } from '../../../model/error.ts'
import type { Issuer } from '../../../model/issuer.ts'
import { requestCode, tokensForCode } from './code-request.ts'
import { providerFault } from './provider-fault.ts'
import type { Hold, LoginAsk, Tokens } from './tokens.ts'

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

export interface CodePorts {
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
