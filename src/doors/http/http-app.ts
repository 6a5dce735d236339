import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { z } from 'zod'
import { definedMembers, type Json } from '../../model/json.ts'
import { VERSION } from '../../model/version.ts'
import { orProblems } from '../../project/system/process/input-error.ts'
import { problemPage } from '../../report/page/problem.ts'
import { locatedNowhere } from '../../text/source/located.ts'
import { parseWith } from '../../text/source/yaml.ts'
import { mcpRoutes } from './agent/mcp-routes.ts'
import { defineOpenRoute, type FrontContext, pageAnswer, type Route, type RouteAnswer } from './context/route.ts'
import { mayBegin, type RequestEffect } from './limits/allowance.ts'
import {
  callerOf,
  LONGEST_BODY,
  openApiDocument,
  type RequestBody,
  readBody,
  requireFormToken,
  requireKnown,
} from './openapi.ts'
import { changePages, rehearsalPages } from './pages/change-pages.ts'
import { actPages, executionPages } from './pages/execution-pages.ts'
import { recordPages } from './pages/record-pages.ts'
import { streamRoutes } from './pages/stream-route.ts'
import { switchPages } from './pages/switch-pages.ts'
import { webRoutes } from './pages/web-routes.ts'
import type { PublicAddress } from './request/public-address.ts'
import { faultOf, type problemDocument, problemOfFault, RequestRefusal, refusalOf } from './request/readable.ts'
import type { Sender } from './request/sender.ts'
import { actRoutes, hookRoutes } from './routes/act-routes.ts'
import { executionRoutes } from './routes/execution-routes.ts'
import { loginRoutes, ownRoutes } from './routes/login-routes.ts'
import { planRoutes, rehearsalRoutes, workflowRoutes } from './routes/plan-routes.ts'
import { recordRoutes } from './routes/record-routes.ts'
import { scheduleRoutes } from './routes/schedule-routes.ts'
import { switchRoutes } from './routes/switch-routes.ts'

interface Provenance {
  readonly method: string
  readonly host: string
  readonly target: string
  readonly headers: Pick<Headers, 'get'>
  readonly sender?: Sender
}

// Methods that change nothing (RFC 9110, section 9.2.1).
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD'])

function elsewhere({ method, host, target, sender }: Omit<Provenance, 'headers'>, address: PublicAddress) {
  const isOwn = host === address.host
  // Somebody who has left out TLS on the way to the proxy is sent to where it is.
  const isPlain = sender?.isPlain === true && address.origin.startsWith('https:')
  if (isOwn && !isPlain) return undefined
  if (SAFE.has(method) && (isOwn || address.bare.includes(host))) return address.origin + target
  throw refusalOf(
    'wrong-host',
    isOwn ? 'this server is reached over TLS alone' : 'this server has another name',
    `Ask for ${address.origin}.`,
  )
}

function requireOwnPage({ method, headers }: Pick<Provenance, 'method' | 'headers'>, { origin }: PublicAddress) {
  if (SAFE.has(method)) return
  const [from, site] = [headers.get('origin'), headers.get('sec-fetch-site')]
  const isProgram = isOfProgram(headers) && headers.get('authorization') !== null
  if (isProgram || (from === origin && site === 'same-origin')) return
  throw refusalOf(
    'cross-site',
    'what changes something must be asked for by a page of this server, or with a token',
    `A program without a token sends Origin: ${origin} and Sec-Fetch-Site: same-origin.`,
  )
}

function isOfProgram(headers: Provenance['headers']) {
  return headers.get('origin') === null && headers.get('sec-fetch-site') === null
}

function isSafe(method: string) {
  return SAFE.has(method)
}

interface IncomingRequest {
  readonly method: string
  readonly target: string
  readonly headers: Pick<Headers, 'get'>
  readonly path: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly sender?: Sender
  body(): Promise<string>
  bytes(): Promise<Uint8Array>
}

