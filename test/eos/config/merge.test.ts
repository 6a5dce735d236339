import { diffLines } from 'diff'
import { describe, expect, test } from 'vitest'
import { mergeConfig, mergeReport } from '../../../src/eos/config/merge.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { dedented, linesOf, lists } from '../../table.ts'

const text = (...rows: string[]) => rows.map((row) => `${row}\n`).join('')

const running = dedented(`
  ! device: leaf1 (vEOS, EOS-4.31.2F)
  !
  hostname leaf1
  ip name-server vrf MGMT 10.0.0.1
  !
  vlan 10,30
  !
  vlan 20
     name BLUE
  !
  interface Ethernet1
     description to spine1
     no switchport
     ip address 10.1.0.1/31
  !
  interface Ethernet2
     switchport trunk allowed vlan 10-12
     switchport mode trunk
  !
  interface Vlan20
     ip address virtual 10.20.0.1/24
  !
  ip access-list ACL
     10 permit ip host 10.0.0.1 any
     20 deny ip any any
  !
  ip prefix-list PL seq 10 permit 10.0.0.0/8
  !
  ip routing
  !
  router bgp 65001
     router-id 10.255.0.1
     neighbor 10.1.0.0 remote-as 65100
     neighbor 10.1.0.0 description spine1
     !
     address-family ipv4
        neighbor 10.1.0.0 activate
  !
  end
`)

/** The rows that differ, as `-row` and `+row`, in the order of the texts. */
function change(lines: readonly string[]) {
  const after = renderConfig(mergeConfig(parseConfig(running), lines))
  return diffLines(running, after).flatMap(({ value, added, removed }) =>
    added || removed
      ? value
          .split('\n')
          .slice(0, -1)
          .map((row) => `${added ? '+' : '-'}${row}`)
      : [],
  )
}

