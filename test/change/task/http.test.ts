import { describe, expect, test } from 'vitest'
import { HttpInput, httpRequest } from '../../../src/change/task/act/http-request.ts'
import { http } from '../../../src/change/task/builtin/http.ts'
import { EosflowError, errorRecord } from '../../../src/model/error.ts'
import type { AllowedHost, HttpPort } from '../../../src/model/http-port.ts'
import type { Json } from '../../../src/model/json.ts'
import { TASK_TOKEN, taskToken } from '../../../src/model/task-token.ts'
import { allowed, ENV, going, KEY, portTo } from '../../eos/transport/http-port.ts'
import { partOf } from '../../lab/part-of.ts'
import { jsonAnswer, type Service, startService } from '../../lab/service.ts'

const REF = `\${env:CMDB_TOKEN}`
const TOKEN = taskToken('0'.repeat(64), '20261120-101500-1a2b3c4d', '/Ask/5/1')

/** The task as the engine calls it, and everything it keeps beside its output. */
function calling(given: object, more: { http?: HttpPort; token?: string; call?: string; signal?: AbortSignal } = {}) {
  const kept: string[] = []
  const input = HttpInput.parse(given)
  const context = partOf<Parameters<typeof http.run>[0]>({
    execution: '20261120-101500-1a2b3c4d',
    call: '/Ask/5',
    input,
    signal: going(),
    texts: {
      put: async (text: string) => {
        kept.push(text)
        return `blob:${kept.length}`
      },
      get: async () => '',
    },
    http: refusing,
    ...more,
  })
  return { context: context as typeof context & { input: typeof input }, kept }
}

const refusing: HttpPort = {
  send: () => Promise.reject(new Error('nothing is to be sent')),
  scrub: (text) => text,
}

const to = (service: Service, more: Partial<AllowedHost> = {}) => portTo([allowed(service.origin, more)])

async function outcome(given: object, more: Parameters<typeof calling>[1] = {}) {
  const { context, kept } = calling(given, more)
  const output = await http.run(context).catch((error: unknown) => error)
  return { output, kept }
}

async function failed(given: object, more: Parameters<typeof calling>[1] = {}) {
  const { output } = await outcome(given, more)
  expect(output).toBeInstanceOf(EosflowError)
  return output as EosflowError
}

