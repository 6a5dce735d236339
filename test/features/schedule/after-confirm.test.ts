import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../../extent.ts'
import { exits, inventoryOf, typeOn, workflowFor } from '../../lab/lab.ts'
import { type AfterLab, EVERY, startAfterLab } from './after-lab.ts'

describe('the checks of a confirmed change are judged on', { tags: 'long' }, () => {
  test('a check that fails at hour 3 is one notice, and it is over when the check is good again', {
    tags: 'turn',
  }, async () => {
    const bench = startAfterLab()
    const { lab, look, shown, notices } = bench
    expect(await bench.change()).toEqual(
      expect.stringContaining(
        'after: checks are kept until 2026-01-06T08:00:00.000Z, every 10m, by whoever runs schedules\n! Nobody looks now: no server serves this store.',
      ),
    )
    expect(await look()).toContain('last 2026-01-05T08:10:00.000Z · ok · 2 verdicts on 1 switch, all good')
    await lab.clock.advance(3 * 3_600_000 - 600_000)
    await typeOn(lab.device('leaf1'), 'configure', 'no vlan 998', 'end', 'write')
    expect(await look()).toContain('· failed · not good: leaf1: vlans-present: ')
    await look()
    const EXEC = bench.execution
    expect(await notices()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^after-failed ${EXEC}: leaf1: vlans-present: .*998.*expected.*actual.*\\. Look: eosflow show ${EXEC}\\. Roll back: eosflow rollback ${EXEC}$`,
        ),
      ),
    ])
    expect(await shown()).toMatch(/^failed at 2026-01-05T11:10:00.000Z: leaf1: vlans-present: .*; watching until/)
    expect((await lab.eosflow('show @latest')).out).toContain('Nothing is put back by itself: a person has to look.')
    await typeOn(lab.device('leaf1'), 'configure', 'vlan 998', 'name TESTED', 'end', 'write')
    await look()
    expect([await notices(), await shown()]).toEqual([[], expect.stringContaining('; good at 2026-01-05T11:30')])
  })

  test('an undo that was approved with the change has rolled it back', { tags: ['long', 'turn'] }, async () => {
    const { lab, look } = startAfterLab()
    await lab.ok('plan workflow.yaml -o c.plan')
    await lab.ok('approve c.plan --with-undo 24h')
    await lab.ok('run c.plan')
    await look()
    await lab.ok('rollback @latest')
    expect(await look()).toMatch(/leaf1 is no longer watched: execution \S+ has rolled it back/)
  })
})

interface Cause {
  readonly title: string
  /** What happens behind the first good look. */
  readonly happens: (bench: AfterLab) => Promise<unknown>
  /** What the last of its looks says. */
  readonly look: RegExp
  readonly looks?: number
  readonly shown: RegExp
  readonly notices: readonly RegExp[]
}

const CAUSES: readonly Cause[] = [
  {
    title: 'a switch that is silent is not judged, and the third time somebody hears of it',
    happens: async ({ lab }) => lab.fault({ kind: 'unreachable', device: 'leaf1' }),
    looks: 3,
    look: /could not be judged: leaf1: reachable: no answer/,
    shown: /^could not be judged 3 times in a row: leaf1: reachable: no answer.*; watching until/,
    notices: [/^after-unjudged .*: not judged 3 times in a row: leaf1: reachable: no answer/],
  },
  {
    title: 'twice in a row it is nobody who is woken',
    happens: async ({ lab }) => lab.fault({ kind: 'unreachable', device: 'leaf1' }),
    looks: 2,
    look: /could not be judged/,
    shown: /not judged at 2026-01-05T08:30/,
    notices: [],
  },
  {
    title: 'while it is paused nobody looks',
    happens: ({ pause }) => pause(),
    look: /paused/,
    shown: /^paused; it would be watched until/,
    notices: [],
  },
  {
    title: 'a person ends it, by the execution',
    happens: async ({ lab, execution: EXEC }) => {
      const none = await lab.eosflow('schedule end after:none --reason enough')
      expect([none.code, none.err]).toEqual([3, expect.stringContaining('no change of this name is watched')])
      expect((await lab.eosflow('schedule end', EXEC)).err).toContain('Say why nobody has to look any more')
      const { code, out } = await lab.eosflow('schedule end', EXEC, '--reason', 'enough')
      expect([code, out]).toEqual([0, `after:${EXEC} is ended\nNext: eosflow schedule list\n`])
    },
    look: /^No schedule/,
    shown: /^ended: local:0:\S+ has ended it: enough$/,
    notices: [],
  },
  {
    title: 'it is rolled back',
    happens: async ({ lab, execution }) => await exits(0, lab.agreed(`rollback ${execution}`)),
    look: /ok · leaf1 is no longer watched: execution \S+ has rolled it back/,
    shown: /^ended: leaf1 is no longer watched: execution \S+ has rolled it back$/,
    notices: [],
  },
  {
    title: 'a later change of the switch',
    happens: async ({ lab }) => {
      lab.write(
        'later.yaml',
        workflowFor('leaf1', {
          lines: ['vlan 997'],
          verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }',
        }),
      )
      await exits(0, lab.agreed('run later.yaml'))
    },
    look: /ok · leaf1 is no longer watched: execution \S+ has changed it/,
    shown: /^ended: leaf1 is no longer watched: execution \S+ has changed it$/,
    notices: [],
  },
  {
    title: 'the switch leaves the inventory',
    happens: async ({ lab }) => {
      const devices = lab.fabric.devices.filter(({ name }) => name !== 'leaf1')
      lab.write('inventory.yaml', inventoryOf({ devices }))
    },
    look: /ok · leaf1 is no longer watched: it is no longer in the inventory/,
    shown: /^ended: leaf1 is no longer watched: it is no longer in the inventory$/,
    notices: [],
  },
  {
    title: 'a process that dies behind its decision has judged nothing, and the next looks again',
    happens: async ({ lab, killAt }) => {
      await lab.clock.advance(EVERY)
      await killAt('ScheduleFired', 'behind', 'schedule', 'run')
    },
    look: /08:30:00.000Z · ok · 2 verdicts/,
    shown: /good at 2026-01-05T08:30/,
    notices: [],
  },
  {
    title: 'a process that dies before its decision has decided nothing',
    happens: async ({ lab, killAt }) => {
      await lab.clock.advance(EVERY)
      await killAt('ScheduleFired', 'before', 'schedule', 'run')
    },
    look: /08:30:00.000Z · ok · 2 verdicts/,
    shown: /good at 2026-01-05T08:30/,
    notices: [],
  },
  {
    title: 'a process that dies behind its look has judged nothing that anybody has heard of',
    happens: async ({ lab, killAt }) => {
      await lab.clock.advance(EVERY)
      await killAt('ScheduleFinished', 'before', 'schedule', 'run')
    },
    look: /08:30:00.000Z · ok · 2 verdicts/,
    shown: /good at 2026-01-05T08:30/,
    notices: [],
  },
]

describe('whatever happens to a watch is said by name', { tags: 'long' }, () => {
  test.each(everyNthOfLong(6, 'causes that a watch ends by', CAUSES))(
    '$title',
    { tags: ['long', 'turn'] },
    async ({ happens, look: expected, looks = 1, shown: said, notices: told }) => {
      const bench = startAfterLab()
      await bench.change()
      await bench.look()
      await happens(bench)
      let last = ''
      for (let left = looks; left > 0; left -= 1) last = await bench.look()
      bench.lab.clearFaults()
      expect([last, await bench.shown(), await bench.notices()]).toEqual([
        expect.stringMatching(expected),
        expect.stringMatching(said),
        told.map((one) => expect.stringMatching(one)),
      ])
    },
  )
})
