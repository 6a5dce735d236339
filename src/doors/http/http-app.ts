import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { z } from 'zod'
import { problemPage } from '../../report/page/problem.ts'
import { pageAnswer } from './context/define-page.ts'
import type { FrontContext } from './context/front-context.ts'
import type { Route, RouteAnswer } from './context/route.ts'
import { elsewhere } from './origin-rule.ts'
import { faultOf, RequestRefusal } from './request/fault.ts'
import { type problemDocument, problemOfFault } from './request/problem-document.ts'
import type { Sender } from './request/sender.ts'
import { LONGEST_BODY } from './request-body.ts'
import { respond } from './respond.ts'
import { routes } from './routes.ts'
import { OVER_TLS, SECURITY_HEADERS } from './security-headers.ts'

/** What comes with a request: who has sent it. Nothing where there is no network. */
interface Sent {
  readonly Bindings: { readonly sender?: Sender }
}

/** The server as one function from requests to answers: the table of routes, and what holds for every answer. */
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
  const tooLarge = new RequestRefusal({ kind: 'too-large', message: `a body has at most ${LONGEST_BODY} bytes` })
  app.use(bodyLimit({ maxSize: LONGEST_BODY, onError: (context) => failed(front, context, tooLarge) }))
  for (const route of table) app.on(route.method, honoPath(route.path), (context) => timed(front, route, context))
  for (const path of new Set(table.map((route) => route.path))) {
    const allowed = table.filter((route) => route.path === path).map(({ method }) => method)
    app.all(honoPath(path), (context) => failed(front, context, notAllowed(allowed)))
  }
  app.notFound((context) =>
    failed(front, context, new RequestRefusal({ kind: 'no-route', message: 'there is nothing here' })),
  )
  app.onError((error, context) => failed(front, context, error))
  return app
}

/** What asks whether the server lives knows no name of it. */
function isProbe(path: string): boolean {
  return path === '/healthz' || path === '/readyz'
}

/** Says how long an answer took, and what it was. */
async function timed(front: FrontContext, route: Route, context: Context<Sent>): Promise<Response> {
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

async function answered(front: FrontContext, route: Route, context: Context<Sent>): Promise<Response> {
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

/** A refusal of whoever is not known, with what the route demands of them. */
function challenged(front: FrontContext, { challenge }: Route, error: unknown): unknown {
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
    ...(sender === undefined ? {} : { sender }),
  }
}

async function responseOf(front: FrontContext, answer: RouteAnswer, asked: Headers): Promise<Response> {
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

/** The text of an answer without what is secret, and its type; undefined where it has none. */
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

function failed(front: FrontContext, context: Context, error: unknown): Response {
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

/** A browser that shows what it gets, and no program. */
function isForPerson({ req }: Context): boolean {
  return !req.path.startsWith('/api/') && (req.header('accept') ?? '').includes('text/html')
}

/** Who is not logged in is sent to the login, everybody else is shown what happened. */
function problemForPerson(front: FrontContext, document: z.output<typeof problemDocument>): Response {
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
      ...(mend === undefined ? {} : { hint: mend }),
    })),
  })
  const { html = '' } = pageAnswer(front, content)
  return new Response(front.scrub(html), { status, headers: { 'content-type': 'text/html; charset=utf-8' } })
}

function notAllowed(allowed: readonly string[]): RequestRefusal {
  return new RequestRefusal(
    { kind: 'method-not-allowed', message: `only ${allowed.join(' and ')} is understood here` },
    { allow: allowed.includes('GET') ? ['HEAD', ...allowed].join(', ') : allowed.join(', ') },
  )
}

/** A path of OpenAPI as the router writes it. */
function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\+\}/g, ':$1{.+}').replaceAll(/\{(\w+)\}/g, ':$1')
}

/** What is shorter is sent as it is, in bytes. */
const SHORT = 1024

const compress = promisify(gzip)

/** A text as it is sent: its bytes, and the header fields that say how they are coded. */
interface EncodedBody {
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Codes a text for whoever takes gzip (RFC 9110, section 8.4.1). A page of another site has nothing compressed: by the length of what it
 * makes a browser ask for it could guess what is beside it (the BREACH attack).
 */
export async function coded(text: string, asked: Pick<Headers, 'get'>): Promise<EncodedBody> {
  if (Buffer.byteLength(text) <= SHORT) return { body: text, headers: {} }
  const vary = { vary: 'accept-encoding, sec-fetch-site' }
  if (!takesGzip(asked) || !isOwn(asked)) return { body: text, headers: vary }
  return { body: new Uint8Array(await compress(text)), headers: { ...vary, 'content-encoding': 'gzip' } }
}

function takesGzip(asked: Pick<Headers, 'get'>): boolean {
  return (asked.get('accept-encoding') ?? '')
    .split(',')
    .some((coding) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding))
}

/** A page of this server, a person who has typed its address, or a program. */
function isOwn(asked: Pick<Headers, 'get'>): boolean {
  const site = asked.get('sec-fetch-site')
  return site === 'same-origin' || site === 'none' || (site === null && asked.get('cookie') === null)
}
