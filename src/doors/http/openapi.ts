import { z } from 'zod'
import { EosflowError } from '../../model/error.ts'
import { DuplicateMember, definedItems, definedMembers, givenJson } from '../../model/json.ts'
import type { IdentifiedCaller } from './context/identified-caller.ts'
import type { FrontContext, Route } from './context/route.ts'
import { PROBLEM_TYPE, problemDocument, refusalOf } from './request/readable.ts'
import { sessionIdIn } from './session/sessions.ts'

interface ServerDescription {
  readonly version: string
  readonly server: string
}

/** The routes for programs as an OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.1), from the schemas that judge and make what goes over the wire. */
export function openApiDocument(routes: readonly Route[], { version, server }: ServerDescription): object {
  const described = routes.filter(({ path, output }) => path.startsWith('/api/') || output !== undefined)
  const schemas = componentsOf(described)
  const paths = new Map<string, Record<string, unknown>>()
  for (const route of described) {
    const path = route.path.replace('+}', '}')
    paths.set(path, { ...paths.get(path), [route.method.toLowerCase()]: operationOf(route) })
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'eosflow',
      version,
      description: `Plans, approves, runs and watches changes of Arista EOS switches. Every act is decided by the policy of the project. A body has at most ${LONGEST_BODY} bytes. Clients ignore members that they do not know.`,
    },
    servers: [{ url: server }],
    security: [{ token: [] }, { session: [] }],
    paths: Object.fromEntries(paths),
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of an identity provider of the settings.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-eosflow',
          description:
            'Of a browser that has logged in at /login. What changes something also has the header fields Origin with the address of this server, `Sec-Fetch-Site: same-origin`, and `X-Eosflow-Token` with the token that GET /api/v1/me gives.',
        },
      },
    },
  }
}

function operationOf({
  method,
  path,
  action,
  summary,
  input,
  output,
  status = 200,
  provesItself,
  takesBytes,
}: Route): object {
  const inPath = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => name)
  const fields = input === undefined ? [] : Object.entries(input.shape).filter(([name]) => !inPath.includes(name))
  const parameters = [
    ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(method === 'GET' ? fields.map(([name, schema]) => queryParameter(name, schema)) : []),
    ...(method === 'POST' && input !== undefined ? headersFor(input) : []),
  ]
  const body =
    method === 'POST' && fields.length > 0
      ? { requestBody: bodyOf(Object.fromEntries(fields), provesItself === true ? FORM : 'application/json') }
      : takesBytes === true
        ? { requestBody: { required: true, content: { 'application/json': { schema: {} } } } }
        : {}
  const answer = output === undefined ? streamAnswer(path) : { description: 'Done', content: jsonContent(output) }
  return {
    operationId: operationId(method, path),
    summary,
    'x-eosflow-action': action,
    ...(action === 'anybody' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...body,
    responses: {
      [status]: answer,
      default: { description: 'Why not (RFC 9457)', content: { [PROBLEM_TYPE]: { schema: refTo('Problem') } } },
    },
  }
}

const TYPES = { '/stream': 'text/event-stream', '.md': 'text/markdown' } as const

function streamAnswer(path: string) {
  const type = Object.entries(TYPES).find(([end]) => path.endsWith(end))?.[1] ?? 'application/json'
  return { description: path.endsWith('/stream') ? STREAM : 'Done', content: { [type]: { schema: {} } } }
}

const STREAM = [
  'Server-sent events; the data of each is JSON.',
  '`view`: first the whole ExecutionView, then those members that have changed, with its `id`.',
  '`record`: a record as GET /api/v1/executions/{id}/events has it; the id of the event is where to come back.',
  '`pulse`: what a verification has said that is not on record. `region`: a part of a page, to pages alone.',
  '`overview`: something has come onto the record. `resync`: too much was missed, load again. `bye`: why the stream ends.',
].join(' ')

function queryParameter(name: string, schema: z.core.SomeType): object {
  const { description, ...rest } = ownSchema(schema as z.ZodType)
  const required = !(schema as z.ZodType).safeParse(undefined).success
  return { name, in: 'query', required, ...definedMembers({ description }), schema: rest }
}

function headersFor({ shape }: z.ZodObject): readonly object[] {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  })
  return definedItems(
    'key' in shape && header('Idempotency-Key', 'The same request with the same key gives the first execution.'),
    'newest' in shape && header('If-Match', 'The ETag of the execution as it was seen: 412 when it has newer records.'),
  )
}

const FORM = 'application/x-www-form-urlencoded'

function bodyOf(fields: z.ZodRawShape, type: string): object {
  return { required: true, content: { [type]: { schema: ownSchema(z.strictObject(fields)) } } }
}

function jsonContent(output: z.ZodType): object {
  const { id } = output.meta() ?? {}
  return { 'application/json': { schema: id === undefined ? answerSchema(output) : refTo(String(id)) } }
}

function answerSchema(output: z.ZodType): object {
  return JSON.parse(
    JSON.stringify(ownSchema(output), (name, value) =>
      name === 'additionalProperties' && value === false ? {} : value,
    ),
  )
}

function componentsOf(routes: readonly Route[]): Record<string, object> {
  const named = [problemDocument, ...routes.flatMap(({ output }) => output ?? [])]
  return Object.fromEntries(
    named.flatMap((schema) => {
      const { id } = schema.meta() ?? {}
      return id === undefined ? [] : [[String(id), answerSchema(schema)]]
    }),
  )
}

