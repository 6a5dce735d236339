import { expect, test } from 'vitest'
import { stop } from '../../../../src/project/execution/stop/stop.ts'
import type { Caller } from '../../../../src/project/identity/caller-of.ts'
import { executionAs } from '../../../../src/report/execution/formats.ts'
import { plain } from '../../../../src/report/text/text.ts'
import type { ExecutionView } from '../../../../src/report/view/execution-view.ts'
import { executionViewOf } from '../../../../src/report/view/view-of.ts'
import { ALICE, atRelease, BOTH_AFTER, BOTH_BEFORE, lived, once } from './team-in-memory.ts'

/** A whole whose worker dies behind the release of a barrier, and that is stopped then: what is shown behind each of its records. */
async function stoppedBehind(barrier: string) {
  const told: string[] = []
  const caller: Caller = { ...ALICE, tell: (text) => void told.push(text) }
  let stopping: Promise<unknown> | undefined
  const { killed } = once(atRelease(barrier, 'behind'), {
    also: ({ team, execution = '' }) => {
      stopping = stop(team.client, caller, { execution, reason: '' }, () => () => undefined)
    },
  })
  const { team, id, whole, records: all } = await lived({ killed })
  await stopping
  const records = all.filter(({ execution }) => execution === id)
  const shown = records.map(({ at }, index) =>
    executionViewOf(id, records.slice(0, index + 1), { now: Date.parse(at), isRunning: true }),
  )
  const types = records.map(({ type }) => type)
  return { shown, types, records, whole, truth: team.truth(), told: told.map((text) => text.replace(id, 'ID')) }
}

const lives = new Map<string, ReturnType<typeof stoppedBehind>>()

/** Each takes a second, and is lived through once. */
function shownOf(barrier: 'confirm' | 'save') {
  const life = lives.get(barrier) ?? stoppedBehind(barrier)
  lives.set(barrier, life)
  return life
}

const steps = (view: ExecutionView | undefined) =>
  view?.steps.map(({ label, standing }) => `${label} ${standing}`).join(', ') ?? ''

test('a stop that comes too late fails no step: the sites save, and what has succeeded is shown as done', {
  tags: ['long', 'turn'],
}, async () => {
  const { shown, types, records, whole, truth } = await shownOf('save')
  expect([whole.outcome, truth]).toEqual(['succeeded', BOTH_AFTER])
  expect(records.at(-1)).not.toHaveProperty('error')
  expect(executionAs.text(whole, records, plain)).toContain(
    'The word to stop came too late: every site had been let save.',
  )
  const asked = shown[types.indexOf('CompensationStarted')]
  expect(asked?.mark).toEqual({ tone: 'run', word: 'Asked to stop' })
  expect(asked?.headline).toBe(
    'It was asked to stop when every site had been let save: it is too late to put them back, 0 of 2 sites ended',
  )
  expect(steps(asked)).toBe(
    'Divide done, Begin each site done, Plan done, Approve done, Let push done, Let confirm done, Let save now, Ends of the sites ahead, Done ahead',
  )
  expect(steps(shown[types.indexOf('SiteEnded')])).not.toContain('Put back')
  const end = shown.at(-1)
  expect(end?.outcome).toBe('succeeded')
  expect(new Set(end?.steps.map(({ standing }) => standing))).toEqual(new Set(['done']))
  expect(end?.waves.map(({ standing }) => standing)).toEqual(['done'])
  const happened = end?.happened.events
    .map(({ words }) => words)
    .filter((words) => !/^(?:Taken up|Started by)/.test(words))
  expect(happened?.slice(-7).map((words) => words.replace(/(?:north|south)/, 'X'))).toEqual([
    'All sites are let push',
    'All sites are let confirm',
    'All sites are let save',
    'It was asked to stop, too late to put it back: every site had been let save',
    'The site X ended: succeeded',
    'The site X ended: succeeded',
    'Ended: succeeded',
  ])
})

test('a stop in time fails the step that it has ended, and says what the sites are to do', {
  tags: ['long', 'turn'],
}, async () => {
  const { shown, types, truth } = await shownOf('confirm')
  expect(truth).toEqual(BOTH_BEFORE)
  const asked = shown[types.indexOf('CompensationStarted')]
  expect(asked?.headline).toBe('It was stopped: every site is to put back what it has changed, 0 of 2 sites ended')
  expect(steps(asked)).toContain('Let confirm failed, Let save skipped')
  expect(shown.at(-1)?.outcome).toBe('cancelled')
  expect(steps(shown.at(-1))).toContain(
    'Let confirm failed, Let save skipped, Ends of the sites skipped, Done skipped, Put back undo',
  )
})

test('a whole calls no switch untouched that its site may have changed', { tags: ['long', 'turn'] }, async () => {
  const { shown, types } = await shownOf('save')
  const pushed = shown.filter(
    (_, index) => index >= types.indexOf('BarrierDecided') && index < types.indexOf('SiteEnded'),
  )
  expect(pushed.length).toBeGreaterThan(5)
  for (const { waves, unattended, headline } of pushed) {
    expect(waves.flatMap(({ lanes }) => lanes.map(({ mark }) => mark.word))).toEqual([
      'changed by its site',
      'changed by its site',
    ])
    expect(`${headline} ${unattended}`).not.toMatch(/[Nn]o switch (?:has been changed|was committed)|under way$/)
    expect(unattended).toBe(
      'It goes on by itself. Its sites change their switches: the execution of each site says where they are.',
    )
  }
  const before = shown[types.indexOf('ApprovalUsed') - 1]
  expect(before?.unattended).toBe('It goes on by itself. No switch has been changed yet.')
})

test('`stop` behind the release of a barrier promises nothing that was not read back', {
  tags: ['long', 'turn'],
}, async () => {
  const follows = 'where each switch is follows when it was read back\n'
  expect((await shownOf('confirm')).told[0]).toBe(`ID is asked to stop; ${follows}`)
  expect((await shownOf('save')).told[0]).toBe(
    `ID is asked to stop, too late to put it back: every site had been let save; ${follows}`,
  )
})
