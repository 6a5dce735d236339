import { expect, test } from 'vitest'
import {
  byPlace,
  type Cursor,
  cursorBehind,
  isBehind,
  positionIn,
  readCursor,
} from '../../../src/change/record/event/cursor.ts'
import { thrownBy } from './sqlite/open-for-test.ts'

test('a cursor is a text from which the place behind a record is found again', () => {
  expect(cursorBehind({ seq: 3 })).toBe('YWZ0ZXIgMw')
  expect(positionIn(cursorBehind({ seq: 3 }))).toBe(3)
  expect(positionIn(cursorBehind(undefined))).toBe(0)
  expect(readCursor(cursorBehind({ seq: 3 }))).toBe(cursorBehind({ seq: 3 }))
  expect([readCursor(''), readCursor('3')]).toEqual([undefined, undefined])
})

test('a record is behind a cursor, or is not', () => {
  const cursor = cursorBehind({ seq: 3 })
  expect([2, 3, 4].map((seq) => isBehind({ seq }, cursor))).toEqual([false, false, true])
})

test('records are put in the order in which they were written', () => {
  expect([{ seq: 10 }, { seq: 9 }, { seq: 100 }].toSorted(byPlace).map(({ seq }) => seq)).toEqual([9, 10, 100])
})

test.each(['', '3', 'after 3', 'YWZ0ZXIgLTE'])('%j is no cursor', async (text) => {
  expect(await thrownBy(() => positionIn(text as Cursor))).toMatchObject({ kind: 'store' })
})
