import { expect, test } from 'vitest'
import type { Caller } from '../../../src/app/caller.ts'
import { stop } from '../../../src/app/execution/stop.ts'
import { askToStop } from '../../../src/app/execution/stop-asked.ts'
import type { EventBody } from '../../../src/journal/event.ts'
import type { ExecutionView } from '../../../src/report/view/execution-view.ts'
import { executionViewOf } from '../../../src/report/view/view-of.ts'
import { ALICE, type TeamInMemory, teamInMemory } from './team-in-memory.ts'

const isRelease = (event: EventBody, barrier: string): boolean =>
  event.type === 'BarrierDecided' && event.barrier === barrier && event.decision === 'released'

/** What is shown of a whole behind each of its records, one that whoever drives it dies behind the release of a barrier, and is asked to stop then. */
async function shownOf(
  barrier: string,
): Promise<{ readonly shown: readonly ExecutionView[]; readonly types: readonly string[] }> {
  let isAsked = false
  const team: TeamInMemory = await teamInMemory({
    killed: ({ execution = '', events, when }) => {
      if (isAsked || when !== 'behind' || !events.some((event) => isRelease(event, barrier))) return false
      isAsked = true
      void askToStop(team.client, ALICE, [execution], { reason: 'the window is over' })
      return true
    },
  })
  const id = await team.begin()
  await team.decide(id)
  await team.ended(id)
  const records = (await team.records(id)).filter(({ execution }) => execution === id)
  const shown = records.map(({ at }, index) =>
    executionViewOf(id, records.slice(0, index + 1), { now: Date.parse(at), isRunning: true }),
  )
  return { shown, types: records.map(({ type }) => type) }
}

const steps = (view: ExecutionView | undefined): string =>
  view?.steps.map(({ label, standing }) => `${label} ${standing}`).join(', ') ?? ''

test('a stop that comes too late fails no step: the sites save, and what has succeeded is shown as done', {
  tags: 'long',
}, async () => {
  const { shown, types } = await shownOf('save')
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
  const { shown, types } = await shownOf('confirm')
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

test.each([
  ['confirm', 'where each switch is follows when it was read back'],
  ['save', 'too late to put it back: every site had been let save; where each switch is follows when it was read back'],
])(
  '`stop` behind the release of `%s` promises nothing that was not read back',
  { tags: ['long', 'turn'] },
  async (barrier, words) => {
    const told: string[] = []
    const caller: Caller = { ...ALICE, tell: (text) => void told.push(text) }
    let stopped: Promise<unknown> | undefined
    const team: TeamInMemory = await teamInMemory({
      killed: ({ execution = '', events, when }) => {
        if (stopped !== undefined || when !== 'behind' || !events.some((event) => isRelease(event, barrier)))
          return false
        stopped = stop(team.client, caller, { execution, reason: '' }, () => () => undefined)
        return true
      },
    })
    const id = await team.begin()
    await team.decide(id)
    await team.ended(id)
    await stopped
    const [first = ''] = told
    expect(first.replace(id, 'ID')).toBe(`ID is asked to stop${barrier === 'save' ? ', ' : '; '}${words}\n`)
  },
)