describe('what is asked', () => {
  test('goes to the service, and the answer is the output', async () => {
    const service = await startService((_request, response) => {
      response
        .writeHead(201, {
          'content-type': 'application/json; charset=utf-8',
          location: '/t/7',
          'set-cookie': 'sid=1',
          'x-powered-by': 'x',
        })
        .end('{"id":7,"tags":["é"]}')
    })
    const { output } = await outcome(
      {
        method: 'POST',
        url: `${service.origin}/tickets?kind=change`,
        query: { dry: true, tag: ['a b', 'c&d'], n: 2 },
        headers: { 'X-Team': 'net' },
        body: { title: 'VLAN 120', at: null },
      },
      { http: to(service) },
    )
    expect(output).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json; charset=utf-8', location: '/t/7' },
      body: { id: 7, tags: ['é'] },
    })
    expect(service.seen).toHaveLength(1)
    expect(service.seen[0]).toMatchObject({
      method: 'POST',
      target: '/tickets?kind=change&dry=true&tag=a+b&tag=c%26d&n=2',
      body: '{"title":"VLAN 120","at":null}',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'x-team': 'net',
        'eosflow-execution': '20261120-101500-1a2b3c4d',
      },
    })
    expect(service.seen[0]?.headers['idempotency-key']).toMatch(/^eosflow-[0-9a-f]{40}$/)
    expect(service.seen[0]?.headers.signature).toMatch(/^eosflow=:[A-Za-z0-9+/]{43}=:$/)
  })

  test.each([
    ['another scheme', { url: 'ftp://a.example/' }, 'no http:// or https:// address'],
    ['no address', { url: '/tickets' }, 'no http:// or https:// address'],
    ['a user in it', { url: 'https://me:pass@a.example/' }, 'no user and no password'],
    ['a line break in it', { url: 'https://a.example/\nx' }, 'no blanks, control characters'],
    ['a backslash in it', { url: 'https://a.example\\@b.example/' }, 'backslashes'],
    ['a fragment', { url: 'https://a.example/#x' }, 'before its #'],
    ['a secret in it', { url: `https://a.example/?key=${REF}` }, 'a secret may only be used in a header'],
    [
      'a secret in it, encoded',
      { url: 'https://a.example/?key=%24%7Benv%3AX}' },
      'a secret may only be used in a header',
    ],
    ['a secret in the query', { query: { key: REF } }, 'a secret may only be used in a header'],
    ['a method of its own', { method: 'TRACE' }, 'Invalid option'],
    ['a body to read with', { method: 'GET', body: {} }, 'a GET has no body'],
    ['a line break in a header', { headers: { 'x-a': 'b\r\nhost: evil' } }, 'printable ASCII'],
    ['a colon in a header name', { headers: { 'x-a:': 'b' } }, 'no name of a header'],
    ['the host header', { headers: { Host: 'evil' } }, 'host is set by eosflow'],
    ['the signature', { headers: { Signature: 'x' } }, 'signature is set by eosflow'],
    ['the idempotency key', { headers: { 'Idempotency-Key': 'x' } }, 'idempotency-key is set by eosflow'],
    ['the end of the message', { headers: { 'Transfer-Encoding': 'chunked' } }, 'transfer-encoding is set by eosflow'],
    ['a header twice', { headers: { 'X-A': '1', 'x-a': '2' } }, 'x-a is there twice'],
    ['a redirect as a success', { expect: { status: [200, 302] } }, 'redirects are not followed'],
    ['a schema with a pattern', { expect: { schema: { type: 'string', pattern: '(a+)+$' } } }, 'pattern'],
    ['a schema with a reference', { expect: { schema: { $ref: 'https://x.example/' } } }, '$ref'],
    ['a schema for the answer to HEAD', { method: 'HEAD', expect: { schema: {} } }, 'has no body'],
    ['a time beyond five minutes', { timeoutSeconds: 301 }, '300'],
    ['a key that is not known', { follow: true }, 'follow'],
  ])('may not have %s', (_what, wrong, words) => {
    const parsed = HttpInput.safeParse({ method: 'POST', url: 'https://a.example/', ...wrong })
    expect(parsed.success).toBe(false)
    expect(parsed.error?.issues.map(({ message }) => message).join('\n')).toContain(words)
  })

  test('[G112] is refused before anything is sent when the settings do not allow the host', async () => {
    const service = await startService(jsonAnswer({}))
    const error = await failed(
      { method: 'GET', url: `${service.origin}/` },
      { http: portTo([allowed('https://cmdb.example.com')]) },
    )
    expect(error).toMatchObject({ kind: 'guard', fault: { name: 'States.Permissions' } })
    expect(error.message).toBe(`GET ${service.origin}/: the settings do not allow ${service.origin}; nothing was sent`)
    expect(service.connections()).toBe(0)
  })
})

describe('the idempotency key', () => {
  const keyOf = (call: string, token?: string, body: Json = {}) => {
    const { context } = calling(
      { method: 'POST', url: 'https://a.example/', body },
      { call, ...(token === undefined ? {} : { token }) },
    )
    return httpRequest(context).headers['idempotency-key'] ?? ''
  }

  test('is the same for every attempt of one visit, and another for any other call', () => {
    expect(keyOf('/Ask/5')).toBe(keyOf('/Ask/5'))
    expect(keyOf('/Ask/5')).toBe('eosflow-ab11d47eeedf1a74fbe70266e2140fcd186ffc15')
    expect(new Set([keyOf('/Ask/5'), keyOf('/Ask/9'), keyOf('/Ask/5/undo'), keyOf('Map[0]/Ask/5')]).size).toBe(4)
  })

  test('is another for every token that is handed out, for the body is another, too', () => {
    const other = taskToken('0'.repeat(64), '20261120-101500-1a2b3c4d', '/Ask/5/2')
    expect(keyOf('/Ask/5', TOKEN, { token: TASK_TOKEN })).not.toBe(keyOf('/Ask/5', other, { token: TASK_TOKEN }))
    expect(keyOf('/Ask/5', TOKEN)).toBe(keyOf('/Ask/5', other))
  })
})

