import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import type { HttpRequest } from '../../../../src/model/http-port.ts'
import type { Json } from '../../../../src/model/json.ts'
import { type Service, startService } from '../../../lab/service.ts'

/** What can become of one request at the socket. `never`: it is carried out, and not answered; `dropped`: neither; `late`: it is carried out only behind the next one of its kind. */
export type SocketFault =
  | 'no-connection'
  | 'reset-before'
  | 'reset-after'
  | 'cut'
  | 'never'
  | 'dropped'
  | 'late'
  | '401'
  | '403'
  | '404'
  | '409'
  | '429'
  | '500'
  | '502'
  | 'malformed'
  | 'other-form'
  | 'huge'
  | 'redirect'
  | 'slow'

/** What is answered, word for word; `text` instead of `body` is no JSON. */
export interface Answer {
  readonly status: number
  readonly body?: Json
  readonly text?: string
  readonly type?: string
  /** Further headers, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>
}

/** One request, as a service has to judge it. */
export interface AskedService {
  /** Method and path. */
  readonly what: string
  readonly query: URLSearchParams
  readonly authorization: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Json | undefined
}

/** That a request is none that the published schema of its service allows. */
export class Unpublished extends Error {}

/** A service on loopback, and what can go wrong with each request to it. */
export interface LoopbackService {
  readonly service: Service
  /** Method and path of each request, in order. */
  readonly seen: readonly string[]
  /** The requests that no published schema allows, with the reason. */
  readonly unpublished: readonly string[]
  /** How many connections the address has seen that a redirect leads to. */
  elsewhere(): number
  /** Sends one request to it: there is nobody to connect to, or no time to wait, where its fault is that. */
  through<T>(request: HttpRequest, send: (request: HttpRequest) => Promise<T>): Promise<T>
}

/** What becomes of the nth request of a kind, counted from 1; undefined: it is answered. */
export type Instead = (what: string, nth: number) => SocketFault | Answer | undefined

/** For so many milliseconds an answer that never comes is waited for here, instead of ten seconds. */
const PATIENCE = 60
const HUGE = 9

/** Starts a service that carries out what its schema allows, over real sockets. It ends with the test. */
export async function startLoopback(
  answer: (asked: AskedService) => Answer,
  instead: Instead,
): Promise<LoopbackService> {
  const seen: string[] = []
  const unpublished: string[] = []
  const counts = new Map<string, number>()
  const lateOnes = new Map<string, () => void>()
  const elsewhere = await startService((_request, response) => void response.writeHead(200).end('{}'))
  const count = (what: string) => {
    const nth = (counts.get(what) ?? 0) + 1
    counts.set(what, nth)
    seen.push(what)
    return nth
  }
  const carriedOut = (asked: AskedService) => {
    try {
      return answer(asked)
    } catch (error) {
      if (!(error instanceof Unpublished)) throw error
      unpublished.push(`${asked.what}: ${error.message}`)
      return { status: 400, body: { message: error.message } }
    }
  }
  const service: Service = await startService((request, response, { body }) => {
    const asked = askedIn(request, body)
    const { what } = asked
    const fault = instead(what, count(what))
    const before = lateOnes.get(what)
    lateOnes.delete(what)
    if (fault === 'late') {
      if (!what.startsWith('GET')) lateOnes.set(what, () => void carriedOut(asked))
    } else if (fault === 'no-connection') throw new RangeError('nobody was to be reached')
    else if (typeof fault === 'object') answered(response, fault)
    else if (fault === undefined) answered(response, carriedOut(asked))
    else SPOILT[fault]({ request, response, elsewhere: elsewhere.origin, carryOut: () => carriedOut(asked) })
    before?.()
  })
  return {
    service,
    seen,
    unpublished,
    elsewhere: elsewhere.connections,
    through: async (request, send) => {
      const what = `${request.method} ${new URL(request.url).pathname}`
      const fault = instead(what, (counts.get(what) ?? 0) + 1)
      if (fault === 'never' || fault === 'late') return send({ ...request, milliseconds: PATIENCE })
      if (fault !== 'no-connection') return send(request)
      count(what)
      return service.unreachable(() => send(request))
    },
  }
}

function askedIn({ method = '', url = '', headers }: IncomingMessage, body: string) {
  const { pathname, searchParams: query } = new URL(url, 'http://127.0.0.1')
  const isJson = headers['content-type'] === 'application/json'
  return {
    what: `${method} ${pathname}`,
    query,
    authorization: headers.authorization,
    headers,
    body: isJson && body !== '' ? JSON.parse(body) : undefined,
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly elsewhere: string
  /** Does what is asked; gives the answer to it. */
  readonly carryOut: () => Answer
}

const refused =
  (status: number, headers: Readonly<Record<string, string>> = {}) =>
  ({ response }: Exchange) =>
    answered(response, { status, body: { message: `no: ${status}` } }, headers)

const instead =
  (answer: Answer) =>
  ({ response, carryOut }: Exchange) => {
    carryOut()
    answered(response, answer)
  }

/** What can become of a request that came. */
export type HeardFault = Exclude<SocketFault, 'late' | 'no-connection'>

/** What is done with it. */
export const SPOILT: Readonly<Record<HeardFault, (exchange: Exchange) => unknown>> = {
  'reset-before': ({ request }) => request.socket.resetAndDestroy(),
  'reset-after': ({ request, carryOut }) => {
    carryOut()
    request.socket.resetAndDestroy()
  },
  cut: ({ request, response, carryOut }) => {
    const { text } = bytesOf(carryOut())
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length + 9 })
    response.write(`${text} `, () => request.socket.resetAndDestroy())
  },
  never: ({ carryOut }) => carryOut(),
  dropped: () => undefined,
  401: refused(401),
  403: refused(403),
  404: refused(404),
  409: refused(409),
  429: refused(429, { 'retry-after': '2' }),
  500: refused(500),
  502: instead({ status: 502, text: '<html>Bad Gateway</html>', type: 'text/html' }),
  malformed: instead({ status: 200, text: '{"id":' }),
  'other-form': instead({ status: 200, body: { hello: ['you'] } }),
  redirect: ({ response, elsewhere }) => response.writeHead(307, { location: `${elsewhere}/` }).end(),
  huge: ({ response, carryOut }) => {
    carryOut()
    response.writeHead(200, { 'content-type': 'application/json' })
    for (let n = 0; n < HUGE; n += 1) response.write(' '.repeat(2 ** 20))
    response.end('{}')
  },
  slow: ({ response, carryOut }) => slowly(response, carryOut()),
}

