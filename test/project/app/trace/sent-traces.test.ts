// @module-tag long
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { VERSION } from '../../../../src/model/version.ts'
import { DC1, exits, openLab, type SocketLab, workflowFor } from '../../../lab/lab.ts'
import { faultsOf, membersIn, type OtlpReceiver, otlpReceiver, type SentSpan } from './otlp-receiver.ts'

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** A project that changes leaf1, with an environment. */
function project(env: Readonly<Record<string, string>>, lines = ['vlan 998', '   name CANARY-OF-A-COMMAND']) {
  const files = { 'workflow.yaml': workflowFor('leaf1', { lines }) }
  return openLab({ world: 'sockets', switches: { folder: DC1, clock: new VirtualClock() }, files, env })
}

const change = (bench: SocketLab) => bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml')

/** What is a part of what: the name of each span behind that of the one around it, each pair once, in order of the alphabet. */
function pairsOf(spans: readonly SentSpan[]) {
  const nameOf = (id: string | undefined) => spans.find(({ spanId }) => spanId === id)?.name ?? '-'
  return [...new Set(spans.map(({ name, parentSpanId }) => `${nameOf(parentSpanId)} > ${name}`))].toSorted()
}

/** Nothing of a command, an answer, a parameter or a secret is in any byte that was sent, and all of it is OTLP. */
function expectClean({ bodies, faults }: OtlpReceiver, { fabric }: SocketLab) {
  expect(faults).toEqual([])
  const text = bodies.join('\n')
  const { username, password } = fabric.device('leaf1')
  expect(password.length).toBeGreaterThan(3)
  for (const secret of ['CANARY', 'vlan 998', 'interface', 'hostname', 'configure', 'show ', password, username])
    expect(text.includes(secret), secret).toBe(false)
}

describe('traces at a collector that takes what OpenTelemetry has published, and nothing else', () => {
  test('an execution, its states and its requests, under whoever has called', async () => {
    const receiver = await otlpReceiver()
    const bench = await project({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, TRACEPARENT: CALLER })
    const ended = await change(bench)
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.err).not.toContain('trace')
    expectClean(receiver, bench)
    expect(receiver.bodies.reduce((sum, body) => sum + membersIn(JSON.parse(body)), 0)).toBeGreaterThan(400)
    expect(receiver.resource).toEqual({ 'service.name': 'eosflow', 'service.version': VERSION })
    const spans = receiver.spans()
    expect(pairsOf(spans)).toEqual([
      '- > execution add-a-vlan',
      'Confirm > confirm',
      'Confirm > readConfig',
      'ConfirmAll > Confirm',
      'Plan > stage',
      'Push > arm',
      'Push > look',
      'Push > replay',
      'Push > stage',
      'RollOutWave > Push',
      'RollOutWave > Verify',
      'RollOutWaves > RollOutWave',
      'Save > save',
      'SaveAll > Save',
      'Snapshot > look',
      'Verify > look',
      'execution add-a-vlan > Approve',
      'execution add-a-vlan > CheckBase',
      'execution add-a-vlan > CheckReady',
      'execution add-a-vlan > ConfirmAll',
      'execution add-a-vlan > Done',
      'execution add-a-vlan > Plan',
      'execution add-a-vlan > RollOutWaves',
      'execution add-a-vlan > SaveAll',
      'execution add-a-vlan > Snapshot',
    ])
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']))
    expect(spans[0]).toMatchObject({
      name: 'execution add-a-vlan',
      kind: 1,
      parentSpanId: 'b7ad6b7169203331',
      at: { 'cicd.pipeline.name': 'add-a-vlan', 'cicd.pipeline.result': 'success', 'eosflow.outcome': 'succeeded' },
    })
    const arm = spans.find(({ name }) => name === 'arm')
    expect(arm).toMatchObject({
      kind: 3,
      at: {
        'server.address': '127.0.0.1',
        'server.port': bench.device('leaf1').http.port,
        'network.transport': 'tcp',
        'network.protocol.name': 'http',
        'eosflow.switch': 'leaf1',
        'eosflow.op': 'arm',
      },
    })
    for (const { name, startTimeUnixNano: from, endTimeUnixNano: to } of spans)
      expect(BigInt(to) >= BigInt(from), name).toBe(true)
  })

  test('the wait for a person is no span, and another process goes on with the trace that is on record', async () => {
    const receiver = await otlpReceiver()
    const bench = await project({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint })
    await bench.exits(12, 'run workflow.yaml --detach')
    await exits(0, bench.eosflowWith({ answers: ['yes'] }, 'approve @latest'))
    await bench.ok('resume')
    expectClean(receiver, bench)
    const spans = receiver.spans()
    const [first, second] = spans.filter(({ name }) => name === 'execution add-a-vlan')
    expect(first?.at).toMatchObject({ 'eosflow.taken': 'started', 'eosflow.result': 'rests' })
    expect(second?.at).toMatchObject({ 'eosflow.taken': 'resumed', 'eosflow.outcome': 'succeeded' })
    expect(second?.parentSpanId).toBe(first?.spanId)
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
    expect(spans.filter(({ name }) => name === 'Approve').map(({ at }) => at['eosflow.result'])).toEqual([
      'waits',
      'ok',
    ])
    const records = JSON.parse((await bench.eosflow('history @latest --json')).out) as Record<string, unknown>[]
    expect(records[0]?.trace).toBe(`00-${first?.traceId}-${first?.spanId}-01`)
    expect(records.length).toBeGreaterThan(20)
    expect(records.filter(({ traceId }) => traceId !== first?.traceId)).toEqual([])
    const shown = JSON.parse((await bench.eosflow('show @latest --json')).out) as Record<string, unknown>
    expect(shown.traceId).toBe(first?.traceId)
  })

  test('what nobody else records is not sent, and stays in its trace', async () => {
    const receiver = await otlpReceiver()
    const unsampled = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'
    const bench = await project({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, TRACEPARENT: unsampled })
    await bench.exits(12, 'run workflow.yaml --detach')
    expect(receiver.bodies).toEqual([])
    const [first] = JSON.parse((await bench.eosflow('history @latest --json')).out) as {
      readonly trace: string
    }[]
    expect(first?.trace).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-00$/)
  })
})

