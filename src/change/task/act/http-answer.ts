import { EosflowError } from '../../../model/error.ts'
import { type HttpAnswer, isSafeMethod } from '../../../model/http-port.ts'
import { givenJson, isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { TASK_TOKEN } from '../../../model/task-token.ts'
import type { TaskContext } from './context.ts'
import type { HttpArguments } from './http-input.ts'
import { nameOf } from './http-request.ts'
import { shapeFaults } from './json-shape.ts'

const KEPT_HEADERS = ['content-type', 'etag', 'last-modified', 'location', 'retry-after', 'x-request-id'] as const

// A body that is longer, in bytes of JSON, is kept beside the journal.
const LONGEST_INLINE = 65_536
const DEEPEST = 64
const NAME = /blob:[0-9a-f]{64}/
const LONE_SURROGATE = /[\ud800-\udfff]/gu
const LONGEST_CAUSE = 2000
const LONGEST_EXCERPT = 200

// Statuses that say themselves that nothing was done, and that asking again may help (RFC 9110, 8470, 6585).
const TRY_LATER: ReadonlySet<number> = new Set([408, 425, 429])

type Context = Pick<TaskContext<HttpArguments>, 'input' | 'token' | 'texts' | 'http'>

/** What a state makes of an answer: `{ status, headers, body }`, without any secret or task token that the service has repeated. A long body is `{ artefact: 'blob:…' }`. */
export async function judgedAnswer(context: Context, answer: HttpAnswer): Promise<JsonObject> {
  const { expect } = context.input
  const { status, headers } = answer
  const isExpected = expect.status === undefined ? status >= 200 && status < 300 : expect.status.includes(status)
  if (!isExpected) throw statusFailure(context, answer)
  const body = bodyOf(context, answer)
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, safeText(context, value)] as const]
  })
  return { status, headers: Object.fromEntries(kept), body: await storedIfLong(context, body) }
}

function statusFailure(context: Context, { status, headers, body }: HttpAnswer) {
  const { method } = context.input
  const said = safeText(context, new TextDecoder().decode(body))
  const isUnknown = status >= 500 && !isSafeMethod(method)
  const kind = isUnknown ? 'lost-answer' : status === 401 || status === 403 ? 'unauthenticated' : 'refused'
  return new EosflowError(kind, `${nameOf(context.input)}: ${spoken(context, status, headers, said)}`, {
    retryable: TRY_LATER.has(status) || (status >= 500 && isSafeMethod(method)),
    hint: hintOf(status, isUnknown),
    fault: {
      name: `States.Http.StatusCode.${status}`,
      cause: JSON.stringify({ StatusCode: status, ResponseBody: said.slice(0, LONGEST_CAUSE) }),
    },
  })
}

function spoken(context: Context, status: number, headers: HttpAnswer['headers'], said: string) {
  if (status >= 300 && status < 400) {
    return `the answer is ${status}, to ${targetOf(context, headers.location)}; redirects are not followed`
  }
  const excerpt = said.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  const cut = excerpt.length > LONGEST_EXCERPT ? `${excerpt.slice(0, LONGEST_EXCERPT)}…` : excerpt
  return cut === '' ? `the answer is ${status}` : `the answer is ${status}: ${cut}`
}

function targetOf(context: Context, location: string | undefined) {
  if (location === undefined || !URL.canParse(location, context.input.url)) return 'nowhere that can be read'
  const { origin, pathname } = new URL(location, context.input.url)
  return safeText(context, `${origin}${pathname}`).slice(0, LONGEST_EXCERPT)
}

function hintOf(status: number, isUnknown: boolean): string {
  if (isUnknown) return 'Whether the service did it is unknown: ask the service before it is sent again.'
  if (status >= 300 && status < 400) return 'Write the address that the service means, if its host is an allowed one.'
  if (status === 401 || status === 403) return 'Check the credentials in the headers of this state.'
  return 'If this status is a success here, list it under expect: status.'
}

function bodyOf(context: Context, { headers, body }: HttpAnswer): Json {
  const { expect, method } = context.input
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (body.length === 0 && expect.schema === undefined) return null
  if (expect.schema === undefined && !isJsonType(type)) return safeText(context, textOf(context, type, body))
  const value = parsed(context, body)
  const faults = expect.schema === undefined ? [] : shapeFaults(expect.schema, value, 'body')
  if (faults.length > 0) throw badAnswer(context, `the answer to ${method} has another form: ${faults.join('; ')}`)
  return safeJson(context, value, 0)
}

const isJsonType = (type: string) => /^application\/(?:[\w.+-]+\+)?json$/.test(type)

const isTextType = (type: string) =>
  type === '' || /^(?:text\/.+|application\/(?:(?:[\w.+-]+\+)?(?:xml|yaml)|x-www-form-urlencoded))$/.test(type)

function textOf(context: Context, type: string, body: Uint8Array) {
  if (!isTextType(type)) throw badAnswer(context, `the answer is ${type}, neither JSON nor text`)
  return new TextDecoder().decode(body)
}

function parsed(context: Context, body: Uint8Array) {
  try {
    return givenJson(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    // What the parser says quotes the text, which may be confidential.
    throw badAnswer(context, 'the answer is not JSON')
  }
}

function safeJson(context: Context, value: Json, depth: number): Json {
  if (depth > DEEPEST) throw badAnswer(context, `the answer is nested more than ${DEEPEST} levels deep`)
  if (typeof value === 'string') return safeText(context, value)
  if (typeof value === 'number' && !Number.isFinite(value))
    throw badAnswer(context, 'the answer holds a number that is too large')
  if (Array.isArray(value)) return value.map((item: Json) => safeJson(context, item, depth + 1))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [safeText(context, name), safeJson(context, member, depth + 1)]),
  )
}

function safeText({ http, token }: Context, text: string) {
  const whole = text.replaceAll(LONE_SURROGATE, '\ufffd')
  return http.scrub(token === undefined ? whole : whole.replaceAll(token, TASK_TOKEN))
}

async function storedIfLong({ texts }: Context, body: Json) {
  const text = JSON.stringify(body)
  if (Buffer.byteLength(text) <= LONGEST_INLINE && !NAME.test(text)) return body
  return { artefact: await texts.put(typeof body === 'string' ? body : text) }
}

function badAnswer({ input }: Context, reason: string) {
  return new EosflowError('protocol', `${nameOf(input)}: ${reason}`, {
    hint: isSafeMethod(input.method)
      ? 'Compare what the service answers with expect: in this state.'
      : 'The service has answered, so the request may have been done: look there before it is sent again.',
  })
}
