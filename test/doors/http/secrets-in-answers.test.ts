import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { routes } from '../../../src/doors/http/http-app.ts'
import { hearSecrets, tellSecrets } from '../../../src/doors/http/shared-secrets.ts'
import { Secret } from '../../../src/model/secret.ts'
import { Scrubber } from '../../../src/project/secret/scrubber.ts'
import { search } from '../../canary/canaries.ts'
import { ANN, inventoryOf, openLab } from '../../lab/lab.ts'
import { idle, type ServerBench } from '../../lab/server.ts'

/** What only a program gives: no file and no variable of the project holds it. In it is what JSON, HTML, URLs and Markdown write otherwise. */
const PRINTED = `cNryPrinted-by.a(program)&|"piped"<'\\x>`
/** What Vault gives to the engine once somebody has asked for it there. */
const VAULTED = `cNryVaulted-{json}-[list];'quoted'`
const CANARIES = [
  { name: 'what a program prints', value: PRINTED },
  { name: 'what Vault keeps', value: VAULTED },
]

/** Lines that no form of EOS marks as a secret: what redaction does not know. */
const told = (n: number) => ['interface Ethernet4', `   description call ${n}, say ${PRINTED} ${VAULTED}`]

/** Somebody at the console of leaf2 writes these lines, and saves. */
function say({ lab: { fabric } }: ServerBench, n: number) {
  fabric.fault({ device: 'leaf2', kind: 'hand-edit', lines: [...told(n)] })
  fabric.fault({ device: 'leaf2', kind: 'hand-save' })
}

/** A project that reads leaf1 by what a program prints, a switch that repeats it, a snapshot of before and one of behind a hand edit. */
async function repeating() {
  const bench = await openLab({
    prepare: (lab) => {
      const made = JSON.parse(inventoryOf(lab.fabric)) as { devices: Record<string, object>; credentials: object }
      const reader = { username: 'reader', password: `\${exec:say?${lab.dir}/said.txt}` }
      lab.write(
        'inventory.yaml',
        JSON.stringify({
          ...made,
          credentials: { ...made.credentials, reader },
          devices: { ...made.devices, leaf1: { ...made.devices.leaf1, readCredentials: 'reader' } },
        }),
      )
      lab.write('said.txt', PRINTED)
      lab.write('eosflow.yaml', 'version: 1\nsecrets: { exec: { say: { command: [/bin/cat, "{key}"] } } }\n')
    },
  }).serve()
  return bench
}