describe('the record as logs', () => {
  test('is OTLP of every record, and the records of an execution have its trace', async () => {
    const bench = await project({ TRACEPARENT: CALLER })
    await bench.exits(12, 'run workflow.yaml --detach')
    await bench.ok('audit verify')
    const { out } = await bench.ok('audit export --format otlp')
    expect(
      out
        .split('\n')
        .filter((line) => line !== '')
        .flatMap((line) => faultsOf('logs', line)),
    ).toEqual([])
    const records = out
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => (JSON.parse(line) as LogsRequest).resourceLogs)
      .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
    const ofExecution = records.filter(({ attributes }) => attributes.some(({ key }) => key === 'eosflow.execution'))
    expect([ofExecution.length > 12, records.length > ofExecution.length]).toEqual([true, true])
    const traces = new Set(ofExecution.map(({ traceId, spanId }) => `${traceId} ${spanId}`))
    expect(traces).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c b7ad6b7169203331']))
    expect(records.filter((one) => !ofExecution.includes(one) && one.traceId !== undefined)).toEqual([])
    // The first record is not among these: it is read for its trace.
    const rest = await bench.eosflow('audit export --format otlp --since-seq 8')
    expect(rest.out).toContain('"traceId":"0af7651916cd43dd8448eb211c80319c"')
  })
})

interface LogsRequest {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly traceId?: string
        readonly spanId?: string
        readonly attributes: readonly { readonly key: string }[]
      }[]
    }[]
  }[]
}

describe('without a collector', () => {
  test('an address that is none is not repeated: there may be a password in it', { tags: 'long' }, async () => {
    const bench = await project({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://bob:hunter2@no such host' })
    const ended = await change(bench)
    expect([ended.code, /no traces: .*/.exec(ended.err)?.[0]]).toEqual([
      0,
      "no traces: Configuration: Could not parse user-provided export URL: '…'",
    ])
  })
})
