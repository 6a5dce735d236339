import { expect, onTestFinished, test } from 'vitest'
import { foldAll } from '../../../src/change/engine/fold.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { openEngineThread } from '../../../src/doors/http/act/engine-thread.ts'
import { Runs } from '../../../src/doors/http/jobs/runs.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { ANN, type App, openLab, partOf, whileTimePasses, workflowFor } from '../../lab/lab.ts'
import { idle, type ServerBench, until } from '../../lab/server.ts'

/** The record of a change that has succeeded. */
async function recordOfChange(bench: ServerBench) {
  const ann = bench.browser(ANN)
  const id = await ann.begin()
  const get = () => ann.seen(id)
  await until(bench, async () => (await get()).waitingFor !== undefined && bench.room.running.length === 0)
  await ann.post(`/api/v1/plans/${String((await get()).plan)}/decisions`, { decision: 'approve' })
  await ann.post(`/api/v1/executions/${id}/resume`)
  await ann.ends(id)
  return bench.app.store.read(id)
}

/** Runs of which one at once is begun, on a record that is given; `begun` are the executions that were begun, in order. */
function oneAtOnce(records: ReadonlyMap<string, readonly JournalEvent[]>) {
  const begun: string[] = []
  const app = partOf<App>({
    store: { read: async (id: string) => records.get(id) ?? [], suspendRequest: async () => undefined },
    claims: {
      isClaimed: async () => false,
      // Whoever runs an execution claims it first; nobody gets any further here.
      claim: (id: string) => {
        begun.push(id)
        return new Promise(() => undefined)
      },
    },
  })
  const served = { ids: [], keep: () => true, forget: () => undefined }
  return { begun, runs: new Runs({ app, most: 1, served, failed: () => undefined, rests: () => undefined }) }
}

test('an execution waits for its turn as long as no switch waits for it, and not for a moment from its timed commit until all is saved', {
  tags: ['long', 'turn'],
}, async () => {
  const events = await recordOfChange(await openLab().serve())
  const [isArmed, isSaved] = [
    events.findIndex((event) => event.type === 'ActIntended' && event.act === 'arm'),
    events.findLastIndex((event) => event.type === 'ActFinished' && event.act === 'save'),
  ]
  expect(isArmed).toBeGreaterThan(10)
  expect(isSaved).toBeGreaterThan(isArmed + 5)
  const waits: number[] = []
  for (let length = 1; length < events.length; length += 1) {
    const records = new Map([
      ['first', events.slice(0, 1)],
      ['other', events.slice(0, length)],
    ])
    const { begun, runs } = oneAtOnce(records)
    for (const [id, known] of records) {
      runs.begin(foldAll(id, known), { ...silentConsole(), principal: ANN })
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve()
    }
    expect([length, runs.ids]).toEqual([length, ['first', 'other']])
    if (begun.length === 1) waits.push(length)
  }
  // A record of `length` events has seen those before `length`.
  const expected = events.flatMap((_, at) => (at > 0 && (at <= isArmed || at > isSaved) ? [at] : []))
  expect(waits).toEqual(expected)
})

test('after a restart the executions that a server has left are taken up at once and run in turn, no more than may', {
  tags: ['long', 'turn'],
}, async () => {
  const leaves = ['leaf1', 'leaf2', 'leaf3', 'leaf4']
  const bench = await openLab({
    prepare: (lab) => {
      for (const leaf of leaves) lab.write(`${leaf}.yaml`, workflowFor(leaf))
    },
  }).serve()
  const ann = bench.browser(ANN)
  const ids: string[] = []
  for (const leaf of leaves)
    ids.push(String((await ann.post('/api/v1/executions', { workflow: `${leaf}.yaml` })).json.execution))
  const get = async (id: string) => await ann.seen(id)
  await idle(bench)
  for (const id of ids)
    await ann.post(`/api/v1/plans/${String((await get(id)).plan)}/decisions`, { decision: 'approve' })
  let [claimed, most] = [0, 0]
  const { claims } = bench.app
  const claim = claims.claim.bind(claims)
  claims.claim = async (id) => {
    const made = await claim(id)
    claimed += 1
    most = Math.max(most, claimed)
    const release = made.release.bind(made)
    return {
      ...made,
      renew: made.renew.bind(made),
      release: async () => {
        claimed -= 1
        await release()
      },
    }
  }
  const next = openEngineThread({
    app: bench.app,
    console: silentConsole(),
    most: 2,
    failed: (what, error) => void bench.failures.push(`${what}: ${String(error)}`),
    rehearse: () => new Promise(() => undefined),
  })
  onTestFinished(async () => void (await whileTimePasses(bench.lab.clock, next.end(AbortSignal.timeout(5_000)))))
  await next.begin()
  expect([...next.running].sort()).toEqual([...ids].sort())
  const resumed = async (id: string) => (await bench.app.store.read(id)).some(({ type }) => type === 'ExecutionResumed')
  expect(await Promise.all(ids.map(resumed))).toEqual([true, true, true, true])
  // One that waits for its turn rests when somebody says so, and its turn passes.
  const last = next.running.at(-1) ?? ''
  await bench.app.store
    .as(ANN)
    .append(undefined, [{ type: 'SuspendRequested', suspended: last, reason: 'not tonight' }])
  const others = ids.filter((id) => id !== last)
  await until(bench, async () => (await Promise.all(others.map(get))).every(({ status }) => status === 'ended'))
  await until(bench, async () => next.running.length === 0)
  expect(most).toBe(2)
  expect((await Promise.all(others.map(get))).map(({ outcome }) => outcome)).toEqual(Array(3).fill('succeeded'))
  expect(await get(last)).toMatchObject({ status: 'running', suspended: { reason: 'not tonight' } })
  expect(bench.failures).toEqual([])
})
