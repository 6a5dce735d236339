import { expect, test } from 'vitest'
import { openEngineRoom } from '../../src/server/engine-room.ts'
import { silentConsole } from '../../src/trial/silent-console.ts'
import { whileTimePasses } from '../e2e/in-memory.ts'
import { startServer, until } from './bench.ts'

const ANN = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' } as const

test('what a person has suspended stays so when somebody decides about its plan, and goes on when a person says so', async () => {
  const bench = await startServer()
  await bench.room.begin()
  const ann = bench.browser(ANN)
  const id = String((await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })).json.execution)
  const get = async () => (await ann.get(`/api/v1/executions/${id}`)).json
  const resumed = async () => (await bench.app.store.read(id)).filter(({ type }) => type === 'ExecutionResumed').length
  const halfMinute = async (): Promise<void> => {
    for (let look = 0; look < 60; look += 1) {
      await bench.lab.clock.advance(500)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await until(bench, async () => (await get()).waitingFor !== undefined)
  const decisions = `/api/v1/plans/${String((await get()).plan)}/decisions`
  await until(bench, async () => bench.room.running.length === 0)
  const rests = await ann.post(`/api/v1/executions/${id}/suspend`, { reason: 'not tonight' })
  expect([rests.json.outcome, (await get()).suspended]).toMatchObject(['rests-already', { reason: 'not tonight' }])
  expect((await ann.post(decisions, { decision: 'approve' })).status).toBe(200)
  await halfMinute()
  expect([await resumed(), bench.room.running, (await get()).status]).toEqual([0, [], 'running'])
  // A server that is started anew leaves it so, too.
  const failed = (what: string, error: unknown): void => void bench.failures.push(`${what}: ${String(error)}`)
  const next = openEngineRoom({
    app: bench.app,
    console: silentConsole(),
    most: 20,
    failed,
    rehearse: () => new Promise(() => undefined),
  })
  await next.begin()
  expect((await ann.post(decisions, { decision: 'approve' })).status).toBe(200)
  await halfMinute()
  expect([await resumed(), next.running]).toEqual([0, []])
  await whileTimePasses(bench.lab.clock, next.end(AbortSignal.timeout(5_000)))
  expect((await ann.get(`/executions/${id}`)).text).toContain(`"/executions/${id}/resume"`)
  expect((await ann.post(`/api/v1/executions/${id}/resume`)).json.outcome).toBe('taken-up')
  await until(bench, async () => (await get()).status === 'ended')
  expect([await resumed(), (await get()).outcome]).toEqual([1, 'succeeded'])
  expect(bench.failures).toEqual([])
})

test('what is suspended in the moment in which it would go on rests: nothing is resumed behind the word', async () => {
  let tried = 0
  for (let at = 1; at < 40; at += 1) {
    const bench = await startServer()
    await bench.room.begin()
    const ann = bench.browser(ANN)
    const { store } = bench.app
    const id = String((await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })).json.execution)
    const get = async () => (await ann.get(`/api/v1/executions/${id}`)).json
    await until(bench, async () => (await get()).waitingFor !== undefined && bench.room.running.length === 0)
    const { cursor } = await store.tail()
    const types = async () => (await store.tail(cursor)).events.map(({ type }) => type)
    await ann.post(`/api/v1/plans/${String((await get()).plan)}/decisions`, { decision: 'approve' })
    const read = store.read.bind(store)
    let reads = 0
    let isFirst: boolean | undefined
    store.read = async (execution) => {
      const events = await read(execution)
      reads += execution === id ? 1 : 0
      if (reads !== at || isFirst !== undefined) return events
      isFirst = !(await types()).includes('ExecutionResumed')
      await store.as(ANN).append(undefined, [{ type: 'SuspendRequested', suspended: id, reason: 'not tonight' }])
      return events
    }
    for (let look = 0; look < 20; look += 1) {
      await bench.lab.clock.advance(500)
      await new Promise((resolve) => setImmediate(resolve))
    }
    store.read = read
    if (isFirst !== true) break
    tried += 1
    expect([at, (await types()).includes('ExecutionResumed'), (await get()).suspended]).toMatchObject([
      at,
      false,
      { reason: 'not tonight' },
    ])
    expect(bench.failures).toEqual([])
  }
  expect(tried).toBeGreaterThan(1)
})
