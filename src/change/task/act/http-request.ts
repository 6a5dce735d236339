import { z } from 'zod'
import { canonicalJson, sha256 } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import { HTTP_METHODS, type HttpAnswer, type HttpRequest, isSafeMethod } from '../../../model/http-port.ts'
import { givenJson, isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { TASK_TOKEN, taskTokenDigest } from '../../../model/task-token.ts'
import type { TaskContext } from './context.ts'

const NAMES = ['string', 'number', 'integer', 'boolean', 'null', 'object', 'array'] as const
const size = z.int().min(0)

type JsonType = (typeof NAMES)[number]

/**
 * The form of a JSON value in a part of JSON Schema (draft 2020-12) that is judged in time linear in the value: no
 * `pattern`, no references, no combinators. Any other keyword is refused, never ignored.
 */
export const JsonShape = z.strictObject({
  $schema: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  type: z.union([z.enum(NAMES), z.array(z.enum(NAMES)).min(1)]).optional(),
  enum: z.array(z.json()).min(1).optional(),
  const: z.json().optional(),
  get properties() {
    return z.record(z.string(), JsonShape).optional()
  },
  required: z.array(z.string()).optional(),
  additionalProperties: z.boolean().optional(),
  get items() {
    return JsonShape.optional()
  },
  minItems: size.optional(),
  maxItems: size.optional(),
  minLength: size.optional(),
  maxLength: size.optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
})

type JsonShapeNode = z.output<typeof JsonShape>

const MOST_FAULTS = 5

/** What a value has against its shape, each fault with its place (`body.items[2].id`). Values are never repeated: they may be confidential. */
export function shapeFaults(shape: JsonShapeNode, value: Json, place: string): readonly string[] {
  const faults: string[] = []
  judge(shape, value, place, faults)
  return faults.slice(0, MOST_FAULTS)
}

function judge(shape: JsonShapeNode, value: Json, place: string, faults: string[]) {
  const types = shape.type === undefined ? [] : [shape.type].flat()
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    faults.push(`${place} must be ${types.join(' or ')}, and is ${typeName(value)}`)
    return
  }
  const choices = shape.const === undefined ? shape.enum : [shape.const]
  if (choices?.some((choice) => isSame(choice, value)) === false) {
    faults.push(`${place} must be ${choices.map((choice) => JSON.stringify(choice)).join(' or ')}`)
  }
  if (typeof value === 'string')
    judgeExtent([...value].length, 'characters', shape.minLength, shape.maxLength, place, faults)
  else if (typeof value === 'number') judgeExtent(value, '', shape.minimum, shape.maximum, place, faults)
  else if (isJsonObject(value)) judgeMembers(shape, value, place, faults)
  else if (Array.isArray(value)) judgeItems(shape, value, place, faults)
}

function judgeMembers(shape: JsonShapeNode, value: JsonObject, place: string, faults: string[]) {
  const properties = shape.properties ?? {}
  for (const name of shape.required ?? []) {
    if (!Object.hasOwn(value, name)) faults.push(`${place}.${name} is missing`)
  }
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (known !== undefined) judge(known, member, `${place}.${name}`, faults)
    else if (shape.additionalProperties === false) faults.push(`${place} has a member that is not in the schema`)
  }
}

function judgeItems(shape: JsonShapeNode, value: readonly Json[], place: string, faults: string[]) {
  judgeExtent(value.length, 'items', shape.minItems, shape.maxItems, place, faults)
  const { items } = shape
  if (items === undefined) return
  for (const [index, item] of value.entries()) judge(items, item, `${place}[${index}]`, faults)
}

function judgeExtent(
  actual: number,
  unit: string,
  least: number | undefined,
  most: number | undefined,
  place: string,
  faults: string[],
) {
  const demand = unit === '' ? 'be' : 'have'
  const counted = unit === '' ? '' : ` ${unit}`
  if (least !== undefined && actual < least) faults.push(`${place} must ${demand} at least ${least}${counted}`)
  if (most !== undefined && actual > most) faults.push(`${place} must ${demand} at most ${most}${counted}`)
}

function isOfType(value: Json, type: JsonType) {
  return type === 'integer' ? Number.isInteger(value) : typeName(value) === type
}

function typeName(value: Json): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'string' | 'number' | 'boolean' | 'object'
}

function isSame(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, at) => isSame(item, b[at] ?? null))
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name] ?? null, b[name] ?? null))
  )
}

// A reference to a secret, wherever it stands in a text.
const REFERENCE = /\$\{(?:env|file|vault|exec):/

// A field name of HTTP (RFC 9110, section 5.6.2).
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const FIELD_VALUE = /^[\t\x20-\x7e]*$/

// Headers that say where a message ends, who asks and for whom: eosflow's own, never a workflow's.
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-digest',
  'content-length',
  'eosflow-execution',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'signature',
  'signature-input',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
])

const REDIRECTS: ReadonlySet<number> = new Set([300, 301, 302, 303, 305, 306, 307, 308])

const scalar = z.union([z.string(), z.number(), z.boolean()])

const headers = z.record(z.string(), z.string().max(8192)).superRefine((given, { addIssue }) => {
  const names = Object.keys(given).map((name) => name.toLowerCase())
  for (const [name, value] of Object.entries(given)) {
    const fault = headerFault(name, value, names)
    if (fault !== undefined) addIssue({ code: 'custom', message: fault, path: [name] })
  }
})

