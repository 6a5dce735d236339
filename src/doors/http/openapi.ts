import { z } from 'zod'
import { definedMembers } from '../../model/defined-members.ts'
import type { Route } from './context/route.ts'
import { PROBLEM_TYPE, problemDocument } from './request/problem-document.ts'
import { LONGEST_BODY } from './request-body.ts'

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
  return [
    ...('key' in shape
      ? [header('Idempotency-Key', 'The same request with the same key gives the first execution.')]
      : []),
    ...('newest' in shape
      ? [header('If-Match', 'The ETag of the execution as it was seen: 412 when it has newer records.')]
      : []),
  ]
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
  const named = [problemDocument, ...routes.flatMap(({ output }) => (output === undefined ? [] : [output]))]
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
