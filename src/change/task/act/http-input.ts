import { z } from 'zod'
import { HTTP_METHODS, isSafeMethod } from '../../../model/http-port.ts'
import { JsonShape } from './json-shape.ts'

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

export type HttpArguments = z.output<typeof HttpInput>

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
