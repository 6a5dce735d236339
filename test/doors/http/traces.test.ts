import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { ANN, openLab, workflowFor } from '../../lab/lab.ts'
import { idle, type ServerBench } from '../../lab/server.ts'
import { otlpReceiver } from '../../project/app/trace/otlp-receiver.ts'
import { call, startAgentTools } from '../agents/agent-tools.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = `00-${TRACE}-b7ad6b7169203331-01`

const traceOnRecord = async (bench: ServerBench, id: unknown) => {
  const [first] = await bench.app.store.read(String(id))
  return first?.type === 'ExecutionStarted' ? first.trace : undefined
}

/** Waits until an execution has ended, or rests. */
const settled = (bench: ServerBench) => idle(bench)

const CHANGE = { workflow: 'workflow.yaml' }

describe('a request in a trace', () => {
  test.each(everyNth(2, 'requests in a trace', ['/api/v1/plans', '/api/v1/executions']))(
    '%s begins an execution in it, on record and in the answer, though nobody collects traces',
    async (path) => {
      const bench = await openLab().serve()
      const ann = bench.browser(ANN)
      const begun = await ann.post(path, CHANGE, { traceparent: CALLER })
      expect([begun.status, begun.headers.get('traceparent')]).toEqual([202, CALLER])
      expect(begun.json).toEqual({ version: 1, execution: begun.json.execution, known: false })
      expect(await traceOnRecord(bench, begun.json.execution)).toBe(CALLER)
      await settled(bench)
      const events = (await ann.get(`/api/v1/executions/${begun.json.execution}/events`)).json.events as object[]
      expect(events.length).toBeGreaterThan(5)
      expect(events.filter((event) => !('traceId' in event) || event.traceId !== TRACE)).toEqual([])
      expect((await ann.get(`/api/v1/executions/${begun.json.execution}`)).json.traceId).toBe(TRACE)
    },
  )

  test('where traces are collected, the answer has the span of the execution, which is sent when it rests', {
    tags: ['long', 'turn'],
  }, async () => {
    const receiver = await otlpReceiver()
    const bench = await openLab().serve({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } })
    const ann = bench.browser(ANN)
    const begun = await ann.post('/api/v1/plans', CHANGE, { traceparent: CALLER })
    const span = /^00-0af7651916cd43dd8448eb211c80319c-([0-9a-f]{16})-01$/.exec(
      begun.headers.get('traceparent') ?? '',
    )?.[1]
    expect(span).not.toBe('b7ad6b7169203331')
    expect(await traceOnRecord(bench, begun.json.execution)).toBe(`00-${TRACE}-${span}-01`)
    await settled(bench)
    await bench.app.tracer?.close()
    expect(receiver.faults).toEqual([])
    // The clock of the lab stands still while an execution begins.
    const spans = receiver.spans().map(({ name, parentSpanId, spanId }) => `${name} ${spanId === span} ${parentSpanId}`)
    expect(spans.toSorted()).toEqual([
      `Plan false ${span}`,
      `Snapshot false ${span}`,
      'execution add-a-vlan true b7ad6b7169203331',
    ])
  })
})

test('an event is answered with the trace of what it has begun', async () => {
  const bench = await openLab({
    files: {
      'eosflow.yaml': `events:\n  - name: alerts\n    verify: { bearer: '\${env:ALERTS_TOKEN}' }\n    plan: { workflow: workflow.yaml }\n`,
    },
  }).serve({ env: { ALERTS_TOKEN: 'alerts-token-0123456789' } })
  const taken = await bench.ask('POST', '/api/v1/hooks/alerts', {
    body: { status: 'firing' },
    headers: { authorization: 'Bearer alerts-token-0123456789', traceparent: CALLER },
  })
  expect([taken.status, taken.json.outcome, taken.headers.get('traceparent')]).toEqual([202, 'begun', CALLER])
  expect('trace' in taken.json).toBe(false)
  expect(await traceOnRecord(bench, taken.json.execution)).toBe(CALLER)
  await settled(bench)
})

test('a plan of an agent is in the trace of its call', { tags: ['long', 'turn'] }, async () => {
  const bench = await startAgentTools()
  bench.lab.write('workflows/other.yaml', workflowFor('leaf1'))
  const client = await bench.agent('botOfAlice')
  const traced = await client.callTool({
    name: 'plan_create',
    arguments: { workflow: 'workflows/leaf.yaml', key: 'one' },
    _meta: { traceparent: CALLER },
  })
  const { execution } = traced.structuredContent as { readonly execution: string }
  expect(await traceOnRecord(bench, execution)).toBe(CALLER)
  const { found } = await call(client, 'plan_create', { workflow: 'workflows/other.yaml', key: 'two' })
  expect(await traceOnRecord(bench, found.execution)).toBeUndefined()
})
