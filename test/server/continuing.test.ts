import { expect, onTestFinished, test } from 'vitest'
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

/** A change that waits for its approval, begun by a server that is gone, and what begins the server after it. */
async function leftWaiting() {
  const bench = await startServer()
  const ann = bench.browser(ANN)
  const id = String((await ann.post('/api/v1/executions', { workflow: 'workflow.yaml' })).json.execution)
  const get = async () => (await ann.get(`/api/v1/executions/${id}`)).json
  await until(bench, async () => (await get()).waitingFor !== undefined)
  await until(bench, async () => bench.room.running.length === 0)
  const plan = String((await get()).plan)
  const failures: string[] = []
  const nextServer = async () => {
    const next = openEngineRoom({
      app: bench.app,
      console: silentConsole(),
      most: 20,
      failed: (what, error) => void failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`),
      rehearse: () => new Promise(() => undefined),
    })
    await whileTimePasses(bench.lab.clock, next.begin())
    onTestFinished(async () => {
      await whileTimePasses(bench.lab.clock, next.end(AbortSignal.timeout(5_000)))
    })
    return next
  }
  const approve = () => ann.post(`/api/v1/plans/${plan}/decisions`, { decision: 'approve' })
  return { bench, ann, id, get, approve, nextServer, failures }
}

test('what a person has stopped is put back by the next server, and does not go on', async () => {
  const { bench, id, get, approve, nextServer, failures } = await leftWaiting()
  // The word is on record, and the server was gone before it has put anything back.
  await bench.app.journalAs(ANN).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'not tonight' }])
  const next = await nextServer()
  await until(bench, async () => (await get()).status === 'ended')
  expect([(await get()).outcome, next.running, failures]).toEqual(['cancelled', [], []])
  expect((await approve()).status).toBe(409)
})

test('what a person has stopped does not go on when somebody decides about its plan behind that', async () => {
  const { bench, id, get, approve, nextServer, failures } = await leftWaiting()
  await nextServer()
  await until(bench, async () => (await get()).waitingFor !== undefined)
  // `eosflow stop` that was interrupted before it took the execution over: its request is on record.
  await bench.app.journalAs(ANN).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'not tonight' }])
  const before = bench.requests()
  expect((await approve()).status).toBe(200)
  await until(bench, async () => (await get()).status === 'ended')
  expect([(await get()).outcome, bench.requests() - before, failures]).toEqual(['cancelled', 0, []])
})

test('what a server could not go on with at its start goes on when it is approved behind that', async () => {
  const { bench, ann, get, approve, nextServer, failures } = await leftWaiting()
  expect((await ann.post('/api/v1/freezes', { reason: 'core is unstable' })).status).toBe(200)
  const next = await nextServer()
  expect(failures).toEqual([expect.stringContaining('core is unstable')])
  expect((await ann.post('/api/v1/unfreeze', { reason: 'it is stable' })).status).toBe(200)
  expect([next.running, (await get()).status]).toEqual([[], 'running'])
  expect((await approve()).status).toBe(200)
  await until(bench, async () => (await get()).status === 'ended')
  expect((await get()).outcome).toBe('succeeded')
})
