import { expect, test } from 'vitest'
import { TextMemory } from '../../src/model/text-memory.ts'

test('what was kept of a text is given for it again, and for no other', () => {
  const known = new TextMemory<number>()
  expect([
    known.get('a'),
    known.keep('a', 1),
    known.keep('b', 2),
    known.get('a'),
    known.get('b'),
    known.get('c'),
  ]).toEqual([undefined, 1, 2, 1, 2, undefined])
})

test('it begins anew before it holds more than four million characters, and never holds a text that is longer', () => {
  const known = new TextMemory<number>()
  const long = 'x'.repeat(1_500_000)
  known.keep(`1${long}`, 1)
  known.keep(`2${long}`, 2)
  expect([known.get(`1${long}`), known.get(`2${long}`)]).toEqual([1, 2])
  known.keep(`3${long}`, 3)
  expect([known.get(`1${long}`), known.get(`2${long}`), known.get(`3${long}`)]).toEqual([undefined, undefined, 3])
  known.keep('y'.repeat(4_000_001), 4)
  expect([known.get('y'.repeat(4_000_001)), known.get(`3${long}`)]).toEqual([undefined, 3])
})
