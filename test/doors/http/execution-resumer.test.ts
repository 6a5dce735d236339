import { expect, onTestFinished, test } from 'vitest'
import { openEngineThread } from '../../../src/doors/http/act/engine-thread.ts'
import { onceTaken, resumeActs } from '../../../src/doors/http/act/resume.ts'
import type { ActContext } from '../../../src/doors/http/context/act-context.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { drive } from '../../../src/project/execution/resume/drive.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import { ANN, openLab, PEOPLE, whileTimePasses } from '../../lab/lab.ts'
import { idle, until } from '../../lab/server.ts'
import { ann, begunIn, deskOver } from './desk.ts'

test('what a person has suspended stays so when somebody decides about its plan, and goes on when a person says so', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLab().serve()
  await bench.room.begin()
  const ann = bench.browser(ANN)
  const id = await ann.begin()
  const get = () => ann.seen(id)
  const resumed = async () => (await bench.app.store.read(id)).filter(({ type }) => type === 'ExecutionResumed').length
  const halfMinute = async () => {
    for (let look = 0; look < 60; look += 1) {
      await bench.lab.clock.advance(500)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await ann.waits(id)
  const decisions = `/api/v1/plans/${String((await get()).plan)}/decisions`
  await idle(bench)
  const rests = await ann.post(`/api/v1/executions/${id}/suspend`, { reason: 'not tonight' })
  expect([rests.json.outcome, (await get()).suspended]).toMatchObject(['rests-already', { reason: 'not tonight' }])
  expect((await ann.post(decisions, { decision: 'approve' })).status).toBe(200)
  await halfMinute()
  expect([await resumed(), bench.room.running, (await get()).status]).toEqual([0, [], 'running'])
  // A server that is started anew leaves it so, too.
  const failed = (what: string, error: unknown) => void bench.failures.push(`${what}: ${String(error)}`)
  const next = openEngineThread({
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
  await ann.ends(id)
  expect([await resumed(), (await get()).outcome]).toEqual([1, 'succeeded'])
  expect(bench.failures).toEqual([])
})

/** A change that waits for its approval, begun by a server that is gone, and what begins the server after it. */
async function leftWaiting() {
  const bench = await openLab().serve()
  const ann = bench.browser(ANN)
  const id = await ann.begin()
  const get = () => ann.seen(id)
  await ann.waits(id)
  await idle(bench)
  const plan = String((await get()).plan)
  const failures: string[] = []
  const nextServer = async () => {
    const next = openEngineThread({
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
  const { bench, ann, id, get, approve, nextServer, failures } = await leftWaiting()
  // The word is on record, and the server was gone before it has put anything back.
  await bench.app.journalAs(ANN).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'not tonight' }])
  const next = await nextServer()
  await ann.ends(id)
  expect([(await get()).outcome, next.running, failures]).toEqual(['cancelled', [], []])
  expect((await approve()).status).toBe(409)
})

test('what a person has stopped does not go on when somebody decides about its plan behind that', async () => {
  const { bench, ann, id, get, approve, nextServer, failures } = await leftWaiting()
  await nextServer()
  await ann.waits(id)
  // `eosflow stop` that was interrupted before it took the execution over: its request is on record.
  await bench.app.journalAs(ANN).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'not tonight' }])
  const before = bench.requests()
  expect((await approve()).status).toBe(200)
  await ann.ends(id)
  // Three readings show that the switch is untouched; nothing goes on.
  expect([(await get()).outcome, bench.requests() - before, failures]).toEqual(['cancelled', 3, []])
})

test('what a server could not go on with at its start goes on when it is approved behind that', {
  tags: ['long', 'turn'],
}, async () => {
  const { ann, id, get, approve, nextServer, failures } = await leftWaiting()
  expect((await ann.post('/api/v1/freezes', { reason: 'core is unstable' })).status).toBe(200)
  const next = await nextServer()
  expect(failures).toEqual([expect.stringContaining('core is unstable')])
  expect((await ann.post('/api/v1/unfreeze', { reason: 'it is stable' })).status).toBe(200)
  expect([next.running, (await get()).status]).toEqual([[], 'running'])
  expect((await approve()).status).toBe(200)
  await ann.ends(id)
  expect((await get()).outcome).toBe('succeeded')
})

