import { describe, expect, test } from 'vitest'
import { readTraceParent, traceParentText } from '../../src/model/trace-parent.ts'

describe('traceparent (W3C Trace Context, level 1)', () => {
  test('the examples of the specification are read, and written as they were', () => {
    // Section 3.2.3 and section 4 of https://www.w3.org/TR/trace-context-1/.
    const examples = [
      [
        '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        '4bf92f3577b34da6a3ce929d0e0e4736',
        '00f067aa0ba902b7',
        true,
      ],
      [
        '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00',
        '4bf92f3577b34da6a3ce929d0e0e4736',
        '00f067aa0ba902b7',
        false,
      ],
      [
        '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01',
        '0af7651916cd43dd8448eb211c80319c',
        '00f067aa0ba902b7',
        true,
      ],
      [
        '00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01',
        '0af7651916cd43dd8448eb211c80319c',
        'b9c7c989f97918e1',
        true,
      ],
    ] as const
    for (const [text, traceId, spanId, isSampled] of examples) {
      const read = readTraceParent(text)
      expect(read).toEqual({ traceId, spanId, isSampled })
      expect(read && traceParentText(read)).toBe(text)
    }
    expect(examples).toHaveLength(4)
  })

  test.each([
    ['a later version with the same fields', 'cc-12345678901234567890123456789012-1234567890123456-01'],
    [
      'a later version with more behind them',
      'cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-holds',
    ],
    ['flags of a later level', '00-12345678901234567890123456789012-1234567890123456-ff'],
  ])('%s is read by its first four fields, and sent on as version 00', (_, text) => {
    const read = readTraceParent(text)
    expect(read && traceParentText(read)).toBe('00-12345678901234567890123456789012-1234567890123456-01')
  })

  test.each([
    ['nothing', undefined],
    ['no header', null],
    ['an empty one', ''],
    ['version ff', 'ff-12345678901234567890123456789012-1234567890123456-01'],
    ['a trace of zeros', '00-00000000000000000000000000000000-1234567890123456-01'],
    ['a span of zeros', '00-12345678901234567890123456789012-0000000000000000-01'],
    ['upper case', '00-1234567890123456789012345678901A-1234567890123456-01'],
    ['an upper-case version', 'CC-12345678901234567890123456789012-1234567890123456-01'],
    ['a letter that is no hex digit', '00-.2345678901234567890123456789012-1234567890123456-01'],
    ['a short trace', '00-123456789012345678901234567890-1234567890123456-01'],
    ['a short span', '00-12345678901234567890123456789012-12345678901234-01'],
    ['a short version', '0-12345678901234567890123456789012-1234567890123456-01'],
    ['flags of one digit', '00-12345678901234567890123456789012-1234567890123456-1'],
    ['flags of three digits', '00-12345678901234567890123456789012-1234567890123456-011'],
    ['version 00 with more behind it', '00-12345678901234567890123456789012-1234567890123456-01-what-the-future-holds'],
    ['version 00 with a dash behind it', '00-12345678901234567890123456789012-1234567890123456-01-'],
    ['a later version with more and no dash', 'cc-12345678901234567890123456789012-1234567890123456-01.what'],
    ['no dashes', '00_12345678901234567890123456789012_1234567890123456_01'],
    ['a line end behind it', '00-12345678901234567890123456789012-1234567890123456-01\n'],
    [
      'two of them',
      '00-12345678901234567890123456789012-1234567890123456-01,00-12345678901234567890123456789012-1234567890123457-01',
    ],
  ])('%s is none, and no error', (_, text) => {
    expect(readTraceParent(text)).toBeUndefined()
  })
})