describe('merging lines into a configuration', () => {
  test.each(lists`
    last write wins                                              | hostname leaf9 | -hostname leaf1; +hostname leaf9
    an additive line joins its like                              | ip name-server vrf MGMT 10.0.0.2 | +ip name-server vrf MGMT 10.0.0.2
    what is there already changes nothing                        | hostname leaf1; vlan 10 |
    "no" removes the line                                        | no ip name-server vrf MGMT 10.0.0.1 | -ip name-server vrf MGMT 10.0.0.1
    "no" of an absent setting means nothing                      | no ntp server 10.9.9.9 |
    a static route typed again has only its new settings         | ip route 10.9.0.0/24 10.1.0.0 tag 7 name X; ip route 10.9.0.0/24 10.1.0.0 name Y | +ip route 10.9.0.0/24 10.1.0.0 name Y; +!
    a static route is taken away without its settings            | ip route 10.9.0.0/24 10.1.0.0 9 tag 7 name X; no ip route 10.9.0.0/24 10.1.0.0 9 |
    another distance is another route                            | ip route 10.9.0.0/24 10.1.0.0; ip route 10.9.0.0/24 10.1.0.0 9 | +ip route 10.9.0.0/24 10.1.0.0; +ip route 10.9.0.0/24 10.1.0.0 9; +!
    "no ntp" takes all of NTP away                               | ntp server 10.9.9.9; ntp local-interface Loopback0; no ntp |
    a VNI is added to the list                                   | interface Vxlan1; vxlan vlan add 10 vni 10010 | +interface Vxlan1; +   vxlan vlan 10 vni 10010; +!
    a VNI is taken from the list                                 | interface Vxlan1; vxlan vlan 10 vni 10010; vxlan vlan remove 10 vni | +interface Vxlan1; +!
    "no" where the default is positive is stored                 | no ip routing | -ip routing; +no ip routing
    "default" removes a setting                                  | default ip routing | -ip routing; -!
    a description is replaced under its interface                | interface Ethernet1;    description new | -   description to spine1; +   description new
    lines that are not indented follow the modes of the command line | interface et1; no description; router bgp 65001; no neighbor 10.1.0.0 description | -   description to spine1; -   neighbor 10.1.0.0 description spine1
    a stored "no" goes where its opposite is the default         | interface Ethernet1; switchport | -   no switchport
    "no" with a keyed head removes its lines                     | router bgp 65001; no neighbor 10.1.0.0 | -   neighbor 10.1.0.0 remote-as 65100; -   neighbor 10.1.0.0 description spine1
    "no neighbor X activate" is a line of its own                | router bgp 65001; no neighbor 10.1.0.0 activate | +   no neighbor 10.1.0.0 activate
    VLANs are added to a list                                    | interface Ethernet2; switchport trunk allowed vlan add 13,20 | -   switchport trunk allowed vlan 10-12; +   switchport trunk allowed vlan 10-13,20
    VLANs are removed from a list                                | interface Ethernet2; switchport trunk allowed vlan remove 11 | -   switchport trunk allowed vlan 10-12; +   switchport trunk allowed vlan 10,12
    a list that means the same changes nothing                   | interface Ethernet2; switchport trunk allowed vlan 10,11,12 |
    a VLAN without settings joins the others                     | vlan 31 | -vlan 10,30; +vlan 10,30-31
    a VLAN with a first setting gets a block of its own          | vlan 30; name GREEN | -vlan 10,30; +vlan 10; +vlan 30; +   name GREEN; +!
    a VLAN leaves a shared line                                  | no vlan 10 | -vlan 10,30; +vlan 30
    a block is deleted                                           | no vlan 20 | -vlan 20; -   name BLUE; -!
    a virtual interface is deleted                               | no interface Vlan20 | -interface Vlan20; -   ip address virtual 10.20.0.1/24; -!
    a port stays as an empty block                               | no interface Ethernet2 | -   switchport trunk allowed vlan 10-12; -   switchport mode trunk
    "default interface" empties a range                          | default interface Ethernet1-2 | -   description to spine1; -   no switchport; -   ip address 10.1.0.1/31; -   switchport trunk allowed vlan 10-12; -   switchport mode trunk
    a new interface stands in natural order                      | interface lo0; ip address 10.255.0.1/32 | +interface Loopback0; +   ip address 10.255.0.1/32; +!
    a range makes each interface                                 | interface Ethernet3-4; mtu 9000 | +interface Ethernet3; +   mtu 9000; +!; +interface Ethernet4; +   mtu 9000; +!
    an access list entry stands by its number                    | ip access-list ACL; 15 permit ip host 10.0.0.2 any | +   15 permit ip host 10.0.0.2 any
    an entry without number gets the next ten                    | ip access-list ACL; permit tcp any any | +   30 permit tcp any any
    an entry is removed by its number                            | ip access-list ACL; no 10 | -   10 permit ip host 10.0.0.1 any
    an entry is removed by its text                              | ip access-list ACL; no deny ip any any | -   20 deny ip any any
    a prefix list entry stands by its number                     | ip prefix-list PL seq 5 deny 10.1.0.0/16 | +ip prefix-list PL seq 5 deny 10.1.0.0/16
    the block form of a prefix list takes its one-line entries in | ip prefix-list PL;    seq 20 permit 172.16.0.0/12 | -ip prefix-list PL seq 10 permit 10.0.0.0/8; +ip prefix-list PL; +   seq 10 permit 10.0.0.0/8; +   seq 20 permit 172.16.0.0/12
    a nested block gets its separator                            | router bgp 65001;    vrf A;       rd 10.255.0.1:1 | +   !; +   vrf A; +      rd 10.255.0.1:1
    a root command leaves a submode                              | router bgp 65001; vrf A; rd 10.255.0.1:1; hostname leaf2 | -hostname leaf1; +hostname leaf2; +   !; +   vrf A; +      rd 10.255.0.1:1
    an unknown line is kept                                      | brand new feature 7 | +brand new feature 7; +!
    a banner is one command with its text                        | banner login; ! Stop; here; EOF | +banner login; +! Stop; +here; +EOF; +!
    a comment is shown as "!!"                                   | interface Ethernet1;    comment;    patched by hand;    EOF | +   !! patched by hand
    exit, end and ! say nothing                                  | interface Ethernet1; !; exit; end |
  `)('%s', (_name, lines, rows) => {
    expect(change(lines)).toEqual(rows)
  })

  test('a setting and its removal give the text back, layout included', () => {
    const odd = text(
      '!RANCID',
      '',
      'interface Ethernet1',
      '!',
      '   !',
      'interface Vlan5',
      '  mtu 9000',
      '  !! note',
      '!!!',
      'x',
    )
    const set = mergeConfig(parseConfig(odd), [
      'interface Vlan5',
      'description a',
      'interface Ethernet1',
      'description b',
    ])
    expect(renderConfig(set)).toContain('  description a')
    const unset = mergeConfig(set, ['interface Vlan5', 'no description', 'interface Ethernet1', 'no description'])
    expect(renderConfig(unset)).toBe(odd)
  })

  test('the tree that was merged into is not changed', () => {
    const tree = parseConfig(running)
    mergeConfig(tree, ['hostname other', 'no router bgp', 'no interface Vlan20'])
    expect(tree).toEqual(parseConfig(running))
  })

  test('what did not change is shared', () => {
    const tree = parseConfig(running)
    const after = mergeConfig(tree, ['interface Ethernet1', 'description new'])
    expect(after.children.filter((node) => !tree.children.includes(node)).map(({ line }) => line)).toEqual([
      'interface Ethernet1',
    ])
    expect(mergeConfig(tree, ['hostname leaf1'])).toBe(tree)
  })

  test('a report names what is unknown and what is refused', () => {
    const { unknown, refused, tree } = mergeReport(
      parseConfig(running),
      linesOf(`
      brand new feature 7
      router bgp 65002
         router-id 1.1.1.1
      ip access-list ACL
         10 permit ip any any
      ip prefix-list PL seq 10 permit 0.0.0.0/0
    `),
    )
    expect(unknown).toEqual([{ kind: 'unknown', line: 'brand new feature 7', path: [] }])
    expect(refused).toEqual([
      { kind: 'refused', line: 'router bgp 65002', path: [], message: '% BGP is already running with AS number 65001' },
      { kind: 'refused', line: 'router-id 1.1.1.1', path: ['router bgp 65002'], message: '% Invalid input' },
      {
        kind: 'refused',
        line: '10 permit ip any any',
        path: ['ip access-list ACL'],
        message: '% Duplicate sequence number',
      },
      {
        kind: 'refused',
        line: 'ip prefix-list PL seq 10 permit 0.0.0.0/0',
        path: [],
        message: '% Duplicate sequence number',
      },
    ])
    expect(renderConfig(tree)).not.toContain('1.1.1.1')
  })

  test('an unknown line goes with `no` and that line', () => {
    const once = mergeConfig(parseConfig(running), ['brand new feature 7', 'brand new feature 8'])
    const after = renderConfig(mergeConfig(once, ['no brand new feature 7']))
    expect(after).toContain('brand new feature 8')
    expect(after).not.toContain('brand new feature 7')
  })

  test('an unknown block takes the lines indented below it', () => {
    const after = mergeReport(parseConfig(running), ['shiny service', '   shutdown', '   colour red'])
    expect(renderConfig(after.tree)).toContain('shiny service\n   shutdown\n   colour red\n')
    expect(after.unknown.map(({ line }) => line)).toEqual(['shiny service', 'colour red'])
  })
})
