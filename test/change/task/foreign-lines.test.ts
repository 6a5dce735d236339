import { describe, expect, test } from 'vitest'
import { foreignLines, onlyForeignLines, quoted } from '../../../src/change/task/act/config-changes.ts'

const BASE = `hostname leaf1
!
vlan 10
   name USERS
!
interface Ethernet1
   description to-core
!
end
`
const TARGET = BASE.replace('vlan 10\n   name USERS\n', 'vlan 10\n   name USERS\n!\nvlan 20\n   name RED\n')

describe('what somebody else has changed', () => {
  test.each([
    ['nothing', BASE, []],
    ['a header and an order', `! Command: show running-config\n${BASE}`, []],
    ['a block', `${BASE.replace('end\n', 'vlan 30\nend\n')}`, ['+vlan 30']],
    [
      'a line of a block',
      BASE.replace('description to-core', 'description moved'),
      ['-interface Ethernet1 / description to-core', '+interface Ethernet1 / description moved'],
    ],
    ['a secret', BASE.replace('!\nend', '!\nenable secret 5 $1$abc$defghijk\nend'), ['+enable secret 5 <redacted>']],
  ])('%s', (_name, found, lines) => {
    expect(foreignLines(BASE, found)).toEqual(lines)
  })

  test.each([
    ['at the base', BASE, []],
    ['somebody else only', BASE.replace('end\n', 'vlan 30\nend\n'), ['+vlan 30']],
    ['the change', TARGET, undefined],
    ['a part of the change and somebody else', BASE.replace('end\n', 'vlan 20\nvlan 30\nend\n'), undefined],
  ])('%s', (_name, running, lines) => {
    expect(onlyForeignLines(BASE, TARGET, running)).toEqual(lines)
  })

  test.each([
    ['a VLAN on one line with that of the change', 'vlan 20', 'vlan 20,30', undefined],
    ['a VLAN within a range', 'vlan 20', 'vlan 18-22', undefined],
    ['a VLAN beside it', 'vlan 20', 'vlan 19,21', ['+vlan 19,21']],
    ['another range', 'vlan 20-29', 'vlan 30-39', ['+vlan 30-39']],
    ['a number that is none of a list', 'mtu 9214', 'mtu 9000', ['+mtu 9000']],
    ['a list of another line', 'a vlan 20', 'b vlan 20,30', ['+b vlan 20,30']],
    ['a list with a word behind it', 'a vlan-id 4,6 priority 0', 'a vlan-id 4-5 priority 0', undefined],
    ['another word behind it', 'a vlan-id 4,6 priority 0', 'a vlan-id 4-5 priority 1', ['+a vlan-id 4-5 priority 1']],
  ])('[P18] that makes one line with a line of the change: %s', (_name, ours, running, lines) => {
    const withLine = (line: string) => BASE.replace('end\n', `${line}\nend\n`)
    expect(onlyForeignLines(BASE, withLine(ours), withLine(running))).toEqual(lines)
  })

  test('more than five lines are only counted', () => {
    expect(quoted(['+a', '+b'])).toBe('+a; +b')
    expect(quoted(['+a', '+b', '+c', '+d', '+e', '+f', '+g'])).toBe('+a; +b; +c; +d; +e; and 2 more')
  })
})