describe('the task token', () => {
  test('takes the place of its placeholder on the wire only', async () => {
    const service = await startService((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', location: `/x/${TOKEN}` })
      response.end(JSON.stringify({ got: request.url, [TOKEN]: [`again ${TOKEN}`] }))
    })
    const { output, kept } = await outcome(
      {
        method: 'PUT',
        url: `${service.origin}/ask/${TASK_TOKEN}`,
        query: { back: `https://eosflow.example/?t=${TASK_TOKEN}` },
        headers: { 'x-token': TASK_TOKEN },
        body: { answer: { with: `token ${TASK_TOKEN}` } },
      },
      { http: to(service), token: TOKEN },
    )
    const [seen] = service.seen
    expect(seen?.target).toBe(`/ask/${TOKEN}?back=https%3A%2F%2Feosflow.example%2F%3Ft%3D${TOKEN}`)
    expect(seen?.headers['x-token']).toBe(TOKEN)
    expect(seen?.body).toBe(`{"answer":{"with":"token ${TOKEN}"}}`)
    expect(output).toMatchObject({ status: 200, headers: { location: `/x/${TASK_TOKEN}` } })
    expect(JSON.stringify([output, kept])).not.toContain(TOKEN)
    expect(JSON.stringify(output)).toContain(`again ${TASK_TOKEN}`)
  })

  test('is in no error', async () => {
    const service = await startService((request, response) => response.writeHead(422).end(`no: ${request.url}`))
    const error = await failed(
      { method: 'PUT', url: `${service.origin}/${TASK_TOKEN}` },
      { http: to(service), token: TOKEN },
    )
    expect(JSON.stringify([errorRecord(error), error.stack])).not.toContain(TOKEN)
    expect(error.message).toContain(TASK_TOKEN)
  })
})

describe('secrets', () => {
  const secretive = { method: 'GET', headers: { authorization: `Bearer ${REF}` } }

  test('are in no output, artefact or error, in whatever form the service repeats them', async () => {
    const service = await startService((request, response) => {
      const { authorization = '' } = request.headers
      const value = authorization.slice('Bearer '.length)
      const spelt = [...value].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
      const body = `{"plain":${JSON.stringify(authorization)},"spelt":"${spelt}","base64":"${Buffer.from(value).toString('base64')}","${value}":"${'x'.repeat(Number(request.headers['x-more']))}"}`
      response.writeHead(Number(request.headers['x-status']), { 'content-type': 'application/json' }).end(body)
    })
    const port = to(service, { secrets: [REF] })
    const cases = [
      { status: '200', more: '0' },
      { status: '200', more: '70000' },
      { status: '422', more: '0' },
      { status: '503', more: '0' },
    ]
    for (const { status, more } of cases) {
      const headers = { ...secretive.headers, 'x-status': status, 'x-more': more }
      const { output, kept } = await outcome({ ...secretive, url: `${service.origin}/`, headers }, { http: port })
      const shown = JSON.stringify([
        output instanceof EosflowError ? errorRecord(output) : output,
        kept,
        String(output),
      ])
      expect(shown).toContain('redacted')
      expect(shown).not.toContain(ENV.CMDB_TOKEN)
      expect(shown).not.toContain(Buffer.from(ENV.CMDB_TOKEN).toString('base64').slice(0, 12))
      expect(shown).not.toContain(KEY)
    }
    expect(service.seen).toHaveLength(cases.length)
  })
})