test.each(['SuspendRequested', 'StopRequested'] as const)(
  'an execution that hears %s in the moment in which it would go on does not: the word holds',
  { tags: 'long' },
  async (type) => {
    let tried = 0
    for (let at = 1; at < 40; at += 1) {
      const { bench, ann, id, get } = await leftWaiting()
      await bench.room.begin()
      await until(bench, async () => (await get()).waitingFor !== undefined && bench.room.running.length === 0)
      const { store } = bench.app
      const { cursor } = await store.tail()
      const types = async () => (await store.tail(cursor)).events.map((event) => event.type)
      await ann.post(`/api/v1/plans/${String((await get()).plan)}/decisions`, { decision: 'approve' })
      const read = store.read.bind(store)
      let reads = 0
      let isFirst: boolean | undefined
      store.read = async (execution) => {
        const events = await read(execution)
        reads += execution === id ? 1 : 0
        if (reads !== at || isFirst !== undefined) return events
        isFirst = !(await types()).includes('ExecutionResumed')
        const word = type === 'StopRequested' ? { type, stopped: id } : { type, suspended: id }
        await store.as(ANN).append(undefined, [{ ...word, reason: 'not tonight' }])
        return events
      }
      for (let look = 0; look < 20; look += 1) {
        await bench.lab.clock.advance(500)
        await new Promise((resolve) => setImmediate(resolve))
      }
      store.read = read
      if (isFirst !== true) break
      tried += 1
      const isStopped = type === 'StopRequested'
      // A stop has it taken up, to be put back; nothing was sent.
      expect([at, (await types()).includes('ExecutionResumed')]).toEqual([at, isStopped])
      expect((await types()).filter((one) => one === 'ActIntended')).toEqual([])
      expect(await get()).toMatchObject(
        isStopped ? { outcome: 'cancelled' } : { status: 'running', suspended: { reason: 'not tonight' } },
      )
      expect(bench.failures).toEqual([])
    }
    expect(tried).toBeGreaterThan(1)
  },
)

test('what another process runs is left to it, also where somebody has stopped it', async () => {
  const { bench, id, get, nextServer, failures } = await leftWaiting()
  await bench.app.journalAs(ANN).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'not tonight' }])
  const { seq } = await get()
  const claim = await bench.app.claims.claim(id)
  const next = await nextServer()
  await until(bench, async () => failures.length > 0)
  await claim.release()
  expect([failures, next.running, (await get()).seq]).toEqual([
    [`${id}: execution ${id} is run by another process`],
    [],
    seq,
  ])
})

test('whoever may begin nothing any more has nothing gone on with', async () => {
  const rules = { may: true }
  const policy = () => `version: 1
roles: { operator: { members: ["corp:sub:alice"] }, approver: { members: ["corp:sub:bob"] } }
rules:
  - { id: read, allow: [execution.read, plan.read], to: [operator, approver] }
  - id: change
    allow: [plan.create, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback${rules.may ? ', execution.start' : ''}]
    to: [operator]
    require: { approvals: { count: 1, from: [approver], notRequester: true } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [approver] }
`
  const { alice, bob } = PEOPLE
  const bench = await openLab({ policy: policy() }).serve({ tokens: { alice, bob } })
  const body = { workflow: 'workflow.yaml' }
  const begun = await bench.ask('POST', '/api/v1/executions', { token: 'alice', body })
  const id = String(begun.json.execution)
  await idle(bench)
  rules.may = false
  bench.lab.write('policy.yaml', policy())
  const before = [bench.requests(), (await bench.app.store.read(id)).length]
  await bench.room.begin()
  expect(bench.failures).toEqual([expect.stringContaining('no rule allows corp:sub:alice execution.start')])
  expect([bench.requests(), (await bench.app.store.read(id)).length]).toEqual(before)
})

test('an execution that has ended before it could be gone on with is not run', async () => {
  const { lab, app, context, begun } = await deskOver(openLab())
  const id = await begunIn(app)
  const taken = await onceTaken(context, ann, id)
  expect([taken, begun]).toEqual([{ execution: id, outcome: 'taken-up' }, [id]])
  await app.journalAs(ann.principal).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'x' }])
  await whileTimePasses(lab.clock, drive(app, ann, id))
  expect(await onceTaken(context, ann, id)).toEqual({ execution: id, outcome: 'ended-before' })
  expect(begun).toEqual([id])
})

test('[P20] an execution that waits for an outside system hears it once a person has gone on with it, and no other one does', async () => {
  for (const waits of [true, false]) {
    const { lab, app, context } = await deskOver(openLab())
    const id = await begunIn(app)
    await whileTimePasses(lab.clock, drive(app, ann, id))
    const token = `sha256:${'a'.repeat(64)}`
    if (waits) await app.journalAs(ann.principal).append(id, [{ type: 'TaskSubmitted', path: '', state: 'Ask', token }])
    const heard: unknown[] = []
    const runs = { ...context.runs, begin: (_state: unknown, _caller: Caller, how: unknown) => void heard.push(how) }
    expect(await resumeActs.resume({ ...context, runs } as ActContext, ann, { execution: id } as never)).toMatchObject({
      outcome: 'taken-up',
    })
    expect(heard).toEqual([{ detach: !waits }])
  }
})

test('[P20] of a change that has changed no switch there is nothing to put back, and nothing begins', async () => {
  const { lab, app, context, begun } = await deskOver(openLab())
  const id = await begunIn(app)
  await app.journalAs(ann.principal).append(undefined, [{ type: 'StopRequested', stopped: id, reason: 'x' }])
  await whileTimePasses(lab.clock, drive(app, ann, id))
  expect(await resumeActs.rollback(context, ann, { execution: id } as never)).toEqual({
    execution: id,
    outcome: 'nothing-to-do',
    without: [],
  })
  expect(begun).toEqual([])
})
