import { describe, expect, test } from 'vitest'
import { mergeConfig, mergeReport } from '../../../src/eos/config/merge.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { everyNthOfLong } from '../../extent.ts'
import { linesOf, table } from '../../table.ts'
import { removalsOf, shorterRemovalsOf } from './removal-cases.ts'
import { ownConfigs } from './texts.ts'

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
/** The path of a mode and a line in it, as it is typed. */
const nested = (path: string) => path.split(' ;; ').map((line, depth) => '   '.repeat(depth) + line)
/** The lines that stand after a change, trimmed, without layout. */
function linesAfter(running: readonly string[], change: readonly string[]) {
  const rows = renderConfig(mergeConfig(parseConfig(text(running)), change)).split('\n')
  return rows.map((row) => row.trim()).filter((row) => row !== '' && row !== '!')
}

describe('a shorter `no`', () => {
  test.each([
    ...table`
    ip route 10.0.0.0/8 10.1.1.1 200 tag 7 name x                          no ip route 10.0.0.0/8
    ip route 10.0.0.0/8 10.1.1.1 200 tag 7 name x                          no ip route 10.0.0.0/8 10.1.1.1
    ipv6 route 2001:db8::/48 2001:db8::1 200                               no ipv6 route 2001:db8::/48
    ip host N 10.1.1.1                                                     no ip host N
    ip name-server vrf V 10.1.1.1                                          no ip name-server vrf V
    ip name-server 10.1.1.1                                                no ip name-server 10.1.1.1
    monitor session M source Ethernet1 both                                no monitor session M source Ethernet1
    tacacs-server host 10.1.1.1 vrf V key 7 00                             no tacacs-server host 10.1.1.1 vrf V
    radius-server host 10.1.1.1 vrf V key 7 00                             no radius-server host 10.1.1.1 vrf V
    logging vrf V host 10.1.1.1 515                                        no logging vrf V host 10.1.1.1
    ntp authentication-key 5 sha1 7 00                                     no ntp authentication-key 5
    schedule X interval 60 timeout 30 max-log-files 10 command show clock  no schedule X
    snmp-server view V iso included                                        no snmp-server view V
    snmp-server community C view V ro ACL1                                 no snmp-server community C
    spanning-tree mst 0 cost 100                                           no spanning-tree mst 0 cost
    arp 10.1.1.1 00:1c:73:00:00:01 arpa                                    no arp 10.1.1.1
    sflow destination 10.1.1.1 6343                                        no sflow destination 10.1.1.1
    ip nat pool P prefix-length 24                                         no ip nat pool P
  `,
    ['ip routing ipv6 interfaces  vrf BLUE', 'no ip routing ipv6 interfaces vrf'],
  ])('takes `%s` away by `%s`', (line, removal) => {
    expect(linesAfter(['hostname a', line], [removal])).toEqual(['hostname a'])
  })

  test.each(table`
    router bgp 65001 ;; network 10.0.0.0/8 route-map R                      no network 10.0.0.0/8
    router bgp 65001 ;; aggregate-address 10.0.0.0/8 summary-only           no aggregate-address 10.0.0.0/8
    router bgp 65001 ;; redistribute connected route-map R                  no redistribute connected
    router bgp 65001 ;; neighbor 10.1.1.1 send-community standard extended  no neighbor 10.1.1.1 send-community
    router bgp 65001 ;; neighbor 10.1.1.1 route-map R in                    no neighbor 10.1.1.1 route-map in
    router bgp 65001 ;; bgp listen range 10.0.0.0/8 peer-group G remote-as 65002  no bgp listen range 10.0.0.0/8
    route-map R permit 10 ;; match community C exact-match                  no match community
    route-map R permit 10 ;; set community 65001:1 additive                 no set community
    route-map R permit 10 ;; set as-path prepend 65001 65001                no set as-path prepend
    interface Ethernet1 ;; ip helper-address 10.1.1.1 vrf V source-interface Loopback0  no ip helper-address 10.1.1.1
    interface Vxlan1 ;; vxlan vlan 10 flood vtep 10.1.1.1 10.1.1.2          no vxlan vlan 10 flood vtep
    router ospf 1 ;; area 0.0.0.1 stub no-summary                           no area 0.0.0.1 stub
    router ospf 1 ;; max-metric router-lsa on-startup 300                   no max-metric router-lsa
    router ospf 1 ;; summary-address 10.0.0.0/8 tag 5                       no summary-address 10.0.0.0/8
    daemon D ;; option a value b                                            no option a
  `)('takes `%s` away in its block by `%s`', (path, removal) => {
    const lines = nested(path)
    const opener = lines.slice(0, -1)
    const kept = opener[0]?.startsWith('router ospf') ? ['max-lsa 12000'] : []
    const running = [...opener, ...kept.map((line) => `   ${line}`), ...lines.slice(-1)]
    expect(linesAfter(running, [...opener, `   ${removal}`])).toEqual([...opener.map((line) => line.trim()), ...kept])
  })

  const PORT = linesOf(`
    interface Ethernet1
       no switchport
       ip address 10.0.0.0/31
       ip address 10.0.1.0/31 secondary
       ip address virtual 10.0.2.1/24
  `)

  test('means the setting of which it lacks the value, and not one that has a further keyword', () => {
    expect(linesAfter(PORT, ['interface Ethernet1', '   no ip address'])).toEqual([
      'interface Ethernet1',
      'no switchport',
      'ip address virtual 10.0.2.1/24',
    ])
  })

  test('takes the line that is said whole, and none that goes on', () => {
    expect(linesAfter(PORT, ['interface Ethernet1', '   no ip address 10.0.1.0/31'])).toEqual([
      'interface Ethernet1',
      'no switchport',
      'ip address 10.0.0.0/31',
      'ip address virtual 10.0.2.1/24',
    ])
  })

  test('counts whole words', () => {
    expect(linesAfter(['vlan 10-11', 'ip route 10.0.0.0/8 10.1.1.12'], ['no ip route 10.0.0.0/8 10.1.1.1'])).toEqual([
      'vlan 10-11',
      'ip route 10.0.0.0/8 10.1.1.12',
    ])
  })

  test.each([
    ['interface Ethernet1', 'no ip'],
    ['interface Ethernet1', 'default ip'],
  ])('of several kinds of lines takes nothing away, and names them: %s, %s', (opener, removal) => {
    const report = mergeReport(parseConfig(text(PORT)), [opener, `   ${removal}`])
    expect(renderConfig(report.tree)).toBe(text(PORT))
    expect(report.idle).toEqual([
      {
        kind: 'unchanged',
        line: removal,
        path: ['interface Ethernet1'],
        begun: ['ip address 10.0.0.0/31', 'ip address 10.0.1.0/31 secondary', 'ip address virtual 10.0.2.1/24'],
      },
    ])
  })

  test('of several blocks that it does not tell apart takes none away', () => {
    const running = ['vrf instance A', '!', 'vrf instance B']
    const report = mergeReport(parseConfig(text(running)), ['no vrf instance'])
    expect(renderConfig(report.tree)).toBe(text(running))
    expect(report.idle.map(({ begun }) => begun)).toEqual([['vrf instance A', 'vrf instance B']])
  })

  test('of a route of one VRF leaves those of another', () => {
    const running = [
      'ip route vrf A 10.0.0.0/8 10.1.1.1 name x',
      'ip route vrf B 10.0.0.0/8 10.1.1.1',
      'ip route 10.0.0.0/8 10.1.1.1',
    ]
    expect(linesAfter(running, ['no ip route vrf A 10.0.0.0/8'])).toEqual(running.slice(1))
  })

  test('takes away what stands under a command that no rule knows, typed line by line', () => {
    const running = ['hardware tcam', '   profile P', '      feature acl port ip', '         sequence 45']
    expect(linesAfter(running, ['hardware tcam', 'profile P', 'feature acl port ip', 'no sequence'])).toEqual([
      'hardware tcam',
      'profile P',
      'feature acl port ip',
    ])
  })
})

