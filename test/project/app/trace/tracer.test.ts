import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import { heardJournal, type Journal } from '../../../../src/change/record/store/journal.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { openTracer, type Tracer } from '../../../../src/project/app/trace/tracer.ts'
import { EACH_MACHINE_EVENT } from '../../../change/record/each-machine-event.ts'
import { BUILT, listenInTest, temporaryFolder } from '../../../lab/lab.ts'
import { otlpReceiver, seenSpans, treeOf } from './otlp-receiver.ts'

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const [BEGINS] = EACH_MACHINE_EVENT.filter((body) => body.type === 'ExecutionStarted')
if (BEGINS?.type !== 'ExecutionStarted') throw new Error('no such record')
const { trace: _, ...UNTRACED } = BEGINS

/** A journal that only keeps, and refuses what `refuses` says. */
function keeping(refuses: (event: EventBody) => boolean = () => false) {
  const kept: JournalEvent[] = []
  const journal: Journal = {
    append: async (execution, events) => {
      if (events.some(refuses)) throw new Error('refused')
      const written = events.map(
        (event, index): JournalEvent => ({
          v: 1,
          seq: kept.length + index + 1,
          at: new Date(Date.UTC(2026, 0, 5, 8) + kept.length * 1000).toISOString(),
          actor: 'local:1000:ann@box',
          ...(execution === undefined ? {} : { execution }),
          ...event,
        }),
      )
      kept.push(...written)
      return written
    },
    read: async (execution) => kept.filter((event) => event.execution === execution),
  }
  return { journal, kept }
}

/** A journal that a tracer hears. */
const heard = (tracer: Tracer | undefined, journal = keeping().journal) =>
  heardJournal(journal, tracer === undefined ? [] : [tracer.hears])

function opened(env: Readonly<Record<string, string>> = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }) {
  const { spans, seen, closed } = seenSpans()
  const urls: string[] = []
  const said: string[] = []
  const tracer = openTracer({
    env,
    clock: new VirtualClock(),
    tell: (text) => said.push(text),
    scrub: (text) => text,
    connect: async (url) => {
      urls.push(url)
      return spans
    },
  })
  return { tracer, seen, urls, said, closed }
}

/** The same, where an endpoint is set. */
function tracing(env?: Readonly<Record<string, string>>) {
  const { tracer, ...rest } = opened(env)
  if (tracer === undefined) throw new Error('no tracer')
  return { tracer, ...rest }
}

describe('where traces go', () => {
  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/' }, 'https://collector/otlp/v1/traces'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b:4318/in' },
      'http://b:4318/in',
    ],
  ])('%j', async (env, url) => {
    const { tracer, urls } = tracing(env)
    expect(urls).toEqual([])
    const journal = heard(tracer)
    await journal.append('x1', [UNTRACED], 0)
    await journal.append('x2', [UNTRACED], 0)
    expect(urls).toEqual([url])
  })

  test.each([
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://a:4318' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318', OTEL_SDK_DISABLED: 'true' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318', OTEL_TRACES_EXPORTER: 'none' },
  ])('nowhere by %j', (env) => {
    expect(opened(env).tracer).toBeUndefined()
  })

  test('what cannot be sent is said once, and executions go on', async () => {
    const said: string[] = []
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318' }
    for (const [more, connect] of [
      [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, undefined],
      [{}, async () => Promise.reject(new Error("Cannot find package '@opentelemetry/resources' imported from /x"))],
      [{}, async () => Promise.reject(new Error('Configuration: Could not parse user-provided export URL\nmore'))],
    ] as const) {
      const tell = (text: string) => void said.push(text)
      const options = { env: { ...env, ...more }, clock: new VirtualClock(), tell, scrub: String }
      const tracer = openTracer(connect === undefined ? options : { ...options, connect })
      const { journal, kept } = keeping()
      const traced = heard(tracer, journal)
      await traced.append('x1', [UNTRACED], 0)
      await traced.append('x2', [{ ...UNTRACED, trace: CALLER }], 0)
      expect(kept.map((event) => 'trace' in event && event.trace)).toEqual([false, CALLER])
      expect(tracer?.traceOf('x1')).toBeUndefined()
      await tracer?.close()
    }
    expect(said).toEqual([
      '! no traces: OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and eosflow sends http/json\n',
      '! no traces: OTEL_EXPORTER_OTLP_ENDPOINT is set, and the package @opentelemetry/resources is not installed; docs/traces.md names those that are needed\n',
      '! no traces: Configuration: Could not parse user-provided export URL\n',
    ])
  })
})

