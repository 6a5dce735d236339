import { describe, expect, test } from 'vitest'
import { formatVlans, nextVlanList, parseVlans } from '../../src/config/vlan-range.ts'

describe('lists of VLANs', () => {
  test.each([
    ['10', [10]],
    ['10,20-22', [10, 20, 21, 22]],
    ['3,1-2,2', [1, 2, 3]],
    ['4094', [4094]],
  ])('%s is read', (text, vlans) => {
    expect(parseVlans(text)).toEqual(vlans)
  })

  test.each(['', '0', '4095', '5-3', 'x', '10,', 'none'])('%j is no list', (text) => {
    expect(parseVlans(text)).toBeUndefined()
  })

  test.each([
    [[10, 11, 12, 20], '10-12,20'],
    [[1, 2], '1-2'],
    [[], ''],
  ])('%j is printed as ranges', (vlans, text) => {
    expect(formatVlans(vlans)).toBe(text)
  })

  test.each([
    [undefined, '10,11,12', '10-12'],
    ['10', '20', '20'],
    ['10', 'add 11-12', '10-12'],
    ['10-12', 'remove 11', '10,12'],
    ['10', 'remove 10', 'none'],
    ['none', 'add 5', '5'],
    [undefined, 'add 5', '1-4094'],
    [undefined, 'remove 1-4000', '4001-4094'],
    ['10', 'except 1-4093', '4094'],
    ['10', 'all', '1-4094'],
    ['10', 'none', 'none'],
  ])('%s after the command %j is %s', (present, command, after) => {
    expect(nextVlanList(present, command)).toBe(after)
  })

  test.each(['', 'add', 'VLANS', 'add x'])('the command %j is none', (command) => {
    expect(nextVlanList('10', command)).toBeUndefined()
  })
})
