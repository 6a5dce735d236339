// @module-tag long
import { describe, expect, test } from 'vitest'
import { CRASH_POINTS } from '../../simulate/crash-points.ts'
import { runSeed } from '../../simulate/run-seed.ts'
import type { Fixed, Planned } from '../../simulate/scenario.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { ONE, TWO } from './calm-history.ts'

const striking = (what: Planned['what'], moment: number) => ({ what, moment, which: 0, draw: 0.3 })

/** A moment of such a change at which its lines are under the commit timer, by its trace: from the 92nd on. */
const BEHIND_COMMIT = 100

/** Every `step`th moment of a history; the gate looks at every sixteenth of these. */
const momentsOf = (moments: number, step = 1) =>
  Array.from({ length: Math.ceil(moments / step) }, (_, index) => 1 + index * step)

/** Kills the controller at moments of a history, each in a life of its own; gives the kinds of moments. */
async function killedEverywhere(history: Fixed, moments: readonly number[]) {
  const kinds = new Set<string>()
  for (const moment of everyNthOfLong(16, 'moments of a kill', moments)) {
    const disturbances = [...(history.disturbances ?? []), striking('kill', moment)].sort((a, b) => a.moment - b.moment)
    const { violation, outcomes, met } = await runSeed(moment, { fixed: { ...history, disturbances } })
    expect(violation, `killed at moment ${moment}`).toBeUndefined()
    expect(outcomes, `killed at moment ${moment}`).not.toContain(undefined)
    for (const what of met.keys()) if (what.startsWith('kill at ')) kinds.add(what.slice('kill at '.length))
  }
  return kinds
}

describe('a controller is killed at every moment', { timeout: 300_000 }, () => {
  test('of a change of one switch', async () => {
    const { outcomes } = await runSeed(1, { fixed: ONE })
    expect(outcomes).toEqual(['succeeded'])
    const kinds = await killedEverywhere(ONE, momentsOf(165))
    expect([...kinds].filter((kind) => !CRASH_POINTS.includes(kind))).toEqual([])
    expect(kinds.size).toBeGreaterThan(extentOfLong(6, 55))
  })

  test('of a change of one switch over SSH', { tags: 'turn' }, async () => {
    const kinds = await killedEverywhere({ ...ONE, transport: 'ssh' }, momentsOf(165))
    expect([...kinds].filter((kind) => !CRASH_POINTS.includes(kind))).toEqual([])
    expect(kinds.size).toBeGreaterThan(extentOfLong(6, 50))
  })

  test('of a change of two switches in two waves, of different versions', { tags: 'turn' }, async () => {
    const kinds = await killedEverywhere(TWO, momentsOf(270, 3))
    expect(kinds.size).toBeGreaterThan(extentOfLong(3, 35))
  })

  test('of a change that is put back, because somebody has removed a part of it', {
    tags: 'turn',
  }, async () => {
    const failing = { ...ONE, disturbances: [striking('hand removes the change', BEHIND_COMMIT)] }
    const { outcomes } = await runSeed(1, { fixed: failing })
    expect(outcomes).toEqual(['rolled-back'])
    const kinds = await killedEverywhere(failing, momentsOf(200))
    const ofUndo = ['before UndoStarted', 'after ActIntended abort', 'done abort', 'before UndoFinished']
    expect(ofUndo.filter((kind) => kinds.has(kind)).length).toBeGreaterThanOrEqual(extentOfLong(0, 4))
  })

  test('of a pair that is changed together over SSH, with commits together', { tags: 'turn' }, async () => {
    const pair = { ...TWO, waves: [2], pairs: 'together', transport: 'ssh', commits: 'together' } as const
    const { outcomes } = await runSeed(1, { fixed: pair })
    expect(outcomes).toEqual(['succeeded'])
    const kinds = await killedEverywhere(pair, momentsOf(270, 3))
    expect([...kinds].filter((kind) => !CRASH_POINTS.includes(kind))).toEqual([])
    expect(kinds.size).toBeGreaterThan(extentOfLong(3, 35))
  })

  test.each(['eapi', 'ssh'] as const)(
    'of a change that deletes the checkpoints of earlier ones, over %s',
    { tags: 'turn' },
    async (transport) => {
      const kinds = await killedEverywhere({ ...ONE, hasPast: true, transport }, momentsOf(100, 2))
      const ofPrune = [...kinds].filter((kind) => kind.endsWith(' prune')).toSorted()
      expect(ofPrune.length, ofPrune.join(', ')).toBeGreaterThanOrEqual(extentOfLong(0, 3))
    },
  )

  test('of a change that cuts its own management', async () => {
    const { outcomes } = await runSeed(1, { fixed: { ...ONE, cuts: true, keepsConnections: false } })
    expect(outcomes).toEqual(['rolled-back'])
    const kinds = await killedEverywhere({ ...ONE, cuts: true, keepsConnections: false }, momentsOf(120, 3))
    expect(kinds.size).toBeGreaterThan(extentOfLong(1, 12))
  })
})

test.each([true, false])(
  'a change that cuts its own management ends alike on 4.31 and on 4.32 (connections kept: %s)',
  { tags: 'turn' },
  async (keepsConnections) => {
    for (const eos of ['4.31.4M', '4.32.2F']) {
      const { outcomes, violation } = await runSeed(1, {
        fixed: { ...ONE, switches: [{ name: 'sw1', eos }], cuts: true, keepsConnections },
      })
      expect(violation).toBeUndefined()
      expect(outcomes).toEqual(['rolled-back'])
    }
  },
)