describe('what stands after `no`', () => {
  const MEMBER = ['router bgp 65001', '   neighbor G peer group', '   neighbor 10.1.1.1 peer group G']
  const stands = (running: readonly string[], change: readonly string[]) => linesAfter(running, change).slice(1)

  test.each([
    // Recorded on hardware, 4.31.2F to 4.33.2F.
    [
      'a setting of the group',
      ['neighbor G route-map R in'],
      'no neighbor 10.1.1.1 route-map in',
      ['no neighbor 10.1.1.1 route-map in'],
    ],
    [
      'a value beside that of the group',
      ['neighbor G local-as 65009', 'neighbor 10.1.1.1 local-as 65008'],
      'no neighbor 10.1.1.1 local-as',
      ['no neighbor 10.1.1.1 local-as'],
    ],
    ['a setting that the group lacks', ['neighbor 10.1.1.1 bfd'], 'no neighbor 10.1.1.1 bfd', []],
    [
      'its own description',
      ['neighbor G description g', 'neighbor 10.1.1.1 description n'],
      'no neighbor 10.1.1.1 description',
      [],
    ],
  ])('of a member of a peer group: %s', (_, given, removal, expected) => {
    const lines = stands([...MEMBER, ...given.map((line) => `   ${line}`)], ['router bgp 65001', `   ${removal}`])
    const others = [
      'neighbor G peer group',
      'neighbor 10.1.1.1 peer group G',
      ...given.filter((line) => line.includes(' G ')),
    ]
    expect(lines.filter((line) => !others.includes(line))).toEqual(expected)
  })

  test.each([
    [
      'a port: its empty block',
      ['interface Ethernet1', '   mtu 9000'],
      ['no interface Ethernet1'],
      ['interface Ethernet1'],
    ],
    [
      'what is on by default: `no` without the value',
      ['aaa root secret sha512 x'],
      ['no aaa root secret sha512 x'],
      ['no aaa root'],
    ],
    ['logging to the console', ['logging console debugging'], ['no logging console debugging'], ['no logging console']],
    [
      'an activated neighbor',
      ['router bgp 1', '   address-family ipv4', '      neighbor G activate'],
      ['router bgp 1', '   address-family ipv4', '      no neighbor G activate'],
      ['router bgp 1', 'address-family ipv4', 'no neighbor G activate'],
    ],
    [
      'what is off by default: nothing',
      ['ipv6 unicast-routing', 'sflow run', 'mpls ip'],
      ['no ipv6 unicast-routing', 'no sflow run', 'no mpls ip'],
      [],
    ],
    [
      'one interface that is passive',
      ['router isis A', '   passive-interface Loopback0'],
      ['router isis A', '   no passive-interface Loopback0'],
      ['router isis A'],
    ],
    [
      'one interface of which all are passive',
      ['router isis A', '   passive-interface default'],
      ['router isis A', '   no passive-interface Ethernet1'],
      ['router isis A', 'passive-interface default', 'no passive-interface Ethernet1'],
    ],
  ])('of %s', (_, running, change, expected) => {
    expect(linesAfter(running, change)).toEqual(expected)
  })
})

describe('each line of our own configurations', () => {
  const some = everyNthOfLong(3, 'configurations of which each line is taken away', ownConfigs)

  test('is taken away by its `no`, with its body, and nothing else is', () => {
    const judged = some.map((config) => removalsOf([config]))
    expect(judged.flatMap(({ wrong }) => wrong)).toEqual([])
    expect(judged.reduce((sum, { lines }) => sum + lines, 0)).toBeGreaterThan(500)
  })

  test('[3T2] is taken away by each shorter form with those of its kind, or the lines are named', () => {
    const judged = some.map((config) => shorterRemovalsOf([config]))
    expect(judged.flatMap(({ wrong }) => wrong)).toEqual([])
    expect(judged.reduce((sum, { removed }) => sum + removed, 0)).toBeGreaterThan(700)
    expect(judged.reduce((sum, { named }) => sum + named, 0)).toBeGreaterThan(40)
  })
})
