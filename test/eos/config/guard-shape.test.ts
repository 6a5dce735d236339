import { describe, expect, test } from 'vitest'
import { execVerbs } from '../../../src/eos/config/guard/guard.ts'
import { linesOf, lists } from '../../table.ts'

const found = (lines: readonly string[]) =>
  (['merge', 'replace'] as const).map((mode) =>
    execVerbs(lines, mode, ['unknown-lines']).flatMap(({ index, because, act }) =>
      act === 'refused' ? [[index, because]] : [],
    ),
  )

describe('a line that is elsewhere on the switch than in its text', () => {
  test.each(lists`
    under a setting of the root      | hostname leaf1;    frobnicate now; vlan 20 | 1
    under the size of a terminal     | interface Ethernet1; terminal length 0;    frobnicate | 2
    under a block that is taken away | no interface Vlan10;    description x; vlan 20 | 1
    under a setting of a block       | router bgp 65001;    router-id 1.1.1.1;       frobnicate;    vlan 10 | 2
    under a negated setting          | interface Ethernet1;    no mtu;       mtu 9000;    shutdown | 2
    all of them                      | ip routing;    frobnicate;    snmp-server community x ro | 1; 2
  `)('is refused: %s', (_, lines, rows) => {
    const nested = rows.map((row) => [Number(row), 'nested'])
    expect(found(lines)).toEqual([nested, nested])
  })

  test.each(lists`
    a banner that there is not     | banner nosuch; reload now; EOF | 0 text
    a banner in a block            | interface Ethernet1;    banner motd; reload now; EOF | 1 text
    an action at the root          | action bash; reload now; EOF | 0 text
    a code unit under an interface | interface Ethernet1;    code unit X; reload; EOF | 1 text
    a certificate under SSH        | management ssh;    protocol https certificate; reload; EOF; x; EOF | 1 text
    a banner without its end       | banner motd; hello | 0 no-text
    a comment without its text     | interface Ethernet1;    comment;    mtu 9000 | 1 no-text
    a comment at the end           | interface Ethernet1;    comment | 1 no-text
  `)('[P15] a text that no command reads is refused: %s', (_, lines, rows) => {
    const texts = (all: readonly unknown[][]) =>
      all.filter(([, because]) => because === 'text' || because === 'no-text')
    expect(found(lines).map((all) => texts(all).map((one) => one.join(' ')))).toEqual([rows, rows])
  })

  test.each([
    [['banner login', 'reload now | bash', 'EOF']],
    [['event-handler E', '   action bash', '      reload', '   EOF']],
    [
      linesOf(`
      router general
         control-functions
            code unit U
      reload
            EOF
    `),
    ],
    [['interface Ethernet1', '   comment', 'reload', '   EOF']],
    [['default interface Ethernet1', 'interface Ethernet1', '   mtu 9000']],
    [['no interface Vlan10', 'vlan 20', '   name A']],
  ])('and where it belongs it passes: %j', (lines) => {
    expect(execVerbs(lines, 'replace').filter(({ act }) => act === 'refused')).toEqual([])
  })
})
