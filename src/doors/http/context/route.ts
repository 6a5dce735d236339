import type { z } from 'zod'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Scope } from '../../../model/principal.ts'
import type { Sender } from '../request/sender.ts'
import type { FrontContext } from './front-context.ts'
import type { IdentifiedCaller } from './identified-caller.ts'
import type { Asker } from './message.ts'

export type RouteAction = Scope | 'own' | 'anybody'

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

export interface RouteOf<Input extends z.ZodObject> extends Omit<Route, 'answer' | 'input'> {
  readonly input?: Input
  answer(
    front: FrontContext,
    request: RouteRequest<z.output<Input>, IdentifiedCaller>,
  ): Promise<RouteAnswer> | RouteAnswer
}

export function defineRoute<Input extends z.ZodObject = z.ZodObject>(route: RouteOf<Input>): Route {
  return route as unknown as Route
}

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
