import { describe, expect, test } from 'vitest'
import { commandSet, matchWords } from '../../../src/eos/sim/cli/command/command-words.ts'
import { table } from '../../table.ts'

const set = commandSet([
  { words: 'show interfaces [<interface>] status' },
  { words: 'show interfaces [<interface>]' },
  { words: 'show vlan [<vlans>] [brief]' },
  { words: 'show (clock|hostname)' },
  { words: 'show running-config section <pattern...>' },
  { words: 'configure' },
  { words: 'copy <source> <target>' },
  { words: 'copy running-config startup-config' },
])

const match = (line: string, complete = false) => {
  const found = matchWords(set, line.split(' '), complete)
  return 'fault' in found ? `${found.fault} at ${found.token}` : [found.found.words, found.args]
}

describe('which command a typed line means', () => {
  test.each([
    ['show interfaces', 'show interfaces [<interface>]', {}],
    ['show interfaces status', 'show interfaces [<interface>] status', {}],
    ['show interfaces Ethernet1 status', 'show interfaces [<interface>] status', { interface: 'Ethernet1' }],
    ['SHOW Interfaces Ethernet1', 'show interfaces [<interface>]', { interface: 'Ethernet1' }],
    ['show vlan brief', 'show vlan [<vlans>] [brief]', {}],
    ['show vlan 10,20 brief', 'show vlan [<vlans>] [brief]', { vlans: '10,20' }],
    ['show hostname', 'show (clock|hostname)', {}],
    [
      'show running-config section router bgp 1',
      'show running-config section <pattern...>',
      { pattern: 'router bgp 1' },
    ],
    ['copy running-config startup-config', 'copy running-config startup-config', {}],
    ['copy running-config flash:x', 'copy <source> <target>', { source: 'running-config', target: 'flash:x' }],
  ])('%s', (line, words, args) => {
    expect(match(line)).toEqual([words, args])
  })

  test.each(table`
    bogus                        invalid at 0
    show bogus                   invalid at 1
    show clock now               invalid at 2
    show run                     incomplete-token at 1
    show                         incomplete-command at 0
    show running-config section  incomplete-command at 2
    copy startup-config          incomplete-command at 1
  `)('%s is %s', (line, fault) => {
    expect(match(line)).toBe(fault)
  })

  test('beginnings, where they count', () => {
    expect(match('sh int stat', true)).toEqual(['show interfaces [<interface>] status', {}])
    expect(match('co', true)).toBe('ambiguous at 0')
    expect(match('copy run start', true)).toEqual(['copy running-config startup-config', {}])
  })
})
