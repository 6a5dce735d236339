import type { z } from 'zod'
import { definedMembers } from '../../../model/json.ts'
import type { Scope } from '../../../model/principal.ts'
import type { App } from '../../../project/app/app.ts'
import type { WebFiles } from '../../../project/files/web-files.ts'
import { type PageContent, page, type Viewer } from '../../../report/page/html.ts'
import { personName } from '../../../report/phrases/person-name.ts'
import type { DriftSeen } from '../jobs/drift-seen.ts'
import type { RecordVerification } from '../jobs/record-verification.ts'
import type { AddressAllowance } from '../limits/address-allowance.ts'
import type { Allowance } from '../limits/allowance.ts'
import type { AnsweredRequest } from '../metrics/front-measures.ts'
import type { ActName } from '../request/act-input.ts'
import type { PublicAddress } from '../request/public-address.ts'
import type { RequestFault } from '../request/readable.ts'
import type { Sender } from '../request/sender.ts'
import type { OneTimeLink } from '../session/one-time-link.ts'
import type { Sessions } from '../session/sessions.ts'
import type { IdentifiedCaller } from './identified-caller.ts'
import type { LiveRecords } from './live-records.ts'
import type { Acts, Asker } from './message.ts'
import type { StreamSeats } from './stream-seats.ts'

type RouteAction = Scope | 'own' | 'anybody'

export interface RouteRequest<Input, Caller> {
  readonly caller: Caller
  readonly path: Readonly<Record<string, string>>
  readonly input: Input
  readonly headers: Pick<Headers, 'get'>
  readonly target: string
  readonly signal: AbortSignal
  readonly isForm: boolean
  readonly sender?: Sender
  bytes(): Promise<Uint8Array>
}

export interface RouteAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly jsonText?: string
  readonly html?: string
  readonly markdown?: string
  readonly text?: string
  readonly stream?: ReadableStream<Uint8Array>
}

export interface Route {
  readonly method: 'GET' | 'POST'
  /** As OpenAPI writes it: `/api/v1/executions/{id}`; `{file+}` also takes slashes. */
  readonly path: string
  readonly action: RouteAction
  readonly summary: string
  readonly input?: z.ZodObject
  readonly output?: z.ZodType
  readonly challenge?: (front: FrontContext) => Readonly<Record<string, string>>
  readonly status?: number
  readonly isOfLogin?: true
  /**
   * Whether programs send it that are known by what they send, as an identity provider is: neither where it comes from nor who asks is looked
   * at, and its body is a form, unless it takes the bytes.
   */
  readonly provesItself?: true
  /** Whether the route is given the body as it came, and reads it itself: what is signed is verified before it is read. */
  readonly takesBytes?: true
  readonly answer: (
    front: FrontContext,
    request: RouteRequest<never, IdentifiedCaller>,
  ) => Promise<RouteAnswer> | RouteAnswer
}

type Place = 'method' | 'path' | 'action' | 'summary'

interface RouteOf<Input extends z.ZodObject, Caller> extends Omit<Route, Place | 'answer' | 'input'> {
  readonly input?: Input
  answer(front: FrontContext, request: RouteRequest<z.output<Input>, Caller>): Promise<RouteAnswer> | RouteAnswer
}

/** A route by its method and path, what the policy is asked for, and what it is for. */
export function defineRoute<Input extends z.ZodObject = z.ZodObject, Caller = IdentifiedCaller>(
  at: `${Route['method']} ${string}`,
  action: RouteAction,
  summary: string,
  route: RouteOf<Input, Caller>,
): Route {
  const [method, path] = at.split(' ')
  return { method, path, action, summary, ...route } as unknown as Route
}

export function seeOther(location: string, cookie?: string): RouteAnswer {
  return { status: 303, headers: cookie === undefined ? { location } : { location, 'set-cookie': cookie } }
}

/** The same for whoever asks. */
export function defineOpenRoute<Input extends z.ZodObject = z.ZodObject>(
  at: `${Route['method']} ${string}`,
  summary: string,
  route: RouteOf<Input, IdentifiedCaller | undefined>,
): Route {
  return defineRoute(at, 'anybody', summary, route)
}

