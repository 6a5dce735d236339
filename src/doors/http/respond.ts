import type { Json } from '../../model/json.ts'
import { orProblems } from '../../project/system/process/input-error.ts'
import { locatedNowhere } from '../../text/source/located.ts'
import { parseWith } from '../../text/source/parse-with.ts'
import type { FrontContext } from './context/front-context.ts'
import type { Route, RouteAnswer } from './context/route.ts'
import { callerOf, requireFormToken, requireKnown } from './credentials.ts'
import { mayBegin, type RequestEffect } from './limits/allowance.ts'
import { isOfProgram, isSafe, requireOwnPage } from './origin-rule.ts'
import { type RequestFault, RequestRefusal } from './request/fault.ts'
import type { Sender } from './request/sender.ts'
import { type RequestBody, readBody } from './request-body.ts'

/** A request for a route, before anything is known of it. */
export interface IncomingRequest {
  readonly method: string
  /** The path and the query. */
  readonly target: string
  readonly headers: Pick<Headers, 'get'>
  readonly path: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Absent where there is no network. */
  readonly sender?: Sender
  body(): Promise<string>
  bytes(): Promise<Uint8Array>
}

/**
 * Answers a request for a route, or throws why not: first where it comes from, then who asks, then what is asked. So nobody who is not
 * known has anything read of what they send.
 */
export async function respond(front: FrontContext, route: Route, incoming: IncomingRequest): Promise<RouteAnswer> {
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
  const answer = async (): Promise<RouteAnswer> =>
    route.answer(front, {
      caller: caller as never,
      path,
      input: input as never,
      headers,
      target,
      signal,
      isForm: body.isForm,
      ...(incoming.sender === undefined ? {} : { sender: incoming.sender }),
      bytes: () => incoming.bytes(),
    })
  if (caller === undefined || !mayBegin(route)) return answer()
  return front.allowance.begin(caller.principal, answer, begunBy)
}

/** What an answer says to have begun: an execution is on record, a rehearsal is not. */
function begunBy({ json }: RouteAnswer): RequestEffect {
  const { known, execution } = (json ?? {}) as { readonly known?: boolean; readonly execution?: string }
  if (known === true) return 'nothing'
  return execution === undefined ? 'beside' : 'on record'
}

/** The body of a route that reads it itself. */
const UNREAD: RequestBody = { value: {}, isForm: false }

function inputOf({ input }: Route, { value }: RequestBody, path: Readonly<Record<string, string>>): unknown {
  if (input === undefined) {
    if (Object.keys(value as object).length === 0) return {}
    throw new RequestRefusal({ kind: 'input', message: 'this takes nothing beside its path' })
  }
  const said = value as Readonly<Record<string, unknown>>
  // What the path says need not be said again; whoever says something else there means another thing than is looked at.
  const own = Object.keys(path).filter((name) => name in input.shape)
  const other = own.find((name) => said[name] !== undefined && said[name] !== path[name])
  if (other !== undefined) throw new RequestRefusal(otherThanPath(other))
  const given = { ...said, ...Object.fromEntries(own.map((name) => [name, path[name]])) }
  return orProblems(parseWith(input, locatedNowhere(given as Json, 'request')))
}

function otherThanPath(name: string): RequestFault {
  return {
    kind: 'other-than-path',
    message: `the request names another ${name} than its path: nothing was done`,
    hint: `Leave ${name} out of the request, or ask the path of the one that is meant.`,
  }
}

function queryOf(target: string): RequestBody {
  const { searchParams } = new URL(target, 'http://localhost')
  return { value: Object.fromEntries(searchParams), isForm: false }
}
