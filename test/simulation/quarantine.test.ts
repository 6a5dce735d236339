import { describe, expect, test } from 'vitest'
import { runSeed } from '../../simulate/run-seed.ts'
import type { Fixed, Planned } from '../../simulate/scenario.ts'
import { ONE } from './calm-history.ts'

/** A calm change of one switch, whose rival has the same store. */
const IN_ONE_STORE: Fixed = { ...ONE, rivalStore: 'same' }

/** A controller dies and is taken over 0.2 or 0.6 s later, when somebody else waits for the switch, or does not ask whether it is free. */
const takeover = (behind: string, rival: 'waits' | 'does not ask'): Planned => ({
  moment: 0,
  behind,
  what: 'unclean takeover',
  which: 0,
  draw: rival === 'waits' ? 0.2 : 0.6,
})
const STOP: Planned = { moment: 0, behind: 'after ExecutionResumed', what: 'stop', which: 0, draw: 0 }

/** When the lines of a trace happened that hold a text, in seconds. */
const timesOf = (trace: readonly string[], text: string) =>
  trace.filter((line) => line.includes(text)).map((line) => Number.parseFloat(line))

describe('a process dies between a request and its answer, another one takes over and is stopped, and somebody else wants the switch', () => {
  test.each(['sent stage', 'done stage', 'sent arm', 'done arm', 'sent confirm', 'sent save'])(
    'they wait until ten seconds after the takeover, and then their change is made: %s',
    { tags: 'long' },
    async (behind) => {
      const disturbances = [takeover(behind, 'waits'), STOP]
      const { violation, outcomes, met, trace } = await runSeed(1, {
        traced: true,
        fixed: { ...IN_ONE_STORE, disturbances },
      })
      expect([violation, outcomes.length, outcomes[1], met.get('quarantine')]).toEqual([undefined, 2, 'succeeded', 1])
      const [begun = 0] = timesOf(trace, 'takes up rival')
      const [taken = 0] = timesOf(trace, ' ExecutionResumed').slice(-1)
      expect(begun - taken).toBeCloseTo(10, 6)
    },
  )

  test('who does not ask is refused at the staging, and has changed nothing', async () => {
    const disturbances = [takeover('sent arm', 'does not ask'), STOP]
    const { violation, outcomes, trace } = await runSeed(1, { traced: true, fixed: { ...IN_ONE_STORE, disturbances } })
    expect([violation, outcomes]).toEqual([undefined, ['cancelled', 'refused']])
    expect(trace.filter((line) => line.includes('sw1 is kept from other executions until')).length).toBeGreaterThan(0)
  })

  test('a process that rests leaves none: nobody waits', { tags: ['long', 'turn'] }, async () => {
    const disturbances = [{ ...STOP, behind: 'after ActFinished arm' }, { ...takeover('after UndoFinished', 'waits') }]
    const { violation, outcomes, met } = await runSeed(1, { fixed: { ...IN_ONE_STORE, disturbances } })
    expect([violation, outcomes, met.get('quarantine')]).toEqual([undefined, ['cancelled', 'succeeded'], undefined])
  })
})