export function askerOf({ principal, token }: IdentifiedCaller, headers?: Pick<Headers, 'get'>): Asker {
  return { principal, ...definedMembers({ token }), ...traceOf(headers) }
}

/** The trace that a request says it is in (W3C Trace Context); whether it can be read is found out where it is used. */
export function traceOf(headers: Pick<Headers, 'get'> | undefined): Pick<Asker, 'trace'> {
  const trace = headers?.get('traceparent') ?? undefined
  return trace === undefined || trace.length > LONGEST_TRACE ? {} : { trace }
}

// A `traceparent` has 55 characters; one of a later version may have more.
const LONGEST_TRACE = 200

export function traceHeader(trace: string | undefined): Readonly<Record<string, string>> {
  return trace === undefined ? {} : { traceparent: trace }
}

export interface FrontContext {
  readonly app: App
  readonly acts: Acts
  readonly address: PublicAddress
  readonly sessions: Sessions
  readonly allowance: Allowance
  readonly streams: StreamSeats
  readonly strangers: AddressAllowance
  readonly senders: AddressAllowance
  /** How the local user logs in; absent where the settings name identity providers. */
  readonly link?: OneTimeLink
  /** Throws `not-authorised`, `unreachable`. */
  whoIs(token: string): Promise<IdentifiedCaller>
  readonly live: LiveRecords
  readonly drift: DriftSeen
  readonly verification: RecordVerification
  readonly web: WebFiles
  answered?(request: AnsweredRequest): void
  readonly ending: AbortSignal
  /** What a command would end with after a failure; undefined for what only a server refuses. */
  exitCodeOf(kind: RequestFault['kind']): number | undefined
  scrub(text: string): string
  failed(what: string, error: unknown): void
}

interface PageOf<Input extends z.ZodObject> {
  readonly input?: Input
  show(
    front: FrontContext,
    request: RouteRequest<z.output<Input>, IdentifiedCaller>,
  ): Promise<PageContent> | PageContent
}

export function definePage<Input extends z.ZodObject = z.ZodObject>(
  path: string,
  action: Exclude<RouteAction, 'anybody'>,
  summary: string,
  { show, ...route }: PageOf<Input>,
): Route {
  return defineRoute<Input>(`GET ${path}`, action, summary, {
    ...route,
    answer: async (front, request) => pageAnswer(front, await show(front, request), request.caller),
  })
}

interface FormOf {
  readonly input?: z.ZodObject
  // What is asked for with what the form has; default: all of it.
  readonly asks?: (input: object) => object
  // Where it leads; default: to the execution that the answer names.
  readonly to?: (path: Readonly<Record<string, string>>) => string
}

/** What the form of a page posts: it asks for one act, with what the form and its path say. */
export function defineForm(
  act: ActName,
  path: string,
  action: RouteAction,
  summary: string,
  { asks = (input) => input, to, ...route }: FormOf = {},
): Route {
  return defineRoute(`POST ${path}`, action, summary, {
    ...route,
    answer: async ({ acts }, { caller, input, path: named }) => {
      const value = await acts.ask(act, askerOf(caller), { ...asks(input), ...named })
      return seeOther(to?.(named) ?? `/executions/${(value as { execution: string }).execution}`)
    },
  })
}

export function pageAnswer(
  front: FrontContext,
  content: PageContent,
  caller?: IdentifiedCaller,
  status = 200,
): RouteAnswer {
  const { style, script } = front.web
  const me = caller === undefined ? {} : { me: viewerOf(front, caller) }
  return { status, html: page({ ...content, ...me, assets: { style, script }, now: front.app.clock.now() }) }
}

function viewerOf({ app }: FrontContext, caller: IdentifiedCaller): Viewer {
  const hasSchedules = app.project.settings.schedules.length > 0
  return { name: personName(caller.principal), csrf: tokenOf(caller), ...(hasSchedules ? { hasSchedules } : {}) }
}

export function tokenOf({ session }: IdentifiedCaller): string {
  return session?.token ?? ''
}
