import { describe, expect, test } from 'vitest'
import { nextVlanList } from '../../src/config/trunk-vlans.ts'

describe('the VLANs of a trunk', () => {
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
