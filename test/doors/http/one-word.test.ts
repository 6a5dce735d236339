import { expect, test } from 'vitest'
import { everyNthOfLong } from '../../extent.ts'
import { ANN, openLab, workflowFor } from '../../lab/lab.ts'
import { type Browser, idle, type ServerBench, until } from '../../lab/server.ts'

/** A change that is live for a minute before it is confirmed. */
const SLOW = '{ within: 90s, stableFor: 60s, every: 2s, checks: [reachable] }'

type Approve = () => Promise<number>

/** When the same person approves the same plan: each a list of acts, one behind the other; those of one list come at once. */
const PATTERNS: Readonly<
  Record<string, (tabs: readonly [Approve, Approve], live: () => Promise<void>) => Promise<number[]>>
> = {
  once: async ([one]) => [await one()],
  twice: async ([one]) => [await one(), await one()],
  'at once': async ([one]) => Promise.all([one(), one()]),
  'in two tabs': async ([one, two]) => [await one(), await two()],
  'in two tabs at once': async ([one, two]) => Promise.all([one(), two()]),
  'in a stale tab, while it is live': async ([one, two], live) => {
    const first = await one()
    await live()
    return [first, await two()]
  },
}

/** The ways of approving by a page and by the API. */
const WAYS: Readonly<Record<string, (browser: Browser, plan: string) => Promise<number>>> = {
  api: async (browser, plan) => (await browser.post(`/api/v1/plans/${plan}/decisions`, { decision: 'approve' })).status,
  page: async (browser, plan) => {
    const { status } = await browser.form(`/plans/${plan}/decisions`, { decision: 'approve', comment: 'CHG-1' })
    return status === 303 ? 200 : status
  },
}

interface Change {
  readonly bench: ServerBench
  readonly ann: Browser
  readonly get: (id: string) => Promise<Record<string, unknown>>
}

async function served(verify: string): Promise<Change> {
  const bench = await openLab({ workflow: workflowFor('leaf1', { verify }) }).serve()
  await bench.room.begin()
  const ann = bench.browser(ANN)
  return { bench, ann, get: async (id) => await ann.seen(id) }
}

/** The execution of a plan on record, once it waits or has ended. */
async function begunAgain({ bench, ann, get }: Change, plan: string): Promise<Record<string, unknown>> {
  const { json } = await ann.post(`/api/v1/plans/${plan}/executions`, {})
  const id = String(json.execution)
  await until(bench, async () => (await get(id)).waitingFor !== undefined || (await get(id)).status === 'ended')
  await idle(bench)
  return get(id)
}

const isLive = async ({ bench }: Change, id: string) =>
  (await bench.app.store.read(id)).some((event) => event.type === 'ActFinished' && event.act === 'arm')

const CASES = Object.keys(WAYS).flatMap((way) => Object.keys(PATTERNS).map((pattern) => [way, pattern] as const))

test.for(everyNthOfLong(3, 'ways of approving twice', CASES))(
  '[S13] by %s, %s: a change that was stopped while it was live waits for an approval before it is live again',
  {
    tags: 'long',
  },
  async ([way, pattern]) => {
    const change = await served(SLOW)
    const { bench, ann, get } = change
    const id = await ann.begin()
    await until(bench, async () => (await get(id)).waitingFor !== undefined)
    const plan = String((await get(id)).plan)
    const tabs = [ann, bench.browser(ANN)].map((tab) => () => WAYS[way]?.(tab, plan) ?? Promise.resolve(0))
    const [one, two] = tabs
    if (one === undefined || two === undefined) throw new Error('two tabs')
    const statuses = await PATTERNS[pattern]?.([one, two], () => until(bench, () => isLive(change, id)))
    expect(new Set(statuses)).toEqual(new Set([200]))
    await until(bench, () => isLive(change, id))
    await ann.post(`/api/v1/executions/${id}/stop`, { reason: 'wrong VLAN' })
    await until(bench, async () => (await get(id)).status === 'ended')
    expect((await get(id)).outcome).toBe('cancelled')
    const again = await begunAgain(change, plan)
    expect(again).toMatchObject({ status: 'running', waitingFor: expect.anything() })
    expect(bench.failures).toEqual([])
  },
)

test('who approves twice is told that it is one approval, and a stale tab that the plan is carried out', {
  tags: ['long', 'turn'],
}, async () => {
  const change = await served(SLOW)
  const { bench, ann, get } = change
  const begun = await ann.post('/api/v1/plans', { workflow: 'workflow.yaml' })
  const planned = String(begun.json.execution)
  await until(bench, async () => (await get(planned)).status === 'ended')
  const plan = String((await get(planned)).plan)
  const approve = async () => (await ann.post(`/api/v1/plans/${plan}/decisions`, { decision: 'approve' })).json
  expect((await approve()).note).toBe(undefined)
  expect((await approve()).note).toBe(
    `${ANN.id} has approved this plan already, at 2026-01-05T08:00:00.000Z: it is one approval`,
  )
  expect(await bench.app.store.approvals(plan)).toHaveLength(1)
  const id = String((await ann.post(`/api/v1/plans/${plan}/executions`, {})).json.execution)
  await until(bench, () => isLive(change, id))
  expect((await approve()).note).toBe(
    `${id} carries this plan out already: this approval is for it alone, and lapses when it ends`,
  )
  await until(bench, async () => (await get(id)).status === 'ended')
  expect((await get(id)).outcome).toBe('succeeded')
})