describe('what is on record', () => {
  test('an execution is recorded with its own span, a part of the one of whoever has asked', async () => {
    const { tracer, seen } = tracing()
    const { journal, kept } = keeping()
    await heard(tracer, journal).append(
      'x1',
      [
        { ...UNTRACED, trace: CALLER },
        { type: 'ApprovalRequested', plan: 'p' },
      ],
      0,
    )
    expect(seen[0]?.parent).toMatchObject({ spanId: 'b7ad6b7169203331' })
    const own = '00-0af7651916cd43dd8448eb211c80319c-0000000000000001-01'
    expect(kept.map((event) => 'trace' in event && event.trace)).toEqual([own, false])
    expect(tracer.traceOf('x1')).toBe(own)
  })

  test.each(['ExecutionResumed', 'ExecutionRedriven'] as const)(
    'by %s another process becomes a part of it',
    async (type) => {
      const { journal } = keeping()
      await heard(tracing().tracer, journal).append('x1', [{ ...UNTRACED, trace: CALLER }], 0)
      const { tracer, seen } = tracing()
      await heard(tracer, journal).append('x1', [{ type }], 1)
      expect(seen.map(({ name, parent, attributes }) => [name, parent, attributes['eosflow.taken']])).toEqual([
        [
          'execution add-vlan',
          { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '0000000000000001', isSampled: true },
          type === 'ExecutionResumed' ? 'resumed' : 'redriven',
        ],
      ])
    },
  )

  test('what is refused has no span that is ever sent', async () => {
    const { tracer, seen } = tracing()
    const { journal } = keeping(({ type }) => type === 'ExecutionStarted')
    await expect(heard(tracer, journal).append('x1', [UNTRACED], 0)).rejects.toThrow('refused')
    await tracer.close()
    expect(treeOf(seen)).toEqual(['execution add-vlan (open)'])
  })

  test('an execution that is left rests, and the process ends all the others', async () => {
    const { tracer, seen, closed } = tracing()
    const traced = heard(tracer)
    for (const id of ['x1', 'x2']) await traced.append(id, [UNTRACED], 0)
    tracer.rest('x1')
    expect([tracer.traceOf('x1'), seen.map(({ ended }) => ended?.attributes)]).toEqual([
      undefined,
      [{ 'eosflow.result': 'rests' }, undefined],
    ])
    await tracer.close()
    expect([seen.filter(({ ended }) => ended === undefined), closed()]).toEqual([[], 1])
  })
})

describe('a request', () => {
  const END = { device: 'leaf1', host: '192.0.2.1', port: 443, transport: 'eapi' } as const

  test('is a span from its first byte to the last byte of the answer, under its state', async () => {
    const clock = new VirtualClock()
    const { spans, seen } = seenSpans()
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318' }
    const tracer = openTracer({ env, clock, tell: () => undefined, scrub: String, connect: async () => spans })
    const meter = tracer?.meter('x1').line(END)
    const before = meter?.request('look')
    before?.ended('ok')
    const traced = heard(tracer)
    await traced.append(
      'x1',
      [UNTRACED, { type: 'TaskStarted', path: '', state: 'Push', attempt: 1, device: 'leaf1' }],
      0,
    )
    const [at, request] = [clock.now(), meter?.request('arm')]
    await clock.advance(40)
    request?.heard()
    await clock.advance(20)
    request?.heard()
    await clock.advance(500)
    request?.ended('ok')
    meter?.request('save').ended('lost-answer')
    meter?.connect().reached('tls')
    expect(treeOf(seen)).toEqual(['execution add-vlan (open)', '  Push (open)', '    arm: ', '    save: lost-answer'])
    expect(seen[2]).toMatchObject({
      kind: 'client',
      at,
      ended: { at: at + 60 },
      attributes: {
        'server.address': '192.0.2.1',
        'server.port': 443,
        'network.transport': 'tcp',
        'network.protocol.name': 'http',
        'eosflow.switch': 'leaf1',
        'eosflow.op': 'arm',
      },
    })
  })
})

describe('the SDK', () => {
  const begunAt = async (endpoint: string, scrub: (text: string) => string = String) => {
    const said: string[] = []
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }
    const tracer = openTracer({ env, clock: new VirtualClock(), tell: (text) => said.push(text), scrub })
    await heard(tracer).append('x1', [{ ...UNTRACED, workflow: 'with-hunter2' }], 0)
    return { said, close: async () => tracer?.close() }
  }

  test('sends no secret that the process knows', async () => {
    const receiver = await otlpReceiver()
    const { said, close } = await begunAt(receiver.endpoint, (text) => text.replaceAll('hunter2', '***'))
    await close()
    expect([said, receiver.faults]).toEqual([[], []])
    expect(receiver.spans().map(({ name, at }) => [name, at['cicd.pipeline.name']])).toEqual([
      ['execution with-***', 'with-***'],
    ])
    expect(receiver.bodies.join('')).not.toContain('hunter2')
  })

  test('waits at the end for a collector that never answers, for 3 s and no longer', {
    tags: ['long', 'turn'],
  }, async () => {
    const silent = createServer(() => undefined)
    const { said, close } = await begunAt(`http://127.0.0.1:${await listenInTest(silent)}`)
    const begun = performance.now()
    await close()
    const took = performance.now() - begun
    expect(took).toBeGreaterThan(2_900)
    // The exporter itself would wait for 10 s.
    expect(took).toBeLessThan(8_000)
    expect(said).toEqual(['! traces are lost: the collector of OTEL_EXPORTER_OTLP_ENDPOINT does not take them\n'])
  })
})

test('the built command loads nothing of OpenTelemetry without an endpoint, and before an execution', {
  tags: ['long', 'turn'],
}, async () => {
  const dir = temporaryFolder()
  const look = join(dir, 'look.cjs')
  writeFileSync(
    look,
    `process.on('exit', () => process.stderr.write('LOADED ' + Object.keys(require.cache).filter((file) => file.includes('@opentelemetry')).length + '\\n'))`,
  )
  const loaded = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const options = { cwd: dir, env: { PATH: process.env.PATH ?? '', NODE_OPTIONS: `--require ${look}`, ...env } }
    const { stderr } = await promisify(execFile)(process.execPath, [BUILT, ...argv], options).catch(
      (error: { readonly stderr: string }) => error,
    )
    return Number(/LOADED (\d+)/.exec(stderr)?.[1] ?? 'NaN')
  }
  const change = ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=X']
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
  expect(await loaded(['init', '.'])).toBe(0)
  // Nothing answers there: an execution begins all the same.
  const inventory = join(dir, 'inventory.yaml')
  writeFileSync(inventory, readFileSync(inventory, 'utf8').replaceAll('port: 18', 'port: 1'))
  expect(await loaded(change)).toBe(0)
  expect(await loaded(['executions'], endpoint)).toBe(0)
  expect(await loaded(change, endpoint)).toBeGreaterThan(50)
})