function ownSchema(schema: z.ZodType): { readonly description?: string } {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ jsonSchema }) => {
      // The format says it; the pattern that goes with it has 300 characters.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
      // Here it says that this process does not write to it; in OpenAPI, that a request must not have it.
      delete jsonSchema.readOnly
    },
  })
  // One that has an id comes as a reference to itself.
  const [own = made] = Object.values(made.$defs ?? {})
  const { $schema: _schema, $defs: _defs, id: _id, ...rest } = own as typeof made
  return rest
}

function refTo(name: string): object {
  return { $ref: `#/components/schemas/${name}` }
}

function operationId(method: string, path: string) {
  const words = path
    .replace(/^\/api\/v1/, '')
    .split(/[/{}+.-]+/)
    .filter((word) => word !== '')
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('')
}

/**
 * Who has sent a request: a person by the cookie of a session, a program by a token; undefined for nobody. Throws for a request with both,
 * with a session that is over, and with a token that is not taken.
 */
export async function callerOf(
  front: FrontContext,
  headers: Pick<Headers, 'get'>,
): Promise<IdentifiedCaller | undefined> {
  const [cookie, authorization] = [headers.get('cookie'), headers.get('authorization')]
  const id = sessionIdIn(cookie)
  if (authorization !== null) {
    if (id !== undefined) throw loginMissing('a request has a session or a token, not both')
    return byToken(front, authorization)
  }
  if (id === undefined) return undefined
  const session = await front.sessions.find(id)
  return session === undefined ? undefined : { principal: session.principal, session }
}

async function byToken(front: FrontContext, authorization: string) {
  const [, token] = /^Bearer ([A-Za-z0-9._~+/=-]{1,16384})$/i.exec(authorization) ?? []
  if (token === undefined) throw loginMissing('a program sends `Authorization: Bearer TOKEN`')
  try {
    return await front.whoIs(token)
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'not-authorised') throw loginMissing(error.message)
    throw error
  }
}

/** Throws where that is nobody. */
export function requireKnown(caller: IdentifiedCaller | undefined): IdentifiedCaller {
  if (caller !== undefined) return caller
  throw loginMissing('nobody is logged in')
}

function loginMissing(message: string) {
  return refusalOf(
    'login-missing',
    message,
    'Log in at /login, or send a token of a provider that `identity:` in eosflow.yaml names.',
  )
}

const TOKEN_FIELD = 'csrf'
const TOKEN_HEADER = 'x-eosflow-token'

/** Requires that an unsafe request of a session holds what only the pages of that session know. */
export function requireFormToken(
  { session }: IdentifiedCaller,
  headers: Pick<Headers, 'get'>,
  field: string | undefined,
): void {
  if (session === undefined || (headers.get(TOKEN_HEADER) ?? field) === session.token) return
  throw refusalOf(
    'cross-site',
    'the token of the session is missing or is another one',
    `A page sends it as the field \`${TOKEN_FIELD}\`, a script as ${TOKEN_HEADER}; GET /api/v1/me gives it.`,
  )
}

/** The longest body that is taken, in bytes. */
export const LONGEST_BODY = 1024 * 1024

export interface RequestBody {
  readonly value: unknown
  readonly isForm: boolean
  readonly token?: string
}

/** Reads a body: JSON, or a form of a page, whose fields `params.NAME` are the parameters. Throws for anything else. */
export function readBody(contentType: string | null, text: string): RequestBody {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/x-www-form-urlencoded') return whole(formBody(text))
  if (text === '') return { value: {}, isForm: false }
  if (type !== 'application/json') {
    throw refusalOf('unsupported-media-type', 'a body is JSON or a form', 'Content-Type: application/json')
  }
  const value = jsonIn(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return whole({ value, isForm: false })
  throw refusalOf('input', 'a body is a JSON object')
}

function whole(body: RequestBody) {
  const left = [body.value]
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one !== 'object' || one === null) continue
    if (Object.hasOwn(one, '__proto__')) throw refusalOf('input', 'the key `__proto__` is not allowed')
    for (const each of Object.values(one)) if (each !== undefined) left.push(each)
  }
  return body
}

function jsonIn(text: string): unknown {
  try {
    return givenJson(text)
  } catch (error) {
    const message = error instanceof DuplicateMember ? `in the body ${error.message}` : 'the body is no JSON'
    throw refusalOf('input', message)
  }
}

function formBody(text: string): RequestBody {
  const value: [string, unknown][] = []
  const params: [string, string][] = []
  let token: string | undefined
  const named = new Set<string>()
  for (const [name, field] of new URLSearchParams(text)) {
    if (named.has(name)) throw refusalOf('input', `the form has ${name} twice`)
    named.add(name)
    if (name === TOKEN_FIELD) token = field
    else if (name.startsWith('params.')) {
      // A field that was left empty is a parameter that was not given.
      if (field !== '') params.push([name.slice('params.'.length), field])
    } else if (field !== '') value.push([name, fieldValue(field)])
  }
  const given = Object.fromEntries(params.length === 0 ? value : [...value, ['params', Object.fromEntries(params)]])
  return { value: given, isForm: true, ...definedMembers({ token }) }
}

function fieldValue(field: string): unknown {
  return field === 'true' ? true : field
}
