import { expect, test } from 'vitest'
import { mustWait } from '../../../src/change/task/act/rendered-change.ts'

const NOTHING = { refused: [], unknown: [], boot: [], printed: [], own: {} }

test('a change waits for its approval with one unknown line or one line of what the switch boots, and with none it does not', () => {
  expect(mustWait(NOTHING)).toBe(false)
  expect(mustWait({ ...NOTHING, unknown: ['frobnicate 7'] })).toBe(true)
  expect(mustWait({ ...NOTHING, boot: ['boot system flash:a.swi'] })).toBe(true)
  expect(mustWait({ ...NOTHING, printed: ['boot system flash:a.swi'] })).toBe(false)
})