describe('the answer', () => {
  const SCHEMA = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'integer' }, state: { enum: ['new', 'done'] } },
  }
  const answering = (body: string | Buffer, type: string | undefined, status = 200) =>
    startService((_request, response) => {
      response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(body)
    })

  test.each([
    ['JSON', '{"a":[1,2.5,null]}', 'application/json', {}, { a: [1, 2.5, null] }],
    ['JSON of another media type', '{"title":"no"}', 'application/problem+json', {}, { title: 'no' }],
    ['JSON that a schema asks for, whatever its type', '{"id":1}', 'text/plain', { schema: SCHEMA }, { id: 1 }],
    ['text', 'hello\n', 'text/plain; charset=utf-8', {}, 'hello\n'],
    ['text without a type', 'hello', undefined, {}, 'hello'],
    ['XML', '<a/>', 'application/atom+xml', {}, '<a/>'],
    ['nothing', '', 'application/json', {}, null],
    [
      'half a character',
      '{"a\\ud83d":"b\\ud83d\\ude00\\ude00"}',
      'application/json',
      {},
      { 'a\ufffd': 'b\u{1f600}\ufffd' },
    ],
    [
      'JSON of the schema, and more than it',
      '{"id":1,"state":"done","more":true}',
      'application/json',
      { schema: SCHEMA },
      { id: 1, state: 'done', more: true },
    ],
    [
      'a member that JavaScript has a use for',
      '{"__proto__":{"a":1}}',
      'application/json',
      {},
      JSON.parse('{"__proto__":{"a":1}}') as Json,
    ],
  ])('may be %s', async (_what, body, type, expected, output) => {
    const service = await answering(body, type)
    const got = await outcome({ method: 'GET', url: `${service.origin}/`, expect: expected }, { http: to(service) })
    expect(got.output).toMatchObject({ status: 200 })
    expect(JSON.stringify((got.output as { body: Json }).body)).toBe(JSON.stringify(output))
  })

  test.each([
    ['broken JSON', '{"id":', 'application/json', {}, 'the answer is not JSON'],
    [
      'JSON in another encoding than UTF-8',
      Buffer.from([0x22, 0xe9, 0x22]),
      'application/json',
      {},
      'the answer is not JSON',
    ],
    ['text where JSON is asked for', '<html>', 'text/html', { schema: SCHEMA }, 'the answer is not JSON'],
    ['nothing where JSON is asked for', '', undefined, { schema: SCHEMA }, 'the answer is not JSON'],
    ['a picture', 'x', 'image/png', {}, 'the answer is image/png, neither JSON nor text'],
    ['a number beyond all bounds', '{"a":1e999}', 'application/json', {}, 'a number that is too large'],
    [
      'nested without end',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      'application/json',
      {},
      'more than 64 levels',
    ],
    ['of another type', '{"id":"7"}', 'application/json', { schema: SCHEMA }, 'body.id must be integer, and is string'],
    [
      'without a member',
      '{"state":"old"}',
      'application/json',
      { schema: SCHEMA },
      'body.id is missing; body.state must be "new" or "done"',
    ],
  ])('may not be %s', async (_what, body, type, expected, words) => {
    const service = await answering(body, type)
    const error = await failed({ method: 'GET', url: `${service.origin}/`, expect: expected }, { http: to(service) })
    expect(error).toMatchObject({ kind: 'protocol', retryable: false, fault: undefined })
    expect(error.message).toContain(words)
    expect(error.message.startsWith(`GET ${service.origin}/: `)).toBe(true)
  })

  test('to a write that cannot be read says that the write may have been done', async () => {
    const service = await answering('{', 'application/json')
    const error = await failed({ method: 'POST', url: `${service.origin}/` }, { http: to(service) })
    expect(error).toMatchObject({ kind: 'protocol', hint: expect.stringContaining('may have been done') })
  })

  test('is kept beside the journal when it is long, and judged all the same', async () => {
    const long = JSON.stringify({ id: 1, text: 'y'.repeat(65_536) })
    const json = await answering(long, 'application/json')
    const given = { method: 'GET', url: `${json.origin}/`, expect: { schema: SCHEMA } }
    const { output, kept } = await outcome(given, { http: to(json) })
    expect(output).toMatchObject({ status: 200, body: { artefact: 'blob:1' } })
    expect(kept).toEqual([long])
    // 65,534 characters and two quotes are the last that stay.
    for (const [length, artefacts] of [
      [65_534, 0],
      [65_535, 1],
    ] as const) {
      const text = await answering('z'.repeat(length), 'text/plain')
      const came = await outcome({ method: 'GET', url: `${text.origin}/` }, { http: to(text) })
      expect(came.kept.map((one) => one.length)).toEqual(artefacts === 0 ? [] : [length])
    }
  })
})