async function respond(front: FrontContext, route: Route, incoming: IncomingRequest) {
  const { headers, path, signal, target } = incoming
  if (route.isOfLogin === true && incoming.sender !== undefined) front.strangers.require(incoming.sender.address)
  const isOwnPage = route.provesItself !== true
  // Where only a token counts, a program that has none yet learns how one is got.
  const isTokenless = route.challenge !== undefined && isOfProgram(headers)
  if (isOwnPage && !isTokenless) requireOwnPage(incoming, front.address)
  const found = isOwnPage ? await callerOf(front, headers) : undefined
  const caller = route.action === 'anybody' ? found : requireKnown(found)
  if (caller !== undefined) front.allowance.require(caller.principal, route)
  const body = isSafe(incoming.method)
    ? queryOf(incoming.target)
    : route.takesBytes === true
      ? UNREAD
      : readBody(headers.get('content-type'), await incoming.body())
  if (caller !== undefined && !isSafe(incoming.method)) requireFormToken(caller, headers, body.token)
  const input = inputOf(route, body, path)
  // The type of the input is that of the schema, which the route was written with.
  const answer = async () =>
    route.answer(front, {
      caller: caller as never,
      path,
      input: input as never,
      headers,
      target,
      signal,
      isForm: body.isForm,
      ...definedMembers({ sender: incoming.sender }),
      bytes: () => incoming.bytes(),
    })
  if (caller === undefined || !mayBegin(route)) return answer()
  return front.allowance.begin(caller.principal, answer, begunBy)
}

function begunBy({ json }: RouteAnswer): RequestEffect {
  const { known, execution } = (json ?? {}) as { readonly known?: boolean; readonly execution?: string }
  if (known === true) return 'nothing'
  return execution === undefined ? 'beside' : 'on record'
}

const UNREAD: RequestBody = { value: {}, isForm: false }

function inputOf({ input }: Route, { value }: RequestBody, path: Readonly<Record<string, string>>): unknown {
  if (input === undefined) {
    if (Object.keys(value as object).length === 0) return {}
    throw refusalOf('input', 'this takes nothing beside its path')
  }
  const said = value as Readonly<Record<string, unknown>>
  // What the path says need not be said again; whoever says something else there means another thing than is looked at.
  const own = Object.keys(path).filter((name) => name in input.shape)
  const other = own.find((name) => said[name] !== undefined && said[name] !== path[name])
  if (other !== undefined)
    throw refusalOf(
      'other-than-path',
      `the request names another ${other} than its path: nothing was done`,
      `Leave ${other} out of the request, or ask the path of the one that is meant.`,
    )
  const given = { ...said, ...Object.fromEntries(own.map((name) => [name, path[name]])) }
  return orProblems(parseWith(input, locatedNowhere(given as Json, 'request')))
}

function queryOf(target: string): RequestBody {
  const { searchParams } = new URL(target, 'http://localhost')
  return { value: Object.fromEntries(searchParams), isForm: false }
}

export const routes: readonly Route[] = [
  ...ownRoutes,
  defineOpenRoute('GET /openapi.json', 'The description of the routes for programs (OpenAPI 3.1)', {
    answer: ({ address }) => ({ jsonText: descriptionFor(address) }),
  }),
  ...loginRoutes,
  ...workflowRoutes,
  ...planRoutes,
  ...executionRoutes,
  ...switchRoutes,
  ...recordRoutes,
  ...actRoutes,
  ...rehearsalRoutes,
  ...hookRoutes,
  ...scheduleRoutes,
  ...streamRoutes,
  ...mcpRoutes,
  ...webRoutes,
  ...changePages,
  ...rehearsalPages,
  ...executionPages,
  ...switchPages,
  ...recordPages,
  ...actPages,
]

function descriptionFor(address: PublicAddress) {
  const made =
    described.get(address) ?? JSON.stringify(openApiDocument(routes, { version: VERSION, server: address.origin }))
  described.set(address, made)
  return made
}

const described = new WeakMap<PublicAddress, string>()

