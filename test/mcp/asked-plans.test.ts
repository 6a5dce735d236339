import { expect, test } from 'vitest'
import type { JournalEvent } from '../../src/journal/event.ts'
import { AskedPlans } from '../../src/server/asked-plans.ts'
import { PEOPLE } from '../lab/people.ts'
import { until } from '../lab/server.ts'
import { call, planOf, startAgentTools } from './agent-tools.ts'

test('what an agent asks for waits on the overview of whoever may approve it, and of nobody else, until somebody decides', {
  tags: 'long',
}, async () => {
  const bench = await startAgentTools()
  bench.front.live.follow(bench.front.ending).catch(() => undefined)
  const digest = await planOf(bench, 'botOfAlice')
  const agent = await bench.agent('botOfAlice')
  const [bob, alice, dave] = [PEOPLE.bob, PEOPLE.alice, PEOPLE.dave].map((person) => bench.browser(person))
  const link = `/plans/${encodeURIComponent(digest)}`
  const waitsFor = async (browser: typeof bob) => ((await browser?.get('/'))?.text ?? '').includes(link)
  expect(await waitsFor(bob)).toBe(false)
  await call(agent, 'approval_request', { digest, reason: 'please' })
  await until(bench, () => waitsFor(bob))
  expect([await waitsFor(alice), await waitsFor(dave)]).toEqual([false, false])
  await bob?.post(`/api/v1/plans/${digest}/decisions`, { decision: 'reject' })
  await until(bench, async () => !(await waitsFor(bob)))
})

const asked = (plan: string, at: string, more: object = {}) =>
  ({
    v: 1,
    seq: 1,
    at,
    actor: 'corp:bot',
    type: 'ApprovalRequested',
    plan,
    principal: PEOPLE.bot,
    ...more,
  }) as JournalEvent

test('a request is kept for a day, the hundred newest of them, and what an execution asks for itself is none', () => {
  const plans = new AskedPlans()
  const noon = Date.parse('2026-01-05T12:00:00.000Z')
  plans.took([
    asked('a', '2026-01-05T12:00:00.000Z'),
    asked('a', '2026-01-05T13:00:00.000Z'),
    asked('own', '2026-01-05T12:00:00.000Z', { principal: undefined, execution: 'x1' }),
  ])
  expect(plans.at(noon).map(({ plan, at }) => [plan, at])).toEqual([['a', '2026-01-05T12:00:00.000Z']])
  expect(plans.at(noon + 86_400_000)).toEqual([])
  plans.took(Array.from({ length: 100 }, (_, index) => asked(`p${index}`, '2026-01-05T14:00:00.000Z')))
  const kept = plans.at(noon + 7_200_000)
  expect([kept.length, kept[0]?.plan, kept.at(-1)?.plan]).toEqual([100, 'p0', 'p99'])
})
