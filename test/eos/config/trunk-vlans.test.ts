import { describe, expect, test } from 'vitest'
import { mergeConfig, parseConfig, renderConfig } from '../../../src/index.ts'

const HEAD = 'interface Ethernet1\n   switchport mode trunk\n'
const KEY = '   switchport trunk allowed vlan '

/** The value behind a command that is merged where there was one, or none. */
function allowed(present: string | undefined, command: string) {
  const before = parseConfig(present === undefined ? HEAD : `${HEAD}${KEY}${present}\n`)
  const after = renderConfig(mergeConfig(before, ['interface Ethernet1', `${KEY}${command}`]))
  return after
    .split('\n')
    .find((line) => line.startsWith(KEY))
    ?.slice(KEY.length)
}

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
    expect(allowed(present, command)).toBe(after)
  })

  test.each(['add', 'VLANS', 'add x'])('the command %j is none: it stays as it was typed', (command) => {
    expect(allowed('10', command)).toBe(command)
  })
})
