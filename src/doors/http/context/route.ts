import type { z } from 'zod'
import type { Scope } from '../../../model/principal.ts'
import type { Sender } from '../request/sender.ts'
import type { FrontContext } from './front-context.ts'
import type { IdentifiedCaller } from './identified-caller.ts'
import type { Asker } from './message.ts'

/** Who may ask for a route: whoever the policy lets do an action, anybody who is known for what is their own, or anybody at all. */
export type RouteAction = Scope | 'own' | 'anybody'

/** A request as a route sees it. */
export interface RouteRequest<Input, Caller> {
  readonly caller: Caller
  /** The parts of the path by their names. */
  readonly path: Readonly<Record<string, string>>
  /** The query of a safe request, the body of any other; judged by the schema of the route. */
  readonly input: Input
  readonly headers: Pick<Headers, 'get'>
  /** The path and the query, as they were asked for. */
  readonly target: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** Whether a form of a page has asked: it is sent to a page, and a program is given a document. */
  readonly isForm: boolean
  /** Absent where there is no network. */
  readonly sender?: Sender
  /** The body as it came, of a route that takes it so. */
  bytes(): Promise<Uint8Array>
}

/** What a route gives. */
export interface RouteAnswer {
  /** Default: 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A document that is given as JSON. */
  readonly json?: unknown
  /** A document that is JSON already. */
  readonly jsonText?: string
  readonly html?: string
  /** A document as Markdown. */
  readonly markdown?: string
  /** A text that holds nothing of the project. */
  readonly text?: string
  readonly stream?: ReadableStream<Uint8Array>
}

/** One route of the server. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** As OpenAPI writes it: `/api/v1/executions/{id}`; `{file+}` also takes slashes. */
  readonly path: string
  /** What the policy is asked about it. */
  readonly action: RouteAction
  /** One line for people who write clients. */
  readonly summary: string
  /** Of the query of a GET, of the body of a POST. Absent: there is none. */
  readonly input?: z.ZodObject
  /** What it answers; absent for pages and streams. */
  readonly output?: z.ZodType
  /** Of a route where only a token counts: the header fields of a refusal of whoever has none. */
  readonly challenge?: (front: FrontContext) => Readonly<Record<string, string>>
  /** The status of its answer where that is not 200. */
  readonly status?: number
  /** Whether a login needs it, of somebody who is not known yet: each address may ask for it only so often. */
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

/** A route as it is written: its input is of the type that its schema gives. */
export interface RouteOf<Input extends z.ZodObject> extends Omit<Route, 'answer' | 'input'> {
  readonly input?: Input
  answer(
    front: FrontContext,
    request: RouteRequest<z.output<Input>, IdentifiedCaller>,
  ): Promise<RouteAnswer> | RouteAnswer
}

/** A route that only somebody who is known may ask for. */
export function defineRoute<Input extends z.ZodObject = z.ZodObject>(route: RouteOf<Input>): Route {
  return route as unknown as Route
}

/** A route that anybody may ask for, also somebody who is not known. */
export function defineOpenRoute<Input extends z.ZodObject = z.ZodObject>(
  route: Omit<RouteOf<Input>, 'answer' | 'action'> & {
    answer(
      front: FrontContext,
      request: RouteRequest<z.output<Input>, IdentifiedCaller | undefined>,
    ): Promise<RouteAnswer> | RouteAnswer
  },
): Route {
  return { ...route, action: 'anybody' } as unknown as Route
}

/** Who asks for an act, as the main thread takes it, and the trace that the request is in. */
export function askerOf({ principal, token }: IdentifiedCaller, headers?: Pick<Headers, 'get'>): Asker {
  return { principal, ...(token === undefined ? {} : { token }), ...traceOf(headers) }
}

/** The trace that a request says it is in (W3C Trace Context); whether it can be read is found out where it is used. */
export function traceOf(headers: Pick<Headers, 'get'> | undefined): Pick<Asker, 'trace'> {
  const trace = headers?.get('traceparent') ?? undefined
  return trace === undefined || trace.length > LONGEST_TRACE ? {} : { trace }
}

/** A `traceparent` has 55 characters; one of a later version may have more. */
const LONGEST_TRACE = 200

/** The header field that says which span has been begun for a request, where one has. */
export function traceHeader(trace: string | undefined): Readonly<Record<string, string>> {
  return trace === undefined ? {} : { traceparent: trace }
}