test('no answer of any route that reads has a byte of a secret that the engine has learnt', async () => {
  const bench = await repeating()
  bench.app.scrubber.register(new Secret(PRINTED), 'what a program prints')
  bench.app.scrubber.register(new Secret(VAULTED), 'what Vault keeps')
  const ann = bench.browser(ANN)
  await ann.post('/api/v1/snapshots', { name: 'one', targets: 'leaf2' })
  say(bench, 1)
  await ann.form('/drift-checks', { switch: 'leaf2' })
  const drift = await ann.post('/api/v1/drift-checks', { targets: 'leaf2' })
  await ann.post('/api/v1/snapshots', { name: 'two', targets: 'leaf2' })
  const begun = await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })
  await idle(bench)
  const execution = String(begun.json.execution)
  const digest = String((await ann.seen(execution)).plan)
  await bench.app.audit?.checkpoint()
  const parts: Readonly<Record<string, string>> = {
    id: execution,
    act: 'stop',
    digest,
    plan: digest,
    'file+': 'workflow.yaml',
    file: 'app-1.css',
    name: 'leaf2',
    before: 'one',
    after: 'two',
    issuer: 'corp',
  }
  const queries: Readonly<Record<string, string>> = {
    '/snapshots/diff': '?before=one&after=two',
    '/api/v1/policy/explain': '?action=execution.start&targets=leaf2',
    '/api/v1/stream': `?topics=execution:${execution},overview&as=page`,
  }
  const reading = routes.filter(({ method }) => method === 'GET')
  const places = new Map([['POST /api/v1/drift-checks', Buffer.from(drift.text)]])
  const statuses = new Set<number>()
  for (const { path } of reading) {
    const filled = path.replaceAll(/\{(\w+\+?)\}/g, (_, name: string) => parts[name] ?? name) + (queries[path] ?? '')
    const answer = await bench.open('GET', filled, { session: ann.id })
    statuses.add(answer.status)
    const text = path === '/api/v1/stream' ? await firstOf(answer) : await answer.text()
    places.set(`GET ${path}`, Buffer.from(`${JSON.stringify([...answer.headers])}${text}`))
  }
  for (const path of ['/api/v1/check-runs', '/api/v1/snapshots/one/comparisons', '/api/v1/snapshots']) {
    const { text } = await ann.post(path, path.endsWith('comparisons') ? {} : { targets: 'leaf2' })
    places.set(`POST ${path}`, Buffer.from(text))
  }
  places.set('GET /snapshots/diff now', Buffer.from((await ann.get('/snapshots/diff?before=one')).text))
  places.set('GET /switches/leaf2 seen', Buffer.from((await ann.get('/switches/leaf2')).text))
  expect(search(places, CANARIES)).toEqual([])
  // What repeats them was looked at: the line is there, without them.
  for (const place of [
    'GET /snapshots/diff',
    'GET /api/v1/snapshots/{before}/diff/{after}',
    'POST /api/v1/snapshots/one/comparisons',
    'GET /snapshots/diff now',
    'GET /switches/leaf2 seen',
    'POST /api/v1/drift-checks',
  ])
    expect([place, places.get(place)?.toString()]).toEqual([place, expect.stringMatching(/call 1, say/)])
  expect(reading.length).toBe(53)
  expect([...statuses].sort()).toEqual([200, 204, 303, 401, 403, 404])
  expect(bench.failures).toEqual([])
})

/** What a stream sends until the last part of its first page. */
async function firstOf(answer: Response) {
  const reader = answer.body?.getReader()
  let text = ''
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    text += Buffer.from(chunk.value).toString()
    if (text.includes('event: region')) break
  }
  await reader?.cancel()
  return text
}

test('a secret that the engine asks a program for is in no page from then on, also in what was kept before', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await repeating()
  const ann = bench.browser(ANN)
  say(bench, 1)
  await ann.post('/api/v1/snapshots', { name: 'two', targets: 'leaf2' })
  // Nobody has asked for it yet: this process does not know that it is a secret.
  say(bench, 2)
  await ann.form('/drift-checks', { switch: 'leaf2' })
  await ann.post('/api/v1/snapshots', { name: 'three', targets: 'leaf2' })
  const before = await ann.get('/api/v1/snapshots/two/diff/three')
  expect(before.text).toContain('cNryPrinted')
  await ann.post('/api/v1/snapshots', { name: 'four', targets: 'leaf1' })
  const behind = ['/api/v1/snapshots/two/diff/three', '/snapshots/diff?before=two&after=three', '/switches/leaf2']
  for (const path of behind) {
    const { status, text } = await ann.get(path)
    expect([path, status, search(new Map([[path, Buffer.from(text)]]), CANARIES.slice(0, 1))]).toEqual([path, 200, []])
  }
})

test('a thread knows what another has told it before it scrubs, and forgets what that one forgets', () => {
  const { port1, port2 } = new MessageChannel()
  const [main, front] = [new Scrubber(), new Scrubber()]
  main.register(new Secret('known-before-it'), 'one')
  const silent = tellSecrets(main, port1)
  const hear = hearSecrets(port2, front)
  const shown = () => {
    hear()
    return front.scrub('known-before-it learnt-meanwhile')
  }
  expect(shown()).toBe('<redacted> learnt-meanwhile')
  main.register(new Secret('learnt-meanwhile'), 'two')
  expect(shown()).toBe('<redacted> <redacted>')
  main.forget(new Secret('known-before-it'))
  expect(shown()).toBe('known-before-it <redacted>')
  expect(main.scrub('known-before-it learnt-meanwhile')).toBe('known-before-it <redacted>')
  silent()
  main.register(new Secret('known-before-it'), 'three')
  expect(shown()).toBe('known-before-it <redacted>')
})
