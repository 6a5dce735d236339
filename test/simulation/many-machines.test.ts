// @module-tag long
import { describe, expect, test } from 'vitest'
import { MACHINE_DISTURBANCES } from '../../simulate/many/machines.ts'
import { runSeed } from '../../simulate/run-seed.ts'
import { runSeeds } from '../../simulate/run-seeds.ts'
import type { Planned } from '../../simulate/scenario.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { MANY_MUTANTS, manyCalm, OWNER_SESSION_MUTANTS } from './many-mutants.ts'
import { hunt } from './mutant-table.ts'

/** Ten thousand are lived through by `npm run simulate -- --many-machines --runs 10000`. The cut is where a few meet everything. */
const HISTORIES = extentOfLong(12, 40)
const FIRST = 10

const behind = (moment: string, what: Planned['what'], draw: number) => ({
  moment: 0,
  behind: moment,
  what,
  which: 0,
  draw,
})

/** The draw of a store that is away for 30 s. */
const HALF_A_MINUTE = 0.44

/** Moments of a change at which a store goes away. */
const AWAY_BEHIND = [
  'after ExecutionResumed',
  'before ActIntended stage',
  'after ActIntended stage',
  'sent stage',
  'before ActIntended arm',
  'after ActIntended arm',
  'sent arm',
  'done arm',
  'before ActFinished arm',
  'before ActIntended confirm',
  'after ActIntended confirm',
  'sent confirm',
  'before ActFinished confirm',
  'before ActIntended save',
  'sent save',
  'before ExecutionEnded',
  'fenced 2',
  'fenced 3',
  'fenced 4',
  'fenced 5',
]

/** Moments of an owner at which it freezes for a minute. */
const FROZEN_BEHIND = [
  'heard stage',
  'after ActIntended arm',
  'fenced 4',
  'fenced 5',
  'fenced 6',
  'after VerdictGiven',
  'sent save',
]

test(`[G114] [F38] ${HISTORIES} histories of many machines break no invariant, and meet what befalls such`, async () => {
  const { histories, violations, met, outcomes } = await runSeeds({
    from: FIRST,
    count: HISTORIES,
    wanted: { many: true },
  })
  expect(violations).toEqual([])
  expect(histories).toBe(HISTORIES)
  const wanted = [
    ...MACHINE_DISTURBANCES,
    'declared dead',
    'taken over',
    'claim refused',
    'found its own write',
    'swept',
  ]
  expect(wanted.filter((what) => met[what] === undefined)).toEqual([])
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['succeeded', 'rolled-back', 'refused', 'cancelled']))
  expect(outcomes['not ended']).toBeUndefined()
})

test('the same seed is the same history', { tags: 'turn' }, async () => {
  const digests = await Promise.all(
    [5, 5, 6].map(async (seed) => (await runSeed(seed, { traced: true, fixed: { many: true } })).digest),
  )
  expect(digests[1]).toBe(digests[0])
  expect(digests[2]).not.toBe(digests[0])
})

const ALL_MUTANTS = [...MANY_MUTANTS, ...OWNER_SESSION_MUTANTS]

describe('[F39] a store that is away for half a minute ends nothing: nobody is declared dead, and the change is made', () => {
  test.each(everyNthOfLong(6, 'moments at which the store goes away', AWAY_BEHIND))('%s', async (moment) => {
    const fixed = manyCalm([behind(moment, 'store away', HALF_A_MINUTE)])
    const { violation, outcomes, met } = await runSeed(1, { fixed })
    expect([violation, outcomes, met.get('store away'), met.get('declared dead')]).toEqual([
      undefined,
      ['succeeded'],
      1,
      undefined,
    ])
  })
})

test('a verification has its own time, which goes on while its verdicts cannot be recorded: then the change is put back', {
  tags: 'turn',
}, async () => {
  const fixed = manyCalm([behind('after VerdictGiven', 'store away', HALF_A_MINUTE)])
  const { violation, outcomes, trace } = await runSeed(1, { traced: true, fixed })
  expect([violation, outcomes]).toEqual([undefined, ['rolled-back']])
  expect(trace.some((line) => line.includes('TaskFailed sw1 Verify sw1: not good within 20 s'))).toBe(true)
})

test.each([
  ['a minute and a half', 0.77, ['failed']],
  ['two minutes and a half', 0.99, ['failed']],
])(
  '[F39] what leads on waits for no longer than a minute: a store that is away for %s before a timed commit is announced',
  async (_, draw, ends) => {
    const fixed = manyCalm([behind('before ActIntended arm', 'store away', draw)])
    const { violation, outcomes, trace } = await runSeed(1, { traced: true, fixed })
    expect([violation, outcomes]).toEqual([undefined, ends])
    expect(trace.filter((line) => line.includes('-> sw1 arm'))).toEqual([])
  },
)

test('[F40] who is declared dead and does not stop itself does no harm: that it does is no fence', async () => {
  let frozen = 0
  const moments = everyNthOfLong(3, 'moments at which an owner freezes', FROZEN_BEHIND)
  for (const moment of moments) {
    const fixed = manyCalm([behind(moment, 'frozen owner', 0.8)])
    const { violation, outcomes, met } = await runSeed(1, { alterations: { flaws: { goesOn: true } }, fixed })
    expect([moment, violation, outcomes.includes(undefined)]).toEqual([moment, undefined, false])
    frozen += met.get('taken over') ?? 0
  }
  expect(frozen).toBe(extentOfLong(3, 7))
})

describe('mutants of what keeps machines apart', () => {
  test.each(everyNthOfLong(6, 'histories of mutants without them', ALL_MUTANTS))(
    'what it is let loose on breaks nothing without it: $name',
    async ({ fixed = {} }) => {
      const { violation, outcomes } = await runSeed(1, { fixed })
      expect(violation).toBeUndefined()
      expect(outcomes).not.toContain(undefined)
    },
  )

  test.each(everyNthOfLong(8, 'mutants of many machines', ALL_MUTANTS))(
    '[F40] the checker catches: $name',
    { timeout: 120_000 },
    async (mutant) => {
      const { by } = await hunt(mutant, 100, 1)
      expect(Object.keys(by)).toHaveLength(1)
      expect(mutant.caughtBy).toEqual(expect.arrayContaining(Object.keys(by)))
    },
  )
})
