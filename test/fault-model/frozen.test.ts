// @module-tag long

import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { exits, openLab } from '../lab/lab.ts'

/** Where a process dies, before the timed commit is announced or behind the saving. */
const AT_REST = [
  'intent-open',
  'before-open',
  'after-open',
  'open-journalled',
  'intent-replay',
  'before-replay',
  'after-replay',
  'replay-journalled',
  'intent-arm',
  'save-journalled',
] as const

/** Where it dies while the change is live, and where a resume leaves the switch: its exit code says which. */
const LIVE = [
  ['before-arm', 6],
  ['after-arm', 6],
  ['arm-journalled', 0],
  ['in-verify', 0],
  ['intent-confirm', 0],
  ['before-confirm', 0],
  ['after-confirm', 0],
  ['confirm-journalled', 0],
  ['before-save', 0],
  ['after-save', 0],
] as const

describe('a process dies, and somebody freezes before it is gone on with', () => {
  test.each(everyNthOfLong(3, 'deaths at rest', AT_REST))(
    '%s: it rests until the freeze is over, and then goes on',
    async (point) => {
      const lab = openLab()
      await lab.killAt(point)
      expect((await lab.eosflow('freeze --reason INC-1')).out).toContain('Changes nothing meanwhile: ')
      const before = lab.device('leaf1').requests().length
      const frozen = await lab.resume()
      expect([frozen.code, frozen.err]).toEqual([9, expect.stringContaining('nothing new begins until')])
      expect(lab.device('leaf1').requests()).toHaveLength(before)
      await lab.ok('unfreeze --reason solved')
      await exits(0, lab.resume())
      expect(lab.whereIs('leaf1')).toBe('AFTER')
    },
  )

  test.each(everyNthOfLong(3, 'deaths of a live change', LIVE))(
    '%s: the change is live and goes on to its end, exit %i',
    async (point, code) => {
      const lab = openLab()
      await lab.killAt(point)
      expect((await lab.eosflow('freeze --reason INC-1')).out).toContain('Goes on to its end: ')
      const ended = await lab.resume()
      expect(ended.code, ended.out + ended.err).toBe(code)
      expect(lab.whereIs('leaf1')).toBe(code === 0 ? 'AFTER' : 'BEFORE')
      // One that has ended is shown by its id.
      const [, id = ''] = /^Execution (\S+):/m.exec(ended.out) ?? []
      await lab.exits(code, `resume ${id}`)
    },
  )
})
