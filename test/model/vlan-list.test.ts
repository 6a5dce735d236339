import { describe, expect, test } from 'vitest'
import { judgeParam } from '../../src/change/workflow/param/judge.ts'
import { VlanList } from '../../src/eos/check/builtin/vlans-present.ts'
import { formatRanges, parseVlans } from '../../src/model/vlan-list.ts'

/** As EOS prints it, as a check takes it, as a parameter takes it. */
type Row = readonly [
  text: string,
  printed: number[] | undefined,
  check: number[] | undefined,
  param: string | undefined,
]

const ROWS: readonly Row[] = [
  ['10', [10], [10], '10'],
  ['10,20-22', [10, 20, 21, 22], [10, 20, 21, 22], '10,20-22'],
  ['10-12,20', [10, 11, 12, 20], [10, 11, 12, 20], '10-12,20'],
  ['3,1-2,2', [1, 2, 3], [1, 2, 3], '1-3'],
  ['1,4094', [1, 4094], [1, 4094], '1,4094'],
  ['4094', [4094], [4094], '4094'],
  // People put spaces; EOS prints none, and a line of a configuration with one is another line.
  ['10, 20', undefined, [10, 20], '10,20'],
  [' 10 ', undefined, [10], '10'],
  ['20, 10 - 11', undefined, [10, 11, 20], '10-11,20'],
  // YAML reads a bare 010 as 8.
  ['010', [10], [10], undefined],
  ['1-010', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], undefined],
  ['1 0', undefined, undefined, undefined],
  ['0', undefined, undefined, undefined],
  ['0-1', undefined, undefined, undefined],
  ['4095', undefined, undefined, undefined],
  ['10000', undefined, undefined, undefined],
  ['5-3', undefined, undefined, undefined],
  ['1-2-3', undefined, undefined, undefined],
  ['10,,11', undefined, undefined, undefined],
  ['10,', undefined, undefined, undefined],
  ['-5', undefined, undefined, undefined],
  ['x', undefined, undefined, undefined],
  ['none', undefined, undefined, undefined],
  ['', undefined, undefined, undefined],
]

describe('a list of VLANs', () => {
  test.each(ROWS)('%j', (text, printed, check, param) => {
    expect(parseVlans(text)).toEqual(printed)
    expect(VlanList.safeParse(text).data).toEqual(check)
    const judged = judgeParam({ type: 'vlanRange' }, text)
    expect(judged.ok ? judged.value : undefined).toBe(param)
  })

  test.each([
    [[10, 11, 12, 20], '10-12,20'],
    [[1, 2], '1-2'],
    [[20, 12, 10, 11, 11, 30, 31], '10-12,20,30-31'],
    [[], ''],
  ])('%j is printed as ranges', (numbers, text) => {
    expect(formatRanges(numbers)).toBe(text)
  })
})
