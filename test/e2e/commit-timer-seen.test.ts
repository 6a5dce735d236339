import { describe, expect, test } from 'vitest'
import type { InMemoryAnswer } from '../../src/sim/eapi/in-memory.ts'
import { exits, openLab, whereIs, workflowFor } from '../lab/lab.ts'

/** The answer with what it says of the end of a commit timer replaced. */
const expiring = (answer: InMemoryAnswer, alter: (key: string) => string): InMemoryAnswer => ({
  ...answer,
  body: answer.body.replace(/"(commitTimerExpireTime|commitBy)":[\d.]+/g, (_, key: string) => alter(key)),
})

describe('[G2] [R10] behind the timed commit', () => {
  test.each([1, 3, 5])(
    '[F35] a session list that lags %d s behind does not fail a good change',
    { tags: 'long' },
    async (seconds) => {
      for (const name of ['leaf1', 'leaf3']) {
        const verify = '{ within: 40s, stableFor: 10s, every: 2s, checks: [{ vlans-present: { vlans: [998] } }] }'
        const lab = openLab({
          workflow: workflowFor(name, { verify }),
          before: ({ fabric }, _, commands) => {
            if (!commands.some((command) => command.includes('commit timer'))) return
            fabric.fault({ device: name, kind: 'session-list-lag', seconds, for: 8 })
          },
        })
        await exits(0, lab.change())
        expect(whereIs(lab.fabric.device(name))).toBe('AFTER')
      }
    },
  )

  test.each([
    ['leaf1', '4.31', 'commitBy', 'absent', () => '"commitUntil":1'],
    ['leaf3', '4.32', 'commitTimerExpireTime', 'absent', () => '"commitTimerEnd":1'],
    ['leaf3', '4.32', 'commitTimerExpireTime', 'as seconds left', (key: string) => `"${key}":300`],
    ['leaf3', '4.32', 'commitTimerExpireTime', 'much too late', (key: string) => `"${key}":999999999`],
  ])(
    '[F35] %s on %s with %s %s: put back, and the keys are named',
    { tags: 'night' },
    async (name, _eos, _key, _how, alter) => {
      const lab = openLab({ workflow: workflowFor(name), hears: (_, answer) => expiring(answer, alter) })
      const { out } = await exits(6, lab.change())
      expect(out).toContain(`${name}: the commit timer cannot be ours, with `)
      expect(out).toMatch(
        /of eosflow-\S+ the switch gave the keys [\w ]*maxOpenSessions[\w ]* sessions, of the session: [\w ]*state/,
      )
      expect(whereIs(lab.fabric.device(name))).toBe('BEFORE')
    },
  )
})
