import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvText, readCsv } from '../../../src/text/source/csv.ts'
import { problemsOf } from '../../../src/text/source/located.ts'

const cellsOf = (text: string | Uint8Array, most = 100) => {
  const read = readCsv(text, 'some.csv', most)
  return read.ok ? [read.value.header, ...read.value.rows].map((row) => row.map((cell) => cell.text)) : undefined
}

const placesOf = (text: string | Uint8Array, most = 100) =>
  problemsOf(readCsv(text, 'some.csv', most)).map(({ code, at }) => `${at.file}:${at.line}:${at.column} ${code}`)

describe('readCsv', () => {
  // RFC 4180, section 2, by its numbers; then what spreadsheets and people write.
  test.each<[string, string, string[][]]>([
    [
      'rows (1, 2)',
      'aaa,bbb\r\nzzz,yyy\r\n',
      [
        ['aaa', 'bbb'],
        ['zzz', 'yyy'],
      ],
    ],
    [
      'no break at the end (2)',
      'aaa,bbb\nzzz,yyy',
      [
        ['aaa', 'bbb'],
        ['zzz', 'yyy'],
      ],
    ],
    [
      'quotes (5)',
      '"aaa","bbb"\nzzz,"yyy"\n',
      [
        ['aaa', 'bbb'],
        ['zzz', 'yyy'],
      ],
    ],
    [
      'breaks and commas in quotes (6)',
      'a,b\n"x,\ny",z\n',
      [
        ['a', 'b'],
        ['x,\ny', 'z'],
      ],
    ],
    [
      'quotes in quotes (7)',
      'a,b\n"x""y",""""\n',
      [
        ['a', 'b'],
        ['x"y', '"'],
      ],
    ],
    [
      'a byte order mark',
      '\ufeffa,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons',
      'a;b\n1,5;2\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'tabs',
      'a\tb\n1\t\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    [
      'blanks around cells',
      'a , b\n 1 ,\t"  2 " \n',
      [
        ['a', 'b'],
        ['1', '  2 '],
      ],
    ],
    [
      'empty lines and rows',
      '\na,b\n\n,\n1,2\n  \n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['one column', 'a\n1\n', [['a'], ['1']]],
    ['a header alone', 'a,b', [['a', 'b']]],
  ])('%s', (_what, text, expected) => {
    expect(cellsOf(text)).toEqual(expected)
    expect(cellsOf(Buffer.from(text))).toEqual(expected)
  })

  test.each<[string, string | Uint8Array, string[]]>([
    ['nothing', '', ['some.csv:1:1 empty-file']],
    ['a column without a name', 'a,,c\n1,2,3\n', ['some.csv:1:3 bad-header']],
    ['a column twice', 'a,b,a\n1,2,3\n', ['some.csv:1:5 bad-header']],
    ['uneven rows', 'a,b\n1\n1,2\n1,2,3\n', ['some.csv:2:1 bad-row', 'some.csv:4:5 bad-row']],
    ['a quote in a cell', 'a,b\n1,x"y\n', ['some.csv:2:4 bad-cell']],
    ['a text behind quotes', 'a,b\n"1"x,2\n', ['some.csv:2:4 bad-cell']],
    ['an open quote', 'a,b\n1,2\n3,"4\n5,6\n', ['some.csv:3:3 bad-cell']],
    ['too many rows', 'a\n1\n2\n3\n4\n5\n', ['some.csv:5:1 too-many-rows']],
    ['bytes that are no text', Uint8Array.of(0x61, 0, 0x62), ['some.csv:1:2 not-text']],
    ['an invisible character', 'a\n1\u202e2\n', ['some.csv:2:2 invisible-character']],
    ['a carriage return alone', 'a\n1\r2\n', ['some.csv:2:2 invisible-character']],
  ])('%s is refused at its place', (_what, text, expected) => {
    expect(placesOf(text, 3)).toEqual(expected)
  })

  test('a million rows, and what never ends, are refused in little time', () => {
    const begun = performance.now()
    expect(placesOf(`a,b\n${'1,2\n'.repeat(1_000_000)}`, 10_000)).toEqual(['some.csv:10002:1 too-many-rows'])
    expect(placesOf('a,b\n'.repeat(1_100_000), 10_000)).toEqual(['some.csv:1:1 too-large'])
    expect(placesOf(`"${'""'.repeat(1_000_000)}`, 10_000)).toEqual(['some.csv:1:1 bad-cell'])
    expect(placesOf(`${' '.repeat(2_000_000)}"`, 10_000)).toEqual(['some.csv:1:2000001 bad-cell'])
    expect(placesOf(`a\n${'x"\n'.repeat(9_000)}`, 10_000)).toHaveLength(100)
    expect(performance.now() - begun).toBeLessThan(5_000)
  })

  test('what csvText writes is read as it was', () => {
    const cell = fc.stringMatching(/^[ab ,;"]{0,6}$/)
    let rows = 0
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, fc.constant('x')), { maxLength: 5 }), (table) => {
        rows += table.length
        expect(cellsOf(csvText(['a', 'b', 'c'], table))).toEqual([['a', 'b', 'c'], ...table])
      }),
    )
    expect(rows).toBeGreaterThan(100)
  })
})
