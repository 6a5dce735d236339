import { expect, test } from 'vitest'
import { recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import { decideActs } from '../../../src/doors/http/act/decide.ts'
import { ApprovalRequests } from '../../../src/doors/http/jobs/approval-requests.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { decideAs } from '../../../src/project/approval/decide.ts'
import { drive } from '../../../src/project/execution/resume/drive.ts'
import { openForTest } from '../../change/record/sqlite/open-for-test.ts'
import { openLab, PEOPLE, personNamed, whileTimePasses } from '../../lab/lab.ts'
import { ann, begunIn, deskOver } from './desk.ts'

/** Requests, and plans that people have decided about. */
async function requests() {
  const clock = new VirtualClock()
  const decided = new Set<string>()
  const recorded: string[] = []
  const { notes } = await openForTest(':memory:', clock)
  const all = () => new ApprovalRequests(notes)
  const store = {
    approvals: async (plan: string) => (decided.has(plan) ? ([{}] as never) : []),
  }
  let current = all()
  const ask = (plan: string, who: keyof typeof PEOPLE = 'botOfAlice') =>
    current.ask(PEOPLE[who], plan, store, async () => {
      recorded.push(plan)
    })
  const restart = () => {
    current = all()
  }
  return { clock, decided, recorded, ask, restart }
}

test('[E8] they are counted in the store: whoever starts again has three open, and the same one is one', async () => {
  const { clock, decided, recorded, ask, restart } = await requests()
  for (const plan of ['a', 'b', 'c']) {
    await ask(plan)
    restart()
  }
  await expect(ask('d')).rejects.toThrow('this agent has 3 open requests for approval')
  restart()
  await ask('a')
  expect(recorded).toEqual(['a', 'b', 'c'])
  decided.add('b')
  restart()
  await ask('d')
  await clock.advance(24 * 3_600_000)
  for (const plan of ['a', 'b', 'c']) await ask(plan)
  expect(recorded).toEqual(['a', 'b', 'c', 'd', 'a', 'b', 'c'])
})

test('the same request within a day is one record, also when somebody has decided meanwhile', async () => {
  const { clock, decided, recorded, ask } = await requests()
  const ends = await ask('a')
  decided.add('a')
  for (let again = 0; again < 50; again += 1) expect(await ask('a')).toBe(ends)
  await Promise.all([ask('b'), ask('b'), ask('b')])
  expect(recorded).toEqual(['a', 'b'])
  await clock.advance(24 * 3_600_000)
  expect(await ask('a')).toBe(ends + 24 * 3_600_000)
  expect(recorded).toEqual(['a', 'b', 'a'])
})

test('three wait for people at once, also when all are asked for in one moment; each agent and person has three', async () => {
  const { decided, recorded, ask } = await requests()
  const made = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((plan) => ask(plan)))
  expect(made.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(3)
  for (const plan of ['a', 'b', 'c']) await ask(plan)
  await expect(ask('f')).rejects.toThrow('this agent has 3 open requests for approval')
  await ask('f', 'botOfBob')
  decided.add('b')
  await ask('f')
  await expect(ask('g')).rejects.toThrow('this agent has 3 open requests for approval')
  expect(recorded.filter((plan) => plan === 'f')).toHaveLength(2)
  expect(new Set(recorded)).toEqual(new Set(['a', 'b', 'c', 'f']))
})

test('a request that cannot be put on record is none', async () => {
  const all = new ApprovalRequests((await openForTest(':memory:')).notes)
  const store = { approvals: async () => [] }
  const failing = all.ask(PEOPLE.bot, 'a', store, async () => {
    throw new Error('no disk')
  })
  await expect(failing).rejects.toThrow('no disk')
  let count = 0
  await all.ask(PEOPLE.bot, 'a', store, async () => {
    count += 1
  })
  expect(count).toBe(1)
})

test('a server that dies before a request is on record keeps the agent from it for a minute', async () => {
  const clock = new VirtualClock()
  const { notes } = await openForTest(':memory:', clock)
  const store = { approvals: async () => [] }
  new ApprovalRequests(notes)
    .ask(PEOPLE.bot, 'a', store, () => new Promise<void>(() => undefined))
    .catch(() => undefined)
  let count = 0
  const ask = () =>
    new ApprovalRequests(notes).ask(PEOPLE.bot, 'a', store, async () => {
      count += 1
    })
  await clock.advance(59_999)
  expect([await ask(), count]).toEqual([Date.UTC(2026, 0, 6, 8), 0])
  await clock.advance(1)
  expect([await ask(), count]).toEqual([Date.UTC(2026, 0, 6, 8, 1), 1])
  await clock.advance(60_000)
  expect([await ask(), count]).toEqual([Date.UTC(2026, 0, 6, 8, 1), 1])
})

test('[P20] nobody is asked to approve a plan that a person has rejected', async () => {
  const { lab, app, context } = await deskOver(openLab())
  const id = await begunIn(app)
  await whileTimePasses(lab.clock, drive(app, ann, id))
  const made = (await app.store.read(id)).find((event) => event.type === 'PlanMade')
  const asked = { plan: made?.digest ?? '', reason: 'tonight' }
  expect(await decideActs['request-approval'](context, ann, asked)).toEqual({ expires: '2026-01-06T00:00:00.000Z' })
  const read = await recordedPlan(app.store, made?.plan ?? '')
  await decideAs(app, personNamed('bob'), read, { decision: 'reject', comment: '' })
  await expect(decideActs['request-approval'](context, ann, asked)).rejects.toThrow('a person has rejected this plan')
})
