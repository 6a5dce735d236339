import { expect, test } from 'vitest'
import { diffConfig, presentChanges } from '../../../src/eos/config/diff/diff.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { linesOf } from '../../table.ts'

function presented(before: string, after: string) {
  const { changes } = diffConfig(parseConfig(before), parseConfig(after))
  return presentChanges(changes).map(({ sign, text }) => sign + text)
}

test.each([
  ['nothing', 'a\n', 'a\n', []],
  [
    'a changed line under its parents',
    'router bgp 1\n   router-id 1.1.1.1\n   vrf A\n      rd 1:1\n',
    'router bgp 1\n   router-id 1.1.1.1\n   vrf A\n      rd 1:2\n',
    [' router bgp 1', '    vrf A', '-      rd 1:1', '+      rd 1:2'],
  ],
  [
    'added and removed blocks whole',
    'vlan 10\n   name A\nhostname x\n',
    'hostname x\nvlan 20\n   name B\n',
    ['-vlan 10', '-   name A', '+vlan 20', '+   name B'],
  ],
  [
    'two places of one parent together',
    'interface Ethernet1\n   a\n   b\n   c\n',
    'interface Ethernet1\n   x\n   b\n   y\n',
    linesOf(`
       interface Ethernet1
      -   a
      +   x
      -   c
      +   y
    `),
  ],
  [
    'a block that moved and changed inside, once',
    'a\n   one\n   two\nb\nc\nd\n',
    'b\nc\nd\na\n   one\n   three\n',
    [' a', '-   two', '+   three'],
  ],
  [
    'lines of a heredoc as they are written',
    'interface Ethernet1\n   mtu 9000\n',
    'interface Ethernet1\n   mtu 9000\n   comment\n     kept by hand\n   EOF\n',
    [' interface Ethernet1', '+   comment', '+     kept by hand', '+   EOF'],
  ],
  [
    'an entry of an ordered list that moved',
    'policy-map type pbr P\n   class A\n      drop\n   class B\n      drop\n',
    'policy-map type pbr P\n   class B\n      drop\n   class A\n      drop\n',
    linesOf(`
       policy-map type pbr P
      -   class A
      -      drop
      +   class A
      +      drop
    `),
  ],
])('%s', (_, before, after, expected) => {
  expect(presented(before, after)).toEqual(expected)
})
