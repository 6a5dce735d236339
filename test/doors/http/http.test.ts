import { describe, expect, test } from 'vitest'
import { problemDocument } from '../../../src/doors/http/request/readable.ts'
import { ANN, openLab, workflowFor } from '../../lab/lab.ts'
import { ORIGIN, until } from '../../lab/server.ts'

/** What every answer says to a browser. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types eosflow",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'publickey-credentials-get=(self)',
  'cache-control': 'no-store',
} as const
const OWN = { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }

describe('where a request comes from', () => {
  test('[G14] [G141] a foreign name is refused on every route, a bare address of this machine is sent to the one name', async () => {
    const { ask } = await openLab().serve()
    const foreign = ['evil.example', 'localhost:7475', 'localhost', '127.0.0.1', 'localhost.evil.example:7474', '']
    for (const host of foreign) expect((await ask('GET', '/login', { headers: { host } })).status, host).toBe(421)
    expect(foreign).toHaveLength(6)
    for (const host of ['127.0.0.1:7474', '[::1]:7474']) {
      const sent = await ask('GET', '/login?x=1', { headers: { host } })
      expect([sent.status, sent.headers.get('location')]).toEqual([307, `${ORIGIN}/login?x=1`])
      expect((await ask('POST', '/login', { headers: { host, ...OWN } })).status).toBe(421)
      // Whoever asks whether it lives knows no name.
      expect((await ask('GET', '/healthz', { headers: { host } })).json).toEqual({ status: 'ok' })
    }
  })

  test('[G11] [G12] what changes something comes from a page of this server, by Origin and by Sec-Fetch-Site', async () => {
    const bench = await openLab().serve()
    const { id, session } = bench.browser(ANN)
    const post = (headers: Record<string, string>) =>
      bench.ask('POST', '/api/v1/stop-all', {
        session: id,
        body: {},
        headers: { 'x-eosflow-token': session.token, ...headers },
      })
    const refused: [string, Record<string, string>][] = [
      ['nothing', {}],
      ['another site', { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }],
      ['another port of this machine', { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-site' }],
      ['own Origin, same site only', { origin: ORIGIN, 'sec-fetch-site': 'same-site' }],
      ['own Origin alone', { origin: ORIGIN }],
      ['Sec-Fetch-Site alone', { 'sec-fetch-site': 'same-origin' }],
      ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
      ['typed into the address bar', { origin: ORIGIN, 'sec-fetch-site': 'none' }],
    ]
    for (const [name, headers] of refused) {
      const { status, json } = await post(headers)
      expect([name, status, json.kind]).toEqual([name, 403, 'cross-site'])
    }
    expect(refused).toHaveLength(8)
    expect((await post(OWN)).status).toBe(202)
  })

  test('[G11] an unsafe request of a session holds the token of that session', async () => {
    const bench = await openLab().serve()
    const [one, other] = [bench.browser(ANN), bench.browser(ANN)]
    for (const headers of [{}, { 'x-eosflow-token': other.session.token }, { 'x-eosflow-token': '' }]) {
      const { status, json } = await bench.ask('POST', '/logout', { session: one.id, headers: { ...OWN, ...headers } })
      expect([status, json.kind]).toEqual([403, 'cross-site'])
    }
    expect((await one.get('/api/v1/me')).status).toBe(200)
    expect((await one.form('/logout')).status).toBe(303)
    expect((await one.get('/api/v1/me')).status).toBe(401)
    expect((await other.get('/api/v1/me')).status).toBe(200)
  })
})

describe('what an answer says', () => {
  test('[G13] every answer has the headers that keep a page alone, and the policy allows no inline script or style', async () => {
    const bench = await openLab().serve()
    const answers = [
      await bench.ask('GET', '/healthz'),
      await bench.ask('GET', '/login'),
      await bench.ask('GET', '/nothing'),
      await bench.ask('GET', '/api/v1/me'),
      await bench.ask('DELETE', '/api/v1/me'),
      await bench.ask('GET', '/login', { headers: { host: 'evil.example' } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 401, 405, 421])
    for (const { headers } of answers)
      for (const [name, value] of Object.entries(SECURITY_HEADERS))
        expect([name, headers.get(name)]).toEqual([name, value])
  })

  test('a failure is a problem document: its status, its kind and what a command would end with', async () => {
    const ann = await openLab().http('local')
    const rows: [string, number, string, number | undefined][] = [
      ['/api/v1/executions/20200101-000000-00000000', 404, 'no-route', undefined],
      ['/api/v1/executions?limit=201', 422, 'input', 3],
      ['/api/v1/executions?nonsense=1', 422, 'input', 3],
      ['/api/v1/plans/sha256:00', 404, 'no-route', undefined],
      ['/api/v1/workflows/..%2f..%2fetc/passwd', 404, 'no-route', undefined],
      ['/api/v1/switches/leaf99', 404, 'no-route', undefined],
      ['/api/v1/snapshots/a/diff/b', 404, 'no-route', undefined],
    ]
    for (const [path, status, kind, exitCode] of rows) {
      const found = await ann.get(path)
      expect([path, found.status, found.json.kind, found.json.exitCode]).toEqual([path, status, kind, exitCode])
      expect(found.headers.get('content-type')).toBe('application/problem+json')
      expect(problemDocument.parse(found.json)).toMatchObject({ type: `urn:eosflow:error:${kind}`, status })
    }
    expect(rows).toHaveLength(7)
    const slip = await ann.post('/api/v1/plans', { workflow: 'workflow.yaml', parms: {} })
    expect([slip.status, slip.json.problems]).toMatchObject([422, [{ code: 'unknown-key' }]])
    // It is there, and it is wrong: it is not missing.
    const wrong = await ann.post('/api/v1/plans', { workflow: 5 })
    expect([wrong.status, wrong.json.problems]).toMatchObject([
      422,
      [{ code: 'wrong-type', message: '`workflow` must be text, not 5' }],
    ])
    const none = await ann.post('/api/v1/executions/20200101-000000-00000000/stop', { reason: 'x' })
    expect([none.status, none.json.kind]).toEqual([404, 'no-route'])
  })

  test('[G21] a body is at most 1 MiB, JSON or a form', async () => {
    const bench = await openLab().serve()
    const ann = bench.browser(ANN)
    const large = await ann.post('/api/v1/plans', `{"workflow":"${'x'.repeat(1024 * 1024)}"}`)
    expect([large.status, large.json.kind]).toEqual([413, 'too-large'])
    const long = await ann.post('/api/v1/plans', {
      workflow: 'workflow.yaml',
      params: { list: `[${'a,'.repeat(33_000)}]` },
    })
    expect([long.status, long.text]).toEqual([422, expect.stringContaining('at most 65536 characters')])
    const deep = `${'['.repeat(400_000)}${']'.repeat(400_000)}`
    for (const [path, body] of [
      ['/api/v1/plans', `{"workflow":"workflow.yaml","params":{"list":${deep}}}`],
      ['/api/v1/plans', `{"workflow":${deep}}`],
      ['/api/v1/stop-all', `{"reason":"x","more":${deep}}`],
      ['/api/v1/stop-all', deep],
    ] as const)
      expect([path, (await ann.post(path, body)).status]).toEqual([path, 422])
    const typed = await ann.post('/api/v1/plans', 'workflow: a', { 'content-type': 'application/yaml' })
    expect([typed.status, typed.json.kind]).toEqual([415, 'unsupported-media-type'])
    const broken = await ann.post('/api/v1/plans', '{"workflow"')
    expect([broken.status, broken.json.detail]).toEqual([422, 'the body is no JSON'])
    for (const other of ['[1]', 'null', '1', '"text"', 'true'])
      for (const path of ['/api/v1/plans', '/api/v1/stop-all', '/login/another-link']) {
        const { status, json } = await ann.post(path, other)
        expect([path, other, status, json.detail]).toEqual([path, other, 422, 'a body is a JSON object'])
      }
    expect(bench.failures).toEqual([])
  })

  test('an ETag that is known is answered without a body, and a stale one stops nothing', async () => {
    const bench = await openLab().serve()
    const ann = bench.browser(ANN)
    const begun = await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })
    const path = `/api/v1/executions/${String(begun.json.execution)}`
    const waits = async () => (await ann.get(path)).json.waitingFor !== undefined
    await until(bench, waits)
    const tag = (await ann.get(path)).headers.get('etag') ?? ''
    const same = await bench.ask('GET', path, { session: ann.id, headers: { 'if-none-match': tag } })
    expect([same.status, same.text]).toEqual([304, ''])
    const stale = await ann.post(`${path}/stop`, { reason: 'x' }, { 'if-match': '"1"' })
    expect([stale.status, stale.json.kind]).toEqual([412, 'changed-meanwhile'])
    expect((await ann.get(path)).json.status).toBe('running')
    const fresh = await ann.post(`${path}/stop`, { reason: 'x' }, { 'if-match': tag })
    expect([fresh.status, fresh.json.outcome]).toEqual([202, 'asked'])
    await until(bench, async () => (await ann.get(path)).json.status === 'ended')
    expect((await ann.get(path)).json.outcome).toBe('cancelled')
  })
})

test('a request with both a session and a token is refused, and so is one with two sessions', async () => {
  const bench = await openLab().serve({ tokens: { good: ANN } })
  const ann = bench.browser(ANN)
  expect((await bench.ask('GET', '/api/v1/me', { token: 'good' })).status).toBe(200)
  expect((await bench.ask('GET', '/api/v1/me', { token: 'good', session: ann.id })).status).toBe(401)
  expect((await bench.ask('GET', '/api/v1/me', { token: 'bad' })).status).toBe(401)
  const two = `__Host-eosflow=${ann.id}; __Host-eosflow=${ann.id}`
  expect((await bench.ask('GET', '/api/v1/me', { headers: { cookie: two } })).status).toBe(401)
})

test('a list goes on behind what is there, whatever the word says', async () => {
  const ann = await openLab().http('local')
  await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })
  const word = (place: string) => Buffer.from(`behind ${place}`).toString('base64url')
  const all = (await ann.get('/api/v1/audit/records')).json.records as { readonly seq: number }[]
  expect(all.length).toBeGreaterThan(1)
  for (const place of ['9007199254740993', '1e308', 'Infinity', '1e15'])
    expect([place, (await ann.get(`/api/v1/audit/records?after=${word(place)}`)).json.records]).toEqual([place, all])
  for (const place of ['1', '0', '-1', 'x', '1.5'])
    expect([place, (await ann.get(`/api/v1/audit/records?after=${word(place)}`)).json.records]).toEqual([place, []])
})

test('no parameters and no selector hold the thread of the engine up: what is dear to read is bounded', async () => {
  const extra =
    'params: { list: { type: list, items: { type: string }, default: [] }, num: { type: integer, default: 1 }, text: { type: string, default: a } }'
  const bench = await openLab({ files: { 'p.yaml': workflowFor('leaf1', { extra }) } }).serve()
  const flow = (count: number) => `[${'a,'.repeat(count)}]`
  const items = Array.from({ length: 12_000 }, () => 'a')
  const rows: [string, Record<string, unknown>, string | undefined, string | undefined][] = [
    ['a list of YAML', { list: flow(32_000) }, undefined, 'the parameter `list` is too long for a text'],
    [
      'keys in the place of a number',
      { num: `{${'a: 1,'.repeat(12_000)}}` },
      undefined,
      'the parameter `num` is too long for a text',
    ],
    ['many texts', { list: flow(1_500), num: flow(1_500) }, undefined, 'the parameter `num` is too long for a text'],
    [
      'many names',
      Object.fromEntries(items.slice(0, 6_000).map((one, index) => [one + index, 1])),
      undefined,
      'there are at most 200 parameters',
    ],
    ['a long word', {}, 'a'.repeat(10_000), 'there is no switch'],
    ['a short list of YAML', { list: flow(100) }, undefined, undefined],
    ['a list as JSON', { list: items.slice(0, 4_000) }, undefined, undefined],
    ['a list as the text of JSON', { list: JSON.stringify(items.slice(0, 4_000)) }, undefined, undefined],
    ['a long text', { text: 'a'.repeat(4_000) }, undefined, undefined],
  ]
  for (const [name, params, targets, problem] of rows) {
    const begun = process.cpuUsage()
    const asked = bench.room.ask(
      'plan',
      { principal: ANN },
      { workflow: 'p.yaml', params, targets: targets ?? 'leaf9' },
    )
    const failed = (await asked.catch((error: unknown) => error)) as { problems?: { message: string }[] }
    const used = process.cpuUsage(begun)
    const messages = (failed.problems ?? []).map(({ message }) => message)
    expect([name, messages.filter((one) => one.startsWith('the parameter') || one.startsWith('there'))]).toEqual([
      name,
      [expect.stringContaining(problem ?? 'there is no switch `leaf9`')],
    ])
    // Of a machine that does nothing else 5 ms; the flow of YAML above took 300.
    expect([name, (used.user + used.system) / 1_000 < 200]).toEqual([name, true])
  }
  expect(rows).toHaveLength(9)
})
