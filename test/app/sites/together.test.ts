import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { brokenLaws } from './laws.ts'
import { type Moment, TeamInMemory } from './team-in-memory.ts'

const types = (events: readonly JournalEvent[]): readonly string[] => events.map(({ type }) => type)

test('two sites are planned, approved once, confirmed and saved together, each by workers that reach its own switches alone', async () => {
  const team = new TeamInMemory()
  const id = await team.begin()
  await team.decide(id)
  const whole = await team.ended(id)
  expect(team.thrown).toEqual([])
  expect([whole.outcome, team.truth(), team.strayed]).toEqual(['succeeded', { leaf1: 'AFTER', leaf3: 'AFTER' }, []])
  expect(await brokenLaws(team, id)).toEqual([])
  const about = types(await team.records(id)).filter((type) =>
    /^(?:Barrier|Site|PlanMade|Approval|Execution)/.test(type),
  )
  expect(about).toEqual([
    'ExecutionStarted',
    'ExecutionResumed',
    'SitesDivided',
    'PlanMade',
    'ApprovalRequested',
    'ExecutionResumed',
    'ApprovalUsed',
    'BarrierDecided',
    'BarrierDecided',
    'BarrierDecided',
    'SiteEnded',
    'SiteEnded',
    'ExecutionEnded',
  ])
  expect((await team.records(id)).at(-1)).toMatchObject({ devices: { leaf1: 'changed', leaf3: 'changed' } })
})

test('one site is not good: both are put back, and the whole names what each has', async () => {
  const isArmed = (): boolean => team.lab.fabric.device('leaf3').counters().commits.timed > 0
  const team: TeamInMemory = new TeamInMemory({
    before: (device, commands) => {
      if (device === 'leaf3' && commands.some((one) => one.startsWith('show vlan')) && isArmed())
        throw new Error('lost')
    },
  })
  const id = await team.begin()
  await team.decide(id)
  const whole = await team.ended(id)
  expect([whole.outcome, team.truth()]).toEqual(['rolled-back', { leaf1: 'BEFORE', leaf3: 'BEFORE' }])
  expect(await brokenLaws(team, id)).toEqual([])
  expect((await team.records(id)).at(-1)).toMatchObject({ devices: { leaf1: 'reverted', leaf3: 'reverted' } })
  const refused = (await team.records(id)).find(
    (event) => event.type === 'BarrierDecided' && event.barrier === 'confirm',
  )
  expect(refused).toMatchObject({ decision: 'refused', reason: expect.stringMatching(/^south: /) })
})

test('a plan that is rejected touches no switch of any site', async () => {
  const team = new TeamInMemory()
  const id = await team.begin()
  await team.decide(id, 'reject')
  expect((await team.ended(id)).outcome).toBe('refused')
  expect(team.truth()).toEqual({ leaf1: 'BEFORE', leaf3: 'BEFORE' })
  expect(await brokenLaws(team, id)).toEqual([])
})

test('the confirm of one site fails behind the release: the other, confirmed and not saved, is restored', async () => {
  const killed = ({ events, when, process }: Moment): boolean =>
    when === 'before' &&
    process.sites.includes('south') &&
    events.some((event) => event.type === 'ActIntended' && event.act === 'confirm' && event.device === 'leaf3')
  // Only one worker reaches the south, and it dies: the timer of its switch strikes.
  const team = new TeamInMemory({ killed, workers: [['north'], ['south'], ['north']] })
  const id = await team.begin()
  await team.decide(id)
  await team.until(async () => (await team.parts(id)).north?.status === 'ended')
  expect(team.truth()).toEqual({ leaf1: 'BEFORE', leaf3: 'BEFORE' })
  // The whole does not say how the south is before it was read.
  expect((await team.state(id)).status).not.toBe('ended')
  team.join(['south'])
  expect((await team.ended(id)).outcome).toBe('rolled-back')
  expect(await brokenLaws(team, id)).toEqual([])
})
