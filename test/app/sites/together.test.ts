// @module-tag long
import { expect, test } from 'vitest'
import { planForDecision } from '../../../src/app/approval/decide-plan.ts'
import { beginChange } from '../../../src/app/execution/begin-change.ts'
import { executionToResume } from '../../../src/app/execution/execution-to-resume.ts'
import { redrive } from '../../../src/app/execution/redrive.ts'
import { stop } from '../../../src/app/execution/stop.ts'
import { stopEveryOpen } from '../../../src/app/execution/stop-all.ts'
import { askToStop } from '../../../src/app/execution/stop-asked.ts'
import { suspend } from '../../../src/app/execution/suspend.ts'
import { putBack } from '../../../src/app/rollback/put-back.ts'
import type { EventBody, JournalEvent } from '../../../src/journal/event.ts'
import { executionAs } from '../../../src/report/execution/formats.ts'
import { plain } from '../../../src/report/style.ts'
import { ALICE, brokenLaws, type Moment, type TeamInMemory, teamInMemory } from './team-in-memory.ts'

const silently = (): void => undefined
const types = (events: readonly JournalEvent[]): readonly string[] => events.map(({ type }) => type)

test('two sites are planned, approved once, confirmed and saved together, each by workers that reach its own switches alone', async () => {
  const team = await teamInMemory()
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

test('one site is not good: both are put back, and the whole names what each has', {
  tags: ['long', 'turn'],
}, async () => {
  const isArmed = (): boolean => team.lab.fabric.device('leaf3').counters().commits.timed > 0
  const team: TeamInMemory = await teamInMemory({
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

test('a plan that is rejected touches no switch of any site', { tags: ['long', 'turn'] }, async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.decide(id, 'reject')
  expect((await team.ended(id)).outcome).toBe('refused')
  expect(team.truth()).toEqual({ leaf1: 'BEFORE', leaf3: 'BEFORE' })
  expect(await brokenLaws(team, id)).toEqual([])
})

test('the confirm of one site fails behind the release: the other, confirmed and not saved, is restored', {
  tags: ['long', 'turn'],
}, async () => {
  const killed = ({ events, when, process }: Moment): boolean =>
    when === 'before' &&
    process.sites.includes('south') &&
    events.some((event) => event.type === 'ActIntended' && event.act === 'confirm' && event.device === 'leaf3')
  // Only one worker reaches the south, and it dies: the timer of its switch strikes.
  const team = await teamInMemory({ killed, workers: [['north'], ['south'], ['north']] })
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

const isRelease = (event: EventBody, barrier: string): boolean =>
  event.type === 'BarrierDecided' && event.barrier === barrier && event.decision === 'released'

test.each(['confirm', 'save'])(
  'a stop of the whole before the release of `%s` puts both sites back',
  { tags: ['long', 'turn'] },
  async (barrier) => {
    let isAsked = false
    // The worker that would release dies, and while nobody drives the whole somebody stops it.
    const team: TeamInMemory = await teamInMemory({
      killed: ({ execution = '', events, when }) => {
        if (isAsked || when !== 'before' || !events.some((event) => isRelease(event, barrier))) return false
        isAsked = true
        void askToStop(team.client, ALICE, [execution], { reason: 'the window is over' })
        return true
      },
    })
    const id = await team.begin()
    await team.decide(id)
    expect((await team.ended(id)).outcome).toBe('cancelled')
    expect(isAsked).toBe(true)
    expect(team.truth()).toEqual({ leaf1: 'BEFORE', leaf3: 'BEFORE' })
    expect(await brokenLaws(team, id)).toEqual([])
  },
)

test('a stop of the whole behind the release of `save` is too late: every site saves, and it has succeeded', {
  tags: ['long', 'turn'],
}, async () => {
  let isAsked = false
  const team: TeamInMemory = await teamInMemory({
    killed: ({ execution = '', events, when }) => {
      if (isAsked || when !== 'behind' || !events.some((event) => isRelease(event, 'save'))) return false
      isAsked = true
      void askToStop(team.client, ALICE, [execution], { reason: 'the window is over' })
      return true
    },
  })
  const id = await team.begin()
  await team.decide(id)
  expect((await team.ended(id)).outcome).toBe('succeeded')
  expect([isAsked, team.truth()]).toEqual([true, { leaf1: 'AFTER', leaf3: 'AFTER' }])
  const records = await team.records(id)
  expect(records.at(-1)).not.toHaveProperty('error')
  expect(executionAs.text(await team.state(id), records, plain)).toContain(
    'The word to stop came too late: every site had been let save.',
  )
  expect(await brokenLaws(team, id)).toEqual([])
})

test('a stop of the whole behind the release of `save` puts back no site that has not saved yet: the other one has', {
  tags: ['long', 'turn'],
}, async () => {
  let [isAsked, isDead] = [false, false]
  const team: TeamInMemory = await teamInMemory({
    killed: ({ process, execution = '', events, when }) => {
      if (!isAsked && when === 'behind' && events.some((event) => isRelease(event, 'save'))) {
        isAsked = true
        void askToStop(team.client, ALICE, [execution], { reason: 'the window is over' })
        return true
      }
      const isSave = events.some(
        (event) => event.type === 'ActIntended' && event.act === 'save' && event.device === 'leaf3',
      )
      if (isDead || !isSave || when !== 'before' || !process.sites.includes('south')) return false
      isDead = true
      return true
    },
    // The first drives the whole.
    workers: [['west'], ['north'], ['south'], ['west']],
  })
  const id = await team.begin()
  await team.decide(id)
  await team.until(async () => (await team.state(id)).status === 'compensating')
  // It is asked for the parts that have not ended twice a second.
  const from = team.lab.clock.now()
  await team.until(async () => team.lab.clock.now() > from + 5_000)
  expect((await team.parts(id)).north?.outcome).toBe('succeeded')
  team.join(['south'])
  expect((await team.ended(id)).outcome).toBe('succeeded')
  expect([isAsked, isDead, team.truth()]).toEqual([true, true, { leaf1: 'AFTER', leaf3: 'AFTER' }])
  expect(await brokenLaws(team, id)).toEqual([])
})

test('a word to stop that comes for a site in the moment of the release keeps all sites from it', {
  tags: ['long', 'turn'],
}, async () => {
  let isAsked = false
  const team: TeamInMemory = await teamInMemory({
    killed: ({ execution = '', events, when }) => {
      if (!isAsked && when === 'before' && events.some((event) => isRelease(event, 'confirm'))) {
        isAsked = true
        const south = team.partOf(execution, 'south')
        void team.client
          .journalAs(ALICE.principal)
          .append(undefined, [{ type: 'StopRequested', stopped: south, reason: 'all is stopped' }])
      }
      return false
    },
  })
  const id = await team.begin()
  await team.decide(id)
  expect((await team.ended(id)).outcome).toBe('rolled-back')
  expect(isAsked).toBe(true)
  const released = (await team.records(id)).filter((event) => isRelease(event, 'confirm'))
  expect([released, team.truth()]).toEqual([[], { leaf1: 'BEFORE', leaf3: 'BEFORE' }])
  expect(await brokenLaws(team, id)).toEqual([])
})

test('a release that comes in the moment in which a site leaves keeps it from leaving', {
  tags: ['long', 'turn'],
}, async () => {
  let isReleased = false
  const team: TeamInMemory = await teamInMemory({
    killed: ({ process, events, execution = '', when }) => {
      // Nobody drives the whole until a site has waited for as long as it can.
      const isDecided = events.some((event) => event.type === 'BarrierDecided' && event.barrier === 'confirm')
      if (when === 'before' && isDecided && !isReleased) return true
      if (when === 'before' && events.some(({ type }) => type === 'BarrierLeft') && !isReleased) {
        isReleased = true
        team.releaseNow(process, execution, 'confirm')
      }
      return false
    },
    workers: Array.from({ length: 40 }, (_, index) => [index % 2 === 0 ? 'north' : 'south']),
  })
  const id = await team.begin()
  await team.decide(id)
  await team.ended(id)
  expect(isReleased).toBe(true)
  expect(await brokenLaws(team, id)).toEqual([])
})

test('what there is not for a whole or for one of its sites is refused by name, and touches nothing', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.until(async () => (await team.state(id)).scopes.some(({ phase }) => phase === 'waiting'))
  const { client } = team
  const { north, south } = await team.parts(id)
  const seen = [(await team.records(id)).length, (await team.records(north?.id ?? '')).length]
  const silent = () => () => undefined
  const one = { execution: north?.id ?? '', reason: '' }
  const ofPart = { problems: [{ code: 'part-of-sites', hint: expect.stringContaining(id) }] }
  await expect(stop(client, ALICE, one, silent)).rejects.toMatchObject(ofPart)
  await expect(suspend(client, ALICE, one, silent)).rejects.toMatchObject(ofPart)
  await expect(executionToResume(client, ALICE, one.execution, false)).rejects.toMatchObject(ofPart)
  await expect(redrive(client, ALICE, one.execution)).rejects.toMatchObject(ofPart)
  for (const decision of ['approve', 'reject'] as const) {
    const request = { word: one.execution, decision, isForElsewhere: false, trust: undefined }
    await expect(planForDecision(client, ALICE, request)).rejects.toMatchObject(ofPart)
  }
  const ofWhole = { problems: [{ code: 'several-sites', message: expect.stringContaining(south?.id ?? '') }] }
  await expect(suspend(client, ALICE, { execution: id, reason: '' }, silent)).rejects.toMatchObject(ofWhole)
  await expect(redrive(client, ALICE, id)).rejects.toMatchObject(ofWhole)
  await expect(putBack(client, ALICE, { execution: id, target: undefined })).rejects.toMatchObject(ofWhole)
  expect([(await team.records(id)).length, (await team.records(north?.id ?? '')).length]).toEqual(seen)
  await team.decide(id, 'reject')
  await team.ended(id)
  await expect(beginChange(client, ALICE, await team.planned(id))).rejects.toMatchObject({
    problems: [{ code: 'sites-together' }],
  })
})

test('a stop of everything that is open is one of the whole, which has its parts stop', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.until(async () => (await team.state(id)).scopes.some(({ phase }) => phase === 'waiting'))
  const left = { ...ALICE, stop: AbortSignal.abort() }
  let asked: readonly string[] = []
  const word = { reason: 'all is stopped', restored: false }
  const open = await stopEveryOpen(team.client, left, word, silently, (executions) => {
    asked = executions
  })
  expect([open, asked]).toEqual([1, [id]])
  expect((await team.ended(id)).outcome).toBe('cancelled')
  expect(Object.values(await team.parts(id)).map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled'])
})

test('a change of one site, and one that workers do not drive, is one execution as before', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory()
  const id = await team.begin('leaf1')
  await team.decide(id)
  expect((await team.ended(id)).outcome).toBe('succeeded')
  expect((await team.records(id)).filter(({ type }) => /^(?:Site|Barrier)/.test(type))).toEqual([])
  expect((await team.state(id)).sites).toMatchObject({ isDivided: false, part: undefined })
})
