import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mergeConfig } from '../../../src/eos/config/merge.ts'
import { ConfigEditor } from '../../../src/eos/config/rules/editor.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigNode } from '../../../src/eos/config/text/tree.ts'
import { recordings } from '../../recordings.ts'
import { lists } from '../../table.ts'

const text = (...rows: readonly string[]) => rows.map((row) => `${row}\n`).join('')
const merged = (running: readonly string[], typed: readonly string[], version = '4.31.2F') =>
  renderConfig(mergeConfig(parseConfig(text(...running)), typed, { version }))

const ET = ['interface Ethernet1']
const OSPF = ['router ospf 1']
const BGP = ['router bgp 65001']

describe('what a switch stores of a typed line', () => {
  test.each(lists`
    interface Ethernet1 | ip address 10.0.0.1 255.255.255.0 | ip address 10.0.0.1/24
    interface Ethernet1 | ip address 10.0.0.1 255.255.255.254 | ip address 10.0.0.1/31
    interface Ethernet1 | ip address 10.0.0.1 255.255.255.255 | ip address 10.0.0.1/32
    interface Ethernet1 | ip address 10.1.0.1 255.255.0.0 secondary | ip address 10.1.0.1/16 secondary
    interface Ethernet1 | ip address virtual 10.1.0.1 255.255.255.0 | ip address virtual 10.1.0.1/24
    interface Ethernet1 | ip address 10.0.0.1 255.0.255.0 | ip address 10.0.0.1 255.0.255.0
    interface Ethernet1 | ip address unnumbered loopback0 | ip address unnumbered Loopback0
    interface Ethernet1 | ip ospf area 0 | ip ospf area 0.0.0.0
    interface Ethernet1 | ip ospf area 256 | ip ospf area 0.0.1.0
    interface Ethernet1 | ip ospf area 4294967295 | ip ospf area 255.255.255.255
    interface Ethernet1 | ip ospf area 4294967296 | ip ospf area 4294967296
    interface Ethernet1 | ospfv3 ipv4 area 1 | ospfv3 ipv4 area 0.0.0.1
    interface Ethernet1 | mtu 1500 | mtu 1500
    interface Ethernet1 | mtu 1501 | mtu 1501
    interface Ethernet1 | switchport trunk native vlan 1 |
    interface Ethernet1 | no shutdown |
    interface Ethernet1 | shutdown | shutdown
    interface Ethernet1 | lacp timer normal |
    interface Ethernet1 | no spanning-tree portfast |
    interface Vxlan1    | vxlan udp-port 4789 | vxlan udp-port 4789
    interface Vxlan1    | vxlan source-interface lo1 | vxlan source-interface Loopback1
    mlag configuration  | peer-link po1000 | peer-link Port-Channel1000
    router ospf 1       | network 10.0.0.0/8 area 0 | network 10.0.0.0/8 area 0.0.0.0
    router ospf 1       | network 10.0.0.0 0.255.255.255 area 3 | network 10.0.0.0/8 area 0.0.0.3
    router ospf 1       | area 0 range 10.0.0.0 255.0.0.0 | area 0.0.0.0 range 10.0.0.0/8
    router ospf 1       | area 12 stub | area 0.0.0.12 stub
    router ospf 1       | passive-interface vlan10 | passive-interface Vlan10
    router ospf 1       | auto-cost reference-bandwidth 100 |
    router isis CORE    | is-type level-1-2 |
    router isis CORE    | is-type level-2 | is-type level-2
    router bgp 65001    | network 10.0.0.0 mask 255.0.0.0 | network 10.0.0.0/8
    router bgp 65001    | network 10.0.0.0 mask 255.0.0.0 route-map OUT | network 10.0.0.0/8 route-map OUT
    router bgp 65001    | aggregate-address 10.0.0.0 255.0.0.0 summary-only | aggregate-address 10.0.0.0/8 summary-only
    router bgp 65001    | neighbor 10.0.0.2 update-source lo0 | neighbor 10.0.0.2 update-source Loopback0
    router bgp 65001    | no neighbor 10.0.0.2 shutdown |
    router bgp 65001    | no neighbor 10.0.0.2 activate | no neighbor 10.0.0.2 activate
    router bgp 65001    | bgp default ipv4-unicast |
    router bgp 65001    | no bgp default ipv4-unicast | no bgp default ipv4-unicast
    router bgp 65001    | maximum-paths 1 ecmp 128 | maximum-paths 1 ecmp 128
    router bgp 65001    | timers bgp 60 180 |
    vlan 20             | name VLAN0020 |
  `)('%s: %j', (block, [typed], stored) => {
    expect(merged([block], [block, `   ${typed}`])).toBe(text(block, ...stored.map((line) => `   ${line}`)))
  })

  test.each(lists`
    ip route 0.0.0.0 0.0.0.0 10.0.0.1                      | ip route 0.0.0.0/0 10.0.0.1
    ip route vrf M 10.0.0.0 255.128.0.0 10.0.0.1 200       | ip route vrf M 10.0.0.0/9 10.0.0.1 200
    ip route 10.0.0.0/8 10.0.0.1 1                         | ip route 10.0.0.0/8 10.0.0.1
    ip route 10.0.0.0/8 Ethernet1 1                        | ip route 10.0.0.0/8 Ethernet1
    ip route 10.0.0.0/8 Ethernet1 10.0.0.1 1 tag 0 name up | ip route 10.0.0.0/8 Ethernet1 10.0.0.1 name up
    ip route 10.0.0.0/8 10.0.0.1 11                        | ip route 10.0.0.0/8 10.0.0.1 11
    ip route 10.0.0.0/8 10.0.0.1 name 1                    | ip route 10.0.0.0/8 10.0.0.1 name 1
    ip route 10.0.0.0/8 10.0.0.1 tag 1                     | ip route 10.0.0.0/8 10.0.0.1 tag 1
    ip route 10.0.0.0/8 null0                              | ip route 10.0.0.0/8 Null0
    ip name-server 10.0.0.1                                | ip name-server vrf default 10.0.0.1
    ip virtual-router mac-address 001C.7300.0099           | ip virtual-router mac-address 00:1c:73:00:00:99
    ntp local-interface vrf MGMT ma1                       | ntp local-interface vrf MGMT Management1
    logging host 10.0.0.1 514                              | logging host 10.0.0.1 514
    logging vrf M host 10.0.0.1 514 protocol udp           | logging vrf M host 10.0.0.1 514
    logging host 10.0.0.1 515                              | logging host 10.0.0.1 515
    logging host 10.0.0.1 514 protocol tcp                 | logging host 10.0.0.1 514 protocol tcp
    snmp-server community public                           | snmp-server community public ro
    snmp-server community public rw                        | snmp-server community public rw
    snmp-server community public ro LIST                   | snmp-server community public ro LIST
    snmp-server community public LIST                      | snmp-server community public ro LIST
    snmp-server community public view V                    | snmp-server community public view V ro
    snmp-server community public view V rw                 | snmp-server community public view V rw
    lldp timer 30                                          |
    lldp timer 31                                          | lldp timer 31
    spanning-tree mst 0 priority 32768                     |
    enable secret sha512 x                                 | enable password sha512 x
  `)('%s', (typed, stored) => {
    expect(merged([], [typed])).toBe(text(...stored))
  })

  test('a default takes the place of what was set', () => {
    expect(merged([...ET, '   mtu 9214'], [...ET, '   mtu 1500'], '4.30.5M')).toBe('interface Ethernet1\n')
    expect(merged([...BGP, '   neighbor 10.0.0.2 shutdown'], [...BGP, '   no neighbor 10.0.0.2 shutdown'])).toBe(
      'router bgp 65001\n',
    )
    expect(merged(['spanning-tree mst 0 priority 4096'], ['spanning-tree mst 0 priority 32768'])).toBe('')
  })

  test('what a member of a peer group says against its group is kept', () => {
    const member = [...BGP, '   neighbor 10.0.0.2 peer group G']
    expect(merged(member, [...BGP, '   no neighbor 10.0.0.2 shutdown'])).toBe(
      text(...member, '   no neighbor 10.0.0.2 shutdown'),
    )
  })

  test('a line of another form finds the stored one: to repeat, to take away', () => {
    const route = ['ip route 10.0.0.0/8 10.0.0.1']
    expect(merged(route, ['ip route 10.0.0.0 255.0.0.0 10.0.0.1'])).toBe(text(...route))
    expect(merged(route, ['no ip route 10.0.0.0 255.0.0.0 10.0.0.1'])).toBe('')
    const area = [...OSPF, '   network 10.0.0.0/8 area 0.0.0.0']
    expect(merged(area, [...OSPF, '   no network 10.0.0.0 0.255.255.255 area 0'])).toBe(text(...OSPF))
  })

  test('what a switch prints word for word stays, default or not', () => {
    const own = [...ET, '   mtu 1500', '   no shutdown', '   ip address 10.0.0.1 255.255.255.0']
    expect(merged(own, own)).toBe(text(...own))
  })

  test('the rules of a release wait for it', () => {
    const group = [...BGP, '   neighbor G peer-group']
    expect(merged(BGP, group, '4.22.1F')).toBe(text(...group))
    expect(merged(BGP, group, '4.23.0F')).toBe(text(...BGP, '   neighbor G peer group'))
  })
})