describe('the status', () => {
  test.each([
    ['GET', 400, 'refused', false],
    ['GET', 401, 'unauthenticated', false],
    ['GET', 403, 'unauthenticated', false],
    ['GET', 404, 'refused', false],
    ['GET', 429, 'refused', true],
    ['GET', 500, 'refused', true],
    ['GET', 503, 'refused', true],
    ['POST', 409, 'refused', false],
    ['POST', 429, 'refused', true],
    ['POST', 500, 'lost-answer', false],
    ['POST', 503, 'lost-answer', false],
    ['PUT', 502, 'lost-answer', false],
    ['DELETE', 504, 'lost-answer', false],
    ['GET', 304, 'refused', false],
  ])('%s: %i is %s, to be repeated: %s', async (method, status, kind, retryable) => {
    const service = await startService(jsonAnswer(status === 304 ? undefined : { detail: 'why\nnot' }, status))
    const error = await failed({ method, url: `${service.origin}/x?key=1` }, { http: to(service) })
    expect(error).toMatchObject({ kind, retryable, fault: { name: `States.Http.StatusCode.${status}` } })
    expect(error.message.startsWith(`${method} ${service.origin}/x: the answer is ${status}`)).toBe(true)
    expect(error.message).not.toContain('key=1')
    if (status !== 304) {
      expect(JSON.parse(error.fault?.cause ?? '')).toEqual({
        StatusCode: status,
        ResponseBody: '{"detail":"why\\nnot"}',
      })
    }
  })

  test.each([
    ['POST', 500, 'Whether the service did it is unknown: ask the service before it is sent again.'],
    ['GET', 302, 'Write the address that the service means, if its host is an allowed one.'],
    ['GET', 401, 'Check the credentials in the headers of this state.'],
    ['POST', 403, 'Check the credentials in the headers of this state.'],
    ['GET', 500, 'If this status is a success here, list it under expect: status.'],
  ])('%s: %i says what to do next: %s', async (method, status, hint) => {
    const service = await startService((_request, response) => response.writeHead(status).end())
    expect(await failed({ method, url: `${service.origin}/x` }, { http: to(service) })).toMatchObject({ hint })
  })

  test.each([
    [[404], 404, true],
    [[200], 201, false],
    [[503], 503, true],
    [[200, 304], 304, true],
  ])('a success is what the state lists: %j', async (status, answered, isSuccess) => {
    const service = await startService((_request, response) => response.writeHead(answered).end())
    const { output } = await outcome(
      { method: 'GET', url: `${service.origin}/`, expect: { status } },
      { http: to(service) },
    )
    expect(output instanceof EosflowError).toBe(!isSuccess)
    if (isSuccess) expect(output).toEqual({ status: answered, headers: {}, body: null })
  })

  test.each([
    ['https://other.example/in?code=1#x', 'https://other.example/in'],
    ['/elsewhere?code=1', '/elsewhere'],
    ['https://me:pass@other.example/', 'https://other.example/'],
    [undefined, 'nowhere that can be read'],
  ])('a redirect to %s is an error that names its target', async (location, target) => {
    const service = await startService((_request, response) =>
      response.writeHead(302, location === undefined ? {} : { location }).end(),
    )
    const error = await failed({ method: 'GET', url: `${service.origin}/` }, { http: to(service) })
    expect(error).toMatchObject({ kind: 'refused', fault: { name: 'States.Http.StatusCode.302' } })
    const full = target.startsWith('/') ? service.origin + target : target
    expect(error.message).toBe(`GET ${service.origin}/: the answer is 302, to ${full}; redirects are not followed`)
    expect(service.seen).toHaveLength(1)
  })

  test('what the service says is cut and stays on one line', async () => {
    const service = await startService((_request, response) =>
      response.writeHead(400).end(`\u001b[31m${'a\n'.repeat(5000)}`),
    )
    const error = await failed({ method: 'GET', url: `${service.origin}/` }, { http: to(service) })
    expect(error.message).toMatch(/: the answer is 400: \[31ma a a .{180,200}…$/)
    expect((JSON.parse(error.fault?.cause ?? '') as { ResponseBody: string }).ResponseBody).toHaveLength(2000)
  })
})

describe('after a crash', () => {
  test.each([
    ['GET', false, true],
    ['HEAD', false, true],
    ['PUT', false, true],
    ['DELETE', false, true],
    ['POST', false, false],
    ['PATCH', false, false],
    ['POST', true, true],
  ])('%s (repeatable: %s) may be sent again: %s', async (method, repeatable, again) => {
    const { context } = calling({ method, url: 'https://a.example/t?x=1', repeatable })
    const probed = await http.probe?.(context).catch((error: unknown) => error)
    if (again) expect(probed).toEqual({ do: 'again' })
    else
      expect(probed).toMatchObject({
        kind: 'lost-answer',
        message: expect.stringContaining(`${method} https://a.example/t: `),
      })
  })
})
