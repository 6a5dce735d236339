import { describe, expect, test } from 'vitest'
import { commandsOfLines } from '../../../src/eos/config/commands.ts'
import { typedBlocks } from '../../../src/eos/config/guard/typed-blocks.ts'
import { lists } from '../../table.ts'

/** Lines as they are typed at the CLI of EOS, and the blocks that its modes put them into (docs/eos.md 4.5). */
const FLAT = lists`
  a line of the open port                                      | interface Ethernet10; description X | interface Ethernet10;    description X
  a block after a block                                        | interface Ethernet10; no shutdown; interface Ethernet11; no description | interface Ethernet10;    no shutdown; interface Ethernet11;    no description
  a line that only the root knows                              | vlan 10; name X; ntp server 192.0.2.1 | vlan 10;    name X; ntp server 192.0.2.1
  two words of which the port has one and the root the other   | interface Ethernet1; spanning-tree portfast; spanning-tree mode mstp | interface Ethernet1;    spanning-tree portfast; spanning-tree mode mstp
  a block in a block                                           | router bgp 1; vrf X; rd 1:1; router-id 192.0.2.1 | router bgp 1;    vrf X;       rd 1:1;       router-id 192.0.2.1
  a line of the block around                                   | router bgp 1; address-family evpn; neighbor X activate; address-family ipv4; no neighbor X activate | router bgp 1;    address-family evpn;       neighbor X activate;    address-family ipv4;       no neighbor X activate
  a VRF is of the root, where the block has only VRFs of its own | router bgp 1; vrf instance X | router bgp 1; vrf instance X
  an exit that closes a block                                  | router bgp 1; exit; vlan 10 | router bgp 1; vlan 10
  an exit that leaves the configuration stays, and is refused  | vlan 10; exit; exit | vlan 10; exit
  a text up to EOF                                             | banner motd; a;   b; EOF; hostname x | banner motd; a;   b; EOF; hostname x
  comments and empty lines                                     | ! text; ; vlan 3; ! | vlan 3
  a misspelt line stays in its block                           | interface Ethernet1; desription X | interface Ethernet1;    desription X
`

describe('typed lines in their blocks', () => {
  test.each(FLAT)('%s', (_name, typed, blocks) => {
    expect(typedBlocks(typed)).toMatchObject({ lines: blocks, unclear: [] })
  })

  test.each(FLAT.filter(([, typed]) => !typed?.includes('exit')))(
    '%s: the same commands are sent',
    (_name, typed, blocks) => {
      expect(commandsOfLines(blocks)).toEqual(commandsOfLines(typed))
    },
  )

  test('with indentation, it alone says where a line belongs', () => {
    const typed = ['router bgp 1', '  vlan 10', '\trd 1:1', 'vlan 10']
    expect(typedBlocks(typed)).toMatchObject({
      lines: ['router bgp 1', '   vlan 10', '      rd 1:1', 'vlan 10'],
      unclear: [],
    })
  })

  test.each([
    [['router bgp 1', 'vlan 10'], [{ index: 1, line: 'vlan 10', inside: ['router bgp 1'] }]],
    [['router bgp 1', 'vrf X', 'rd 1:1', 'vlan 10'], [{ index: 3, line: 'vlan 10', inside: ['router bgp 1'] }]],
  ] as const)('%j: a line that the block and the root know is unclear', (typed, unclear) => {
    expect(typedBlocks(typed).unclear).toEqual(unclear)
  })

  test('each line has the place of what was given', () => {
    expect(typedBlocks(['', '! text', 'vlan 3', '!', 'vlan 4']).places).toEqual([2, 4])
  })
})
