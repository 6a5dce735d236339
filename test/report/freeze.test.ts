import { expect, test } from 'vitest'
import type { FreezeRecord } from '../../src/change/record/store/freeze.ts'
import { endedFreezesJson, endedFreezesText, setFreezeJson, setFreezeText } from '../../src/report/phrases/freeze.ts'
import { ALICE } from '../change/record/one-of-each-event.ts'

const FREEZE: FreezeRecord = {
  v: 1,
  seq: 12,
  at: '2026-01-05T08:00:00.000Z',
  actor: 'corp:alice',
  type: 'FreezeSet',
  principal: ALICE,
  reason: 'INC-1:\u001b[31m core',
  until: '2026-01-05T16:00:00.000Z',
}

test('a freeze is told in lines, with what goes on and what does not, and as a document', () => {
  const line = 'nothing new begins until 2026-01-05T16:00:00.000Z: freeze 12, set by corp:alice: INC-1:\\u{1b}[31m core'
  expect(setFreezeText({ freeze: FREEZE, goOn: [], rest: [] })).toBe(`Frozen: ${line}`)
  expect(setFreezeText({ freeze: FREEZE, goOn: ['x1'], rest: ['x2', 'x3'] })).toBe(
    `Frozen: ${line}\nGoes on to its end: x1\nChange nothing meanwhile: x2, x3`,
  )
  expect(JSON.parse(setFreezeJson({ freeze: FREEZE, goOn: ['x1'], rest: [] }))).toEqual({
    version: 1,
    kind: 'freeze',
    freeze: 12,
    at: '2026-01-05T08:00:00.000Z',
    until: '2026-01-05T16:00:00.000Z',
    by: 'corp:alice',
    reason: 'INC-1:\u001b[31m core',
    goOn: ['x1'],
    rest: [],
  })
})

test('freezes that were ended are told with those that are left', () => {
  const left = { ...FREEZE, seq: 14, reason: 'edge' }
  expect(endedFreezesText({ ended: [FREEZE], left: [left] })).toBe(
    'Ended: freeze 12, which corp:alice had set until 2026-01-05T16:00:00.000Z\n' +
      'Still in force: nothing new begins until 2026-01-05T16:00:00.000Z: freeze 14, set by corp:alice: edge',
  )
  expect(endedFreezesText({ ended: [], left: [] })).toBe('Nothing to end: no freeze is in force')
  expect(JSON.parse(endedFreezesJson({ ended: [], left: [left] }))).toMatchObject({
    version: 1,
    kind: 'unfreeze',
    ended: [],
    left: [{ freeze: 14 }],
  })
})
