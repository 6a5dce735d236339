// @module-tag long
import { expect, test } from 'vitest'
import { planForDecision } from '../../../../src/project/approval/decide.ts'
import { beginChange } from '../../../../src/project/execution/begin/begin-change.ts'
import { putBack } from '../../../../src/project/execution/begin/put-back.ts'
import { executionToResume, redrive } from '../../../../src/project/execution/resume/resume.ts'
import { stop, stopEveryOpen } from '../../../../src/project/execution/stop/stop.ts'
import { suspend } from '../../../../src/project/execution/stop/suspending.ts'
import {
  ALICE,
  atRelease,
  BOTH_AFTER,
  BOTH_BEFORE,
  brokenLaws,
  isRelease,
  lived,
  type Moment,
  once,
  stopWhole,
  teamInMemory,
} from './team-in-memory.ts'

test('two sites are planned, approved once, confirmed and saved together, each by workers that reach its own switches alone', {
  tags: 'turn',
}, async () => {
  const { team, outcome, records } = await lived()
  expect([team.thrown, outcome, team.truth()]).toEqual([[], 'succeeded', BOTH_AFTER])
  expect(
    records.map(({ type }) => type).filter((type) => /^(?:Barrier|Site|PlanMade|Approval|Execution)/.test(type)),
  ).toEqual([
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
  expect(records.at(-1)).toMatchObject({ devices: { leaf1: 'changed', leaf3: 'changed' } })
})

test('one site is not good: both are put back, and the whole names what each has', {
  tags: ['long', 'turn'],
}, async () => {
  const { team, outcome, records } = await lived({
    before: (device, commands, { fabric }) => {
      const isArmed = fabric.device('leaf3').counters().commits.timed > 0
      if (device === 'leaf3' && isArmed && commands.some((one) => one.startsWith('show vlan'))) throw new Error('lost')
    },
  })
  expect([outcome, team.truth()]).toEqual(['rolled-back', BOTH_BEFORE])
  expect(records.at(-1)).toMatchObject({ devices: { leaf1: 'reverted', leaf3: 'reverted' } })
  const refused = records.find((event) => event.type === 'BarrierDecided' && event.barrier === 'confirm')
  expect(refused).toMatchObject({ decision: 'refused', reason: expect.stringMatching(/^south: /) })
})

/** Whether the south is about to announce an act on its switch. */
const southActs =
  (act: string) =>
  ({ events, when, process }: Moment) =>
    when === 'before' &&
    process.sites.includes('south') &&
    events.some((event) => event.type === 'ActIntended' && event.act === act && event.device === 'leaf3')

test('the confirm of one site fails behind the release: the other, confirmed and not saved, is restored', {
  tags: ['long', 'turn'],
}, async () => {
  // Only one worker reaches the south, and it dies: the timer of its switch strikes.
  const team = await teamInMemory({ killed: southActs('confirm'), workers: [['north'], ['south'], ['north']] })
  const id = await team.begin()
  await team.decide(id)
  await team.until(async () => (await team.parts(id)).north?.status === 'ended')
  expect(team.truth()).toEqual(BOTH_BEFORE)
  // The whole does not say how the south is before it was read.
  expect((await team.state(id)).status).not.toBe('ended')
  team.join(['south'])
  expect((await team.ended(id)).outcome).toBe('rolled-back')
  expect(await brokenLaws(team, id)).toEqual([])
})

test.each(['confirm', 'save'])(
  'a stop of the whole before the release of `%s` puts both sites back',
  { tags: ['long', 'turn'] },
  async (barrier) => {
    // The worker that would release dies, and while nobody drives the whole somebody stops it.
    const { killed, struck } = once(atRelease(barrier, 'before'), { also: stopWhole })
    const { team, outcome } = await lived({ killed })
    expect([outcome, struck() !== undefined, team.truth()]).toEqual(['cancelled', true, BOTH_BEFORE])
  },
)

test('a stop of the whole behind the release of `save` puts back no site that has not saved yet: the other one has', {
  tags: ['long', 'turn'],
}, async () => {
  const [released, saving] = [once(atRelease('save', 'behind'), { also: stopWhole }), once(southActs('save'))]
  const team = await teamInMemory({
    killed: (moment) => released.killed(moment) || saving.killed(moment),
    // The first drives the whole.
    workers: [['west'], ['north'], ['south'], ['west']],
  })
  const id = await team.begin()
  await team.decide(id)
  await team.until(async () => (await team.state(id)).status === 'compensating')
  // It is asked for the parts that have not ended twice a second.
  await team.passed(5_000)
  expect((await team.parts(id)).north?.outcome).toBe('succeeded')
  team.join(['south'])
  expect((await team.ended(id)).outcome).toBe('succeeded')
  expect([released.struck()?.name, saving.struck()?.name, team.truth()]).toEqual(['w1', 'w3', BOTH_AFTER])
  expect(await brokenLaws(team, id)).toEqual([])
})

test('a word to stop that comes for a site in the moment of the release keeps all sites from it', {
  tags: ['long', 'turn'],
}, async () => {
  const { killed, struck } = once(atRelease('confirm', 'before'), {
    dies: false,
    also: ({ team, execution = '' }) =>
      void team.client
        .journalAs(ALICE.principal)
        .append(undefined, [
          { type: 'StopRequested', stopped: team.partOf(execution, 'south'), reason: 'all is stopped' },
        ]),
  })
  const { team, outcome, records } = await lived({ killed })
  expect([outcome, struck() !== undefined, team.truth()]).toEqual(['rolled-back', true, BOTH_BEFORE])
  expect(records.filter((event) => isRelease(event, 'confirm'))).toEqual([])
})

test('a release that comes in the moment in which a site leaves keeps it from leaving', {
  tags: ['long', 'turn'],
}, async () => {
  const leaving = once(({ events, when }) => when === 'before' && events.some(({ type }) => type === 'BarrierLeft'), {
    dies: false,
    also: ({ team, process, execution = '' }) => team.releaseNow(process, execution, 'confirm'),
  })
  await lived({
    killed: (moment) => {
      // Nobody drives the whole until a site has waited for as long as it can.
      const isDecided = moment.events.some((event) => event.type === 'BarrierDecided' && event.barrier === 'confirm')
      return (moment.when === 'before' && isDecided && leaving.struck() === undefined) || leaving.killed(moment)
    },
    workers: Array.from({ length: 40 }, (_, index) => [index % 2 === 0 ? 'north' : 'south']),
  })
  expect(leaving.struck()).toBeDefined()
})

test('what there is not for a whole or for one of its sites is refused by name, and touches nothing; nor does a plan that is rejected', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.waiting(id)
  const { client } = team
  const { north, south } = await team.parts(id)
  const [execution, reason] = [north?.id ?? '', '']
  const seen = [await team.records(id), await team.records(execution)]
  const silent = () => () => undefined
  const ofPart = { problems: [{ code: 'part-of-sites', hint: expect.stringContaining(id) }] }
  const ofWhole = { problems: [{ code: 'several-sites', message: expect.stringContaining(south?.id ?? '') }] }
  const decision = { isForElsewhere: false, trust: undefined }
  const refused: readonly (readonly [object, Promise<unknown>])[] = [
    [ofPart, stop(client, ALICE, { execution, reason }, silent)],
    [ofPart, suspend(client, ALICE, { execution, reason }, silent)],
    [ofPart, executionToResume(client, ALICE, execution, false)],
    [ofPart, redrive(client, ALICE, execution)],
    [ofPart, planForDecision(client, ALICE, { word: execution, decision: 'approve', ...decision })],
    [ofPart, planForDecision(client, ALICE, { word: execution, decision: 'reject', ...decision })],
    [ofWhole, suspend(client, ALICE, { execution: id, reason }, silent)],
    [ofWhole, redrive(client, ALICE, id)],
    [ofWhole, putBack(client, ALICE, { execution: id, target: undefined })],
  ]
  await Promise.all(refused.map(([why, work]) => expect(work).rejects.toMatchObject(why)))
  expect([await team.records(id), await team.records(execution)]).toEqual(seen)
  await team.decide(id, 'reject')
  expect([(await team.ended(id)).outcome, team.truth()]).toEqual(['refused', BOTH_BEFORE])
  expect(await brokenLaws(team, id)).toEqual([])
  await expect(beginChange(client, ALICE, await team.planned(id))).rejects.toMatchObject({
    problems: [{ code: 'sites-together' }],
  })
})

test('a stop of everything that is open is one of the whole, which has its parts stop', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.waiting(id)
  const left = { ...ALICE, stop: AbortSignal.abort() }
  let asked: readonly string[] = []
  const word = { reason: 'all is stopped', restored: false }
  const open = await stopEveryOpen(
    team.client,
    left,
    word,
    () => undefined,
    (executions) => {
      asked = executions
    },
  )
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