function bytesOf({ body, text, type = 'application/json; charset=utf-8' }: Answer) {
  return { text: text ?? (body === undefined ? '' : JSON.stringify(body)), type }
}

function answered(response: ServerResponse, answer: Answer, headers: Readonly<Record<string, string>> = {}) {
  const { text, type } = bytesOf(answer)
  const all = { ...answer.headers, ...headers }
  response.writeHead(answer.status, text === '' ? all : { 'content-type': type, ...all }).end(text)
}

/** In three pieces, some time after each other. */
function slowly(response: ServerResponse, answer: Answer) {
  const { text, type } = bytesOf(answer)
  const piece = (at: number) => {
    if (at === 2) {
      response.end(text.slice(2))
      return
    }
    response.write(text.slice(at, at + 1))
    setTimeout(() => piece(at + 1), 10)
  }
  response.writeHead(answer.status, text === '' ? {} : { 'content-type': type })
  response.flushHeaders()
  if (text === '') setTimeout(() => response.end(), 20)
  else piece(0)
}

/** The body of a request, as the published schema of its service says. Throws Unpublished. */
export function published<T>(schema: z.ZodType<T>, { body }: Pick<AskedService, 'body'>): T {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  throw new Unpublished(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
}

/** Refuses parameters of a query that are not published. Throws Unpublished. */
export function requireQuery({ query }: Pick<AskedService, 'query'>, names: readonly string[]) {
  const strange = [...query.keys()].filter((name) => !names.includes(name))
  if (strange.length > 0) throw new Unpublished(`no such parameter: ${strange.join(', ')}`)
}
