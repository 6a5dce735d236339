import { describe, expect, test } from 'vitest'
import type { Box } from '../../simulate/box.ts'
import { shownBy } from '../../simulate/checker/shown.ts'
import { runSeed } from '../../simulate/run-seed.ts'
import type { Fixed } from '../../simulate/scenario.ts'
import { ONE } from './calm-history.ts'

const QUIET: Fixed = { ...ONE, switches: [{ name: 'sw1', eos: '4.32.2F' }], locks: false }

test('a rollback undoes what has succeeded', { tags: ['long', 'turn'] }, async () => {
  const { violation, outcomes, met } = await runSeed(1, { fixed: { ...QUIET, rollsBack: true } })
  expect([violation, outcomes, met.get('rollback')]).toEqual([undefined, ['succeeded', 'succeeded'], 1])
})

test.each(['wave', 'device'] as const)(
  'a redrive makes the change again on a switch that was put back and saved, confirmed by %s',
  { tags: ['long', 'turn'] },
  async (atomic) => {
    const behind = 'after ActFinished arm'
    const saved = { moment: 0, behind, what: 'hand save', which: 0, draw: 0 } as const
    const removed = {
      moment: 0,
      behind: 'before VerdictGiven',
      what: 'hand removes the change',
      which: 0,
      draw: 0,
    } as const
    const { violation, outcomes, met } = await runSeed(1, {
      fixed: { ...QUIET, atomic, maxFailures: 1, redrives: true, disturbances: [saved, removed] },
    })
    expect([violation, outcomes, met.get('redrive')]).toEqual([undefined, ['succeeded'], 1])
  },
)

describe('a hand between the reading and the timed commit of one request', () => {
  const typed = { moment: 0, behind: 'before ActIntended arm', what: 'hand edit in a request', which: 0 } as const

  test.each([
    ['before the reading: the change is put back', 0.01, false, 'rolled-back'],
    ['behind it, under the lock: the line comes when the lock is given back', 0.51, true, 'rolled-back'],
    ['behind it, without the lock: the record says that nobody was locked out', 0.51, false, 'succeeded'],
  ])('%s', async (_name, draw, locks, outcome) => {
    const { violation, outcomes } = await runSeed(1, {
      fixed: { ...QUIET, locks, disturbances: [{ ...typed, draw }] },
    })
    expect([violation, outcomes]).toEqual([undefined, [outcome]])
  })
})

test('an approval that runs out while the switch tries its replay holds no timed commit', async () => {
  const forward = { moment: 0, behind: 'sent replay', what: 'clock forward', which: 0, draw: 0.3 } as const
  const { violation, outcomes } = await runSeed(1, { fixed: { ...QUIET, disturbances: [forward] } })
  expect([violation, outcomes]).toEqual([undefined, ['refused']])
})

test.each([
  ['its answer is lost', 'wrong answer', 'sent stage', 'refused'],
  ['the controller is killed', 'kill', 'done stage', 'succeeded'],
] as const)(
  'a list that lags hides no session of ours when %s',
  { tags: ['long', 'turn'] },
  async (_name, what, behind, outcome) => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const lags = { moment: 0, behind: 'after StateEntered', what: 'list lags', which: 0, draw: 1 } as const
      const { violation, outcomes, met } = await runSeed(seed, {
        fixed: { ...QUIET, disturbances: [lags, { moment: 0, behind, what, which: 0, draw: 0 }] },
      })
      expect([violation, outcomes, met.get('list lags'), met.get(what)]).toEqual([undefined, [outcome], 1, 1])
    }
  },
)

describe('what an answer has shown', () => {
  const box = { running: 'as it is', isSaved: true } as unknown as Box
  const answer = (...outputs: readonly string[]) =>
    JSON.stringify({ jsonrpc: '2.0', id: 'x', result: outputs.map((output) => ({ output })) })
  const PRINTED = '! Command: show running-config\n!\nhostname sw3\n!\nend\n'

  test.each([
    ['a configuration that is saved', answer('', PRINTED, ''), 'another text', true],
    ['one that is not', answer('', PRINTED, '--- a\n+++ b\n'), 'another text', false],
  ])('%s', (_name, body, byHand, saved) => {
    const shown = shownBy(box, body, 7)
    expect([shown?.running.byHand, shown?.saved, shown?.at]).toEqual([byHand, saved, 7])
  })

  test('a refusal to let anybody in, which is no JSON: it shows nothing', () => {
    expect(shownBy(box, 'Unable to authenticate user: Bad username/password combination', 7)).toBe(undefined)
  })

  test('nothing, over SSH: it is what the switch has', () => {
    expect(shownBy(box, '', 7)).toEqual({ running: 'as it is', saved: true, at: 7 })
    expect(shownBy(box, answer('', 'Copy completed successfully.\n'), 7)).toEqual({
      running: 'as it is',
      saved: true,
      at: 7,
    })
  })
})