const corpus = recordings('eos-corpus/')
const there = existsSync(corpus)

/** Every running-config that a switch printed and that is recorded whole. */
function recordedConfigs() {
  const all = (folder: string) =>
    readdirSync(recordings(folder)).map((file) => readFileSync(recordings(`${folder}${file}`), 'utf8'))
  return [
    ...all('eos-corpus/configs/batfish+lab-validation/'),
    ...all('eos-corpus/device-snapshots/').map((file) => JSON.parse(file).running_config as string),
    ...readdirSync(recordings('eos-samples/configs/'))
      .filter((file) => file.endsWith('.txt'))
      .map((file) => readFileSync(recordings(`eos-samples/configs/${file}`), 'utf8')),
  ]
}

/** The lines of a configuration, each behind those that open its mode. */
function paths(nodes: readonly ConfigNode[], above: readonly string[] = []): readonly (readonly string[])[] {
  return nodes.flatMap(({ line, body, children }) => [
    ...(body === undefined ? [[...above, line]] : []),
    ...paths(children, [...above, line]),
  ])
}

describe.skipIf(!there)('running-configs that switches printed (needs ../shared)', () => {
  test('each line that is typed alone is stored as it was printed', () => {
    const lines = new Map<string, readonly string[]>()
    for (const config of recordedConfigs()) {
      const version = /EOS-(\S+?)\)/.exec(config)?.[1] ?? '4.23.5M'
      for (const path of paths(parseConfig(config).children)) lines.set([version, ...path].join('\n'), path)
    }
    const changed = [...lines].flatMap(([key, path]) => {
      const [version = ''] = key.split('\n', 1)
      const editor = new ConfigEditor({ children: [], tail: [] }, { version, path: path.slice(0, -1) })
      const line = path.at(-1) ?? ''
      if (line === 'end' || line.startsWith('!')) return []
      editor.type(line)
      editor.end()
      const stored = paths(editor.tree().children).map((one) => one.join(' > '))
      return stored.includes(path.join(' > ')) ? [] : [path.join(' > ')]
    })
    expect(lines.size).toBe(1814)
    expect(changed).toEqual([])
  })

  test('[G36] each, typed line by line into itself, is byte for byte as it was', () => {
    const configs = recordedConfigs()
    expect(configs).toHaveLength(75)
    for (const config of configs) {
      const text = `${config.replaceAll('\r', '').trimEnd()}\n`
      const editor = new ConfigEditor(parseConfig(text))
      for (const row of text.split('\n')) editor.type(row)
      editor.end()
      expect(renderConfig(editor.tree())).toBe(text)
    }
  })
})