/**
 * What every answer says to a browser: nothing but this server's own files is loaded or run, no other page frames it or reads it, and
 * nothing is kept (Content Security Policy Level 3; Trusted Types; Fetch; Permissions Policy).
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types eosflow',
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`: a browser then sends `Origin: null` with a form of this server's own pages (Fetch, 3.2).
  'referrer-policy': 'same-origin',
  'permissions-policy': 'publickey-credentials-get=(self)',
  'cache-control': 'no-store',
}

// The same over TLS: browsers come back over TLS for a year (RFC 6797).
const OVER_TLS: Readonly<Record<string, string>> = { 'strict-transport-security': 'max-age=31536000' }

interface Sent {
  readonly Bindings: { readonly sender?: Sender }
}

export function httpApp(front: FrontContext, table: readonly Route[] = routes): Hono<Sent> {
  const app = new Hono<Sent>()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value)
    }
    // Not for `localhost`, whose other servers would be cut off.
    if (front.address.origin.startsWith('https:') && new URL(front.address.origin).hostname !== 'localhost')
      for (const [name, value] of Object.entries(OVER_TLS)) context.res.headers.set(name, value)
  })
  app.use(async (context, next) => {
    const there = isProbe(context.req.path) ? undefined : elsewhere(provenanceOf(context), front.address)
    if (there !== undefined) return context.redirect(there, 307)
    return next()
  })
  const tooLarge = refusalOf('too-large', `a body has at most ${LONGEST_BODY} bytes`)
  app.use(bodyLimit({ maxSize: LONGEST_BODY, onError: (context) => failed(front, context, tooLarge) }))
  for (const route of table) app.on(route.method, honoPath(route.path), (context) => timed(front, route, context))
  for (const path of new Set(table.map((route) => route.path))) {
    const allowed = table.filter((route) => route.path === path).map(({ method }) => method)
    app.all(honoPath(path), (context) =>
      failed(
        front,
        context,
        refusalOf('method-not-allowed', `only ${allowed.join(' and ')} is understood here`, undefined, {
          allow: allowed.includes('GET') ? ['HEAD', ...allowed].join(', ') : allowed.join(', '),
        }),
      ),
    )
  }
  app.notFound((context) => failed(front, context, refusalOf('no-route', 'there is nothing here')))
  app.onError((error, context) => failed(front, context, error))
  return app
}

function isProbe(path: string) {
  return path === '/healthz' || path === '/readyz'
}

async function timed(front: FrontContext, route: Route, context: Context<Sent>) {
  const { clock } = front.app
  const begun = clock.monotonic()
  const response = await answered(front, route, context).catch((error: unknown) => failed(front, context, error))
  front.answered?.({
    route: route.path,
    method: route.method,
    status: response.status,
    seconds: (clock.monotonic() - begun) / 1000,
  })
  return response
}

async function answered(front: FrontContext, route: Route, context: Context<Sent>) {
  const { raw } = context.req
  const path = Object.fromEntries(Object.entries(context.req.param()).map(([name, value]) => [name, String(value)]))
  const answer = await respond(front, route, {
    ...provenanceOf(context),
    path,
    signal: raw.signal,
    body: () => context.req.text(),
    bytes: async () => new Uint8Array(await context.req.arrayBuffer()),
  }).catch((error: unknown) => {
    throw challenged(front, route, error)
  })
  // Hono answers HEAD as GET and leaves the body unread: who would watch by that never went away.
  if (context.req.method === 'HEAD' && answer.stream !== undefined) {
    const { stream, ...head } = answer
    await stream.cancel()
    return responseOf(front, head, raw.headers)
  }
  return responseOf(front, answer, raw.headers)
}

function challenged(front: FrontContext, { challenge }: Route, error: unknown) {
  if (challenge === undefined || !(error instanceof RequestRefusal) || error.fault.kind !== 'login-missing')
    return error
  return new RequestRefusal(error.fault, { ...challenge(front), ...error.headers })
}

function provenanceOf({ req, env }: Context<Sent>) {
  const { pathname, search, host } = new URL(req.url)
  const { headers } = req.raw
  const sender = env?.sender
  return {
    method: req.method,
    host: headers.get('host') ?? host,
    target: pathname + search,
    headers,
    ...definedMembers({ sender }),
  }
}

async function responseOf(front: FrontContext, answer: RouteAnswer, asked: Headers) {
  const { status = 200, headers = {}, stream } = answer
  const tag = headers.etag
  if (tag !== undefined && status === 200 && asked.get('if-none-match') === tag)
    return new Response(null, { status: 304, headers })
  if (stream !== undefined) return new Response(stream, { status, headers })
  const written = writtenOf(front, answer)
  if (written === undefined) return new Response(null, { status, headers })
  const type = written.type === undefined ? {} : { 'content-type': written.type }
  // What has an ETag has one for its bytes as they are.
  const { body, headers: coding } =
    tag === undefined ? await coded(written.text, asked) : { body: written.text, headers: {} }
  return new Response(body, { status, headers: { ...type, ...headers, ...coding } })
}

function writtenOf(
  { scrub }: Pick<FrontContext, 'scrub'>,
  { html, markdown, text, json, jsonText }: RouteAnswer,
): { readonly text: string; readonly type?: string } | undefined {
  if (html !== undefined) return { text: scrub(html), type: 'text/html; charset=utf-8' }
  if (markdown !== undefined) return { text: scrub(markdown), type: 'text/markdown; charset=utf-8' }
  if (text !== undefined) return { text }
  const document = jsonText ?? (json === undefined ? undefined : JSON.stringify(json))
  return document === undefined ? undefined : { text: scrub(document), type: 'application/json' }
}

function failed(front: FrontContext, context: Context, error: unknown) {
  const fault = faultOf(error)
  if (fault.kind === 'bug') front.failed(`${context.req.method} ${context.req.path}`, error)
  const { document, headers } = problemOfFault(fault, context.req.path, front.exitCodeOf(fault.kind))
  const own = error instanceof RequestRefusal ? error.headers : {}
  if (isForPerson(context)) return problemForPerson(front, document)
  return new Response(front.scrub(JSON.stringify(document)), {
    status: document.status,
    headers: { ...headers, ...own },
  })
}

function isForPerson({ req }: Context) {
  return !req.path.startsWith('/api/') && (req.header('accept') ?? '').includes('text/html')
}

function problemForPerson(front: FrontContext, document: z.output<typeof problemDocument>) {
  const { status, kind, detail, hint, device, problems } = document
  if (kind === 'login-missing') return new Response(null, { status: 303, headers: { location: '/login' } })
  const content = problemPage({
    status,
    title: document.title,
    detail,
    hint,
    device,
    problems: problems?.map(({ at, message, hint: mend }) => ({
      at: `${at.file}:${at.line}`,
      message,
      ...definedMembers({ hint: mend }),
    })),
  })
  const { html = '' } = pageAnswer(front, content)
  return new Response(front.scrub(html), { status, headers: { 'content-type': 'text/html; charset=utf-8' } })
}

function honoPath(path: string) {
  return path.replaceAll(/\{(\w+)\+\}/g, ':$1{.+}').replaceAll(/\{(\w+)\}/g, ':$1')
}

// What is shorter is sent as it is, in bytes.
const SHORT = 1024

const compress = promisify(gzip)

// A text as it is sent: its bytes, and the header fields that say how they are coded.
interface EncodedBody {
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

/** Codes a text for whoever takes gzip (RFC 9110, section 8.4.1). */
export async function coded(text: string, asked: Pick<Headers, 'get'>): Promise<EncodedBody> {
  if (Buffer.byteLength(text) <= SHORT) return { body: text, headers: {} }
  const vary = { vary: 'accept-encoding, sec-fetch-site' }
  if (!takesGzip(asked) || !isOwn(asked)) return { body: text, headers: vary }
  return { body: new Uint8Array(await compress(text)), headers: { ...vary, 'content-encoding': 'gzip' } }
}

function takesGzip(asked: Pick<Headers, 'get'>) {
  return (asked.get('accept-encoding') ?? '')
    .split(',')
    .some((coding) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding))
}

function isOwn(asked: Pick<Headers, 'get'>) {
  const site = asked.get('sec-fetch-site')
  return site === 'same-origin' || site === 'none' || (site === null && asked.get('cookie') === null)
}
