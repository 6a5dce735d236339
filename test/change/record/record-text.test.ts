import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { draftOf, recordAt } from '../../../src/change/record/event/record-text.ts'
import type { Json } from '../../../src/model/json.ts'

const ENVELOPE = { v: 1, at: '2026-01-05T08:00:00.000Z', actor: 'alice', execution: 'x1' } as const

const recordOf = (output: unknown, seq = 7) =>
  recordAt(draftOf(ENVELOPE, { type: 'TaskSucceeded', path: '', state: 'a', output: output as Json }), seq)

/** What stands for `output` in the record. */
function textOf(output: unknown) {
  const record = recordOf(output)
  const behind = ',"path":"","seq":7,"state":"a","type":"TaskSucceeded","v":1}'
  const before = '{"actor":"alice","at":"2026-01-05T08:00:00.000Z","execution":"x1","output":'
  expect(record.startsWith(before) && record.endsWith(behind)).toBe(true)
  return record.slice(before.length, -behind.length)
}

describe('the text of a record', () => {
  test('has its members in the order of their names, the place among them', () => {
    expect(recordAt(draftOf(ENVELOPE, { type: 'UndoStarted', device: 'leaf1' }), 412)).toBe(
      '{"actor":"alice","at":"2026-01-05T08:00:00.000Z","device":"leaf1","execution":"x1","seq":412,"type":"UndoStarted","v":1}',
    )
    const { execution: _, ...outside } = ENVELOPE
    expect(recordAt(draftOf(outside, { type: 'ApprovalRequested', plan: 'p' }), 1)).toBe(
      '{"actor":"alice","at":"2026-01-05T08:00:00.000Z","plan":"p","seq":1,"type":"ApprovalRequested","v":1}',
    )
  })

  test.each<[unknown, string]>([
    // RFC 8785, 3.2.3: members by UTF-16 code units, whatever order an engine keeps them in.
    [
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, 1: 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    ],
    [{ 10: 1, 9: 2 }, '{"10":1,"9":2}'],
    // RFC 8785, 3.2.2: its sample of numbers and of strings.
    [[Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27], '[333333333.3333333,1e+30,4.5,0.002,1e-27]'],
    ['\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    [[0, -0, -1, Number.MAX_SAFE_INTEGER], '[0,0,-1,9007199254740991]'],
    ['del \u007f stays', '"del \u007f stays"'],
    [[true, false, null, '', [], {}], '[true,false,null,"",[],{}]'],
  ])('%# is canonical', (value, text) => {
    expect(textOf(value)).toBe(text)
  })

  test.each<[string, unknown, RegExp]>([
    ['no number', Number.NaN, /not a JSON value: NaN/],
    ['infinity', [Number.POSITIVE_INFINITY], /not a JSON value: Infinity/],
    ['nothing', { a: undefined }, /not a JSON value: undefined/],
    ['a function', () => 1, /not a JSON value: function/],
    ['a large integer', 1n, /not a JSON value: bigint/],
    ['a date', new Date(0), /not a JSON value: object/],
    ['half a character', 'a\ud800', /lone surrogate/],
    ['half a character in a name', { '\udfff': 1 }, /lone surrogate/],
  ])('%s is refused', (_name, value, message) => {
    expect(() => recordOf(value)).toThrow(message)
  })

  test('says who wrote it and when, whatever the event claims', () => {
    const forged = { type: 'ExecutionResumed', actor: 'mallory', at: '1970', seq: 1, v: 2 } as unknown as EventBody
    expect(recordAt(draftOf(ENVELOPE, forged), 9)).toBe(
      '{"actor":"alice","at":"2026-01-05T08:00:00.000Z","execution":"x1","seq":9,"type":"ExecutionResumed","v":1}',
    )
  })

  test('is read back as it was meant', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1 }), (value, seq) => {
        // JSON has one zero.
        const meant = JSON.parse(JSON.stringify(value)) as unknown
        expect(JSON.parse(recordOf(value, seq))).toEqual({
          ...ENVELOPE,
          seq,
          type: 'TaskSucceeded',
          path: '',
          state: 'a',
          output: meant,
        })
      }),
      { seed: 15, numRuns: 500 },
    )
  })
})