const url = z
  .string()
  .max(8192)
  .superRefine((given, { addIssue }) => {
    const fault = urlFault(given)
    if (fault !== undefined) addIssue({ code: 'custom', message: fault })
  })

const query = z.record(z.string(), z.union([scalar, z.array(scalar)])).superRefine((given, { addIssue }) => {
  if (REFERENCE.test(JSON.stringify(given))) addIssue({ code: 'custom', message: SECRET_IN_URL })
})

const SECRET_IN_URL = 'a secret may only be used in a header: addresses are logged everywhere'

/** The arguments of the `http` task. */
export const HttpInput = z
  .strictObject({
    method: z.enum(HTTP_METHODS).describe('GET and HEAD read; every other method writes.'),
    url: url.describe('http:// or https://, of a host that the operator allows in eosflow.yaml.'),
    query: query.default({}).describe('Added to the query of the url.'),
    headers: headers
      .default({})
      .describe('By name; a value may hold a reference to a secret, which is put in when it is sent.'),
    body: z.json().optional().describe('Sent as JSON.'),
    expect: z
      .strictObject({
        status: z
          .array(
            z
              .int()
              .min(200)
              .max(599)
              .refine((status) => !REDIRECTS.has(status), 'redirects are not followed'),
          )
          .min(1)
          .optional()
          .describe('The status codes that are a success; 200 to 299 without it.'),
        schema: JsonShape.optional().describe('The form that the JSON body must have, in a part of JSON Schema.'),
      })
      .default({}),
    timeoutSeconds: z.int().min(1).max(300).default(30).describe('How long the answer may take.'),
    repeatable: z
      .boolean()
      .default(false)
      .describe('Whether the service does a request with the same idempotency-key once, however often it comes.'),
  })
  .superRefine(({ method, body, expect }, { addIssue }) => {
    if (isSafeMethod(method) && body !== undefined) {
      addIssue({ code: 'custom', message: `a ${method} has no body; use query`, path: ['body'] })
    }
    if (method === 'HEAD' && expect.schema !== undefined) {
      addIssue({ code: 'custom', message: 'the answer to HEAD has no body', path: ['expect', 'schema'] })
    }
  })

type HttpArguments = z.output<typeof HttpInput>

function headerFault(name: string, value: string, names: readonly string[]) {
  if (!FIELD_NAME.test(name)) return 'this is no name of a header'
  const lower = name.toLowerCase()
  if (OWN_HEADERS.has(lower)) return `${lower} is set by eosflow`
  if (names.indexOf(lower) !== names.lastIndexOf(lower)) return `${lower} is there twice`
  return FIELD_VALUE.test(value) ? undefined : 'a header holds printable ASCII characters only'
}

function urlFault(text: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return 'this is no http:// or https:// address'
  // The parser would drop or turn these, and a person would read another address than the one that is asked.
  if (/[\s\\\p{Cc}]/u.test(text)) return 'an address holds no blanks, control characters or backslashes'
  const { username, password, hash } = new URL(text)
  if (username !== '' || password !== '') return 'an address holds no user and no password: use a header'
  if (hash !== '') return 'an address ends before its #: that part is never sent'
  return REFERENCE.test(decoded(text)) ? SECRET_IN_URL : undefined
}

function decoded(text: string) {
  return text.replaceAll(/%24/g, '$').replaceAll(/%7b/gi, '{').replaceAll(/%3a/gi, ':')
}

// The number of hex digits of an idempotency key: services take 64 characters and more.
const KEY_DIGITS = 40

/** The task token takes the place of its stand-in here, and nowhere before. */
export function httpRequest({
  execution,
  call,
  input,
  token,
}: Pick<TaskContext<HttpArguments>, 'execution' | 'call' | 'input' | 'token'>): HttpRequest {
  const { method, timeoutSeconds } = input
  const url = addressOf(input)
  const body = input.body === undefined ? undefined : JSON.stringify(input.body)
  const headers = headersOf(input, body !== undefined)
  const handsOut = token !== undefined && `${url.href}${body}${JSON.stringify(headers)}`.includes(TASK_TOKEN)
  const told = (text: string) => (token === undefined ? text : text.replaceAll(TASK_TOKEN, token))
  return {
    name: nameOf(input),
    method,
    url: told(url.href),
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, told(value)])),
      'eosflow-execution': execution,
      'idempotency-key': idempotencyKey(execution, call, handsOut ? token : undefined),
    },
    ...(body === undefined ? {} : { body: told(body) }),
    milliseconds: timeoutSeconds * 1000,
  }
}

export function nameOf({ method, url }: Pick<HttpArguments, 'method' | 'url'>): string {
  const { origin, pathname } = new URL(url)
  return `${method} ${origin}${pathname}`
}

function addressOf({ url, query }: HttpArguments) {
  const address = new URL(url)
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) address.searchParams.append(name, String(value))
  }
  return address
}

function headersOf({ headers }: HttpArguments, hasBody: boolean): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  }
}

// The same for every attempt, so that a service can do the request once. A request that hands out the task token is another request with every
// attempt, because each has its own token: services refuse one key for two contents.
function idempotencyKey(execution: string, call: string, token: string | undefined) {
  const about = [execution, call, token === undefined ? null : taskTokenDigest(token)]
  return `eosflow-${sha256(canonicalJson(about)).slice('sha256:'.length, 'sha256:'.length + KEY_DIGITS)}`
}

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
