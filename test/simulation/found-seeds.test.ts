import { describe, expect, test } from 'vitest'
import { runSeed } from '../../simulate/run-seed.ts'
import { everyNthOfLong } from '../extent.ts'

/** Seeds whose histories once broke an invariant, and what was seen. */
const FOUND = {
  'a redriven execution ends well although its switch was put back and not changed again': [8932],
  'a line that somebody typed goes with an abort or a restore, and no record names it': [
    851, 3410, 6077, 6408, 8257, 15587, 15873, 16118, 16668, 17248, 18824, 19313,
  ],
  'an abort is sent behind one whose answer was lost, and nobody has asked between': [
    386, 7803, 12667, 13026, 13683, 15584, 17458,
  ],
  'a confirm is on record that was begun when its timer had run out, and is taken for done': [4755],
  'an end is called unknown although the switch was read as before': [1289, 6671, 8809],
  'another execution of the store commits by the proof of the first, and the replay has broken since': [15667],
  'another switch at the address is saved behind a resume': [12317],
  'a session of ours is left that a list that lags does not show behind a commit that never arrived': [18236],
  '[T7] a planning session of ours is left that a list that lags does not show behind a lost answer': [34200, 39355],
  'a rollback that brings back what a hand had changed before is not the approved one': [1734, 15860],
  '[T8] a save that is sent once more makes what somebody else has not confirmed yet startup-config': [22186],
  'never committed is said of a timed commit that the switch refused and carried out': [11319, 18909],
  'a restart brings back a configuration without the login: the answer to a reading is no JSON, and shows nothing': [
    16479, 18695,
  ],
  'a hand types before the snapshot that a redrive takes once more: that is what was before': [6069],
} as const

/** The same of many machines. */
const FOUND_OF_MANY = {
  'what leads on is sent two minutes after it was announced, since its process was frozen while the store was away': [
    101962,
  ],
} as const

/** The same of changes over two sites. */
const FOUND_AT_SITES = {
  'who goes on with what a site waited for finds the word to stop it, gives up, and leaves it to the sweeper': [
    304626, 307790,
  ],
  'a switch is called unknown that has answered a moment later, when its owner session was ended': [304758],
} as const

describe('what once broke an invariant breaks none', () => {
  test.each(Object.entries(FOUND_OF_MANY))('on many machines: %s', async (_seen, seeds) => {
    for (const seed of seeds) {
      const { violation, outcomes } = await runSeed(seed, { fixed: { many: true, sites: false } })
      expect([seed, violation, outcomes.length > 0]).toEqual([seed, undefined, true])
    }
  })

  test.each(Object.entries(FOUND_AT_SITES))('at two sites: %s', { tags: ['long', 'turn'] }, async (_seen, seeds) => {
    for (const seed of seeds) {
      const { violation, outcomes } = await runSeed(seed, { fixed: { many: true, sites: true } })
      expect([seed, violation, outcomes.length > 0]).toEqual([seed, undefined, true])
    }
  })

  test.each(Object.entries(FOUND))('%s', { tags: 'long' }, async (seen, seeds) => {
    for (const seed of everyNthOfLong(seeds.length, `seeds: ${seen}`, seeds)) {
      const { violation, outcomes } = await runSeed(seed, {})
      expect([seed, violation, outcomes.length > 0]).toEqual([seed, undefined, true])
    }
  })
})
