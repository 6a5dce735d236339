import { describe, expect, test } from 'vitest'
import { deviceForm, normalizeConfig } from '../../../src/eos/config/device-form.ts'
import { cleanConfig, replaceConfig } from '../../../src/eos/config/merge.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { dedented, linesOf } from '../../table.ts'

const text = (...rows: string[]) => rows.map((row) => `${row}\n`).join('')

describe('a configuration as EOS prints it', () => {
  test('sections, interfaces, VLANs, names, ranges, separators', () => {
    const loose = dedented(`
      router bgp 65001
        neighbor 10.0.0.1 remote-as 65002
        address-family ipv4
          neighbor 10.0.0.1 activate
        address-family evpn
          neighbor 10.0.0.1 activate
        address-family ipv4
          network 10.0.0.0/8
      ip routing
      vlan 30
      vlan 20
       name BLUE
      vlan 10
      interface Vlan10
      interface ethernet10
      interface Ethernet2
        switchport trunk allowed vlan 3,1,2
      brand new feature
      username admin secret sha512 x
      hostname leaf1
      end
    `)
    expect(renderConfig(normalizeConfig(parseConfig(loose), { version: '4.33.1F' }))).toBe(
      dedented(`
        username admin secret sha512 x
        !
        hostname leaf1
        !
        vlan 10,30
        !
        vlan 20
           name BLUE
        !
        interface Ethernet2
           switchport trunk allowed vlan 1-3
        !
        interface Ethernet10
        !
        interface Vlan10
        !
        ip routing
        !
        router bgp 65001
           neighbor 10.0.0.1 remote-as 65002
           !
           address-family ipv4
              neighbor 10.0.0.1 activate
              network 10.0.0.0/8
           !
           address-family evpn
              neighbor 10.0.0.1 activate
        !
        brand new feature
        !
        end
      `),
    )
  })

  test('users are after spanning-tree up to 4.26 and at the top from 4.27', () => {
    const tree = parseConfig(text('spanning-tree mode mstp', 'username admin secret sha512 x'))
    const first = (version: string) => normalizeConfig(tree, { version }).children[0]?.line
    expect([first('4.22.1F'), first('4.26.0F'), first('4.27.3F'), first('4.35.2F')]).toEqual([
      'spanning-tree mode mstp',
      'spanning-tree mode mstp',
      'username admin secret sha512 x',
      'username admin secret sha512 x',
    ])
  })

  test('the header of a running-config stays, another comment goes', () => {
    const header = text('! Command: show running-config', '! device: a (vEOS, EOS-4.22.1F)', '!')
    expect(renderConfig(normalizeConfig(parseConfig(`${header}hostname a\n`)))).toBe(`${header}hostname a\n`)
    expect(renderConfig(normalizeConfig(parseConfig('!RANCID\n!\nhostname a\n')))).toBe('hostname a\n')
    expect(renderConfig(normalizeConfig(parseConfig('')))).toBe('')
  })
})

describe('what a switch stores', () => {
  const store = (version: string, ...rows: string[]) =>
    renderConfig(deviceForm(parseConfig(text(...rows)), { version }))

  test.each([
    [
      'peer-group from 4.23',
      '4.23.0F',
      [
        'router bgp 1',
        '   neighbor G peer-group',
        '   neighbor G maximum-routes 0',
        '   neighbor 10.0.0.1 peer-group G',
      ],
      [
        'router bgp 1',
        '   neighbor G peer group',
        '   neighbor G maximum-routes 0',
        '   neighbor 10.0.0.1 peer group G',
      ],
    ],
    [
      'peer-group before 4.23',
      '4.22.1F',
      ['router bgp 1', '   neighbor 10.0.0.1 peer-group G'],
      ['router bgp 1', '   neighbor 10.0.0.1 peer-group G'],
    ],
    ['enable secret from 4.23', '4.28.0F', ['enable secret sha512 x'], ['enable password sha512 x']],
    [
      'defaults of an interface',
      '4.31.2F',
      ['interface Ethernet1', '   no shutdown', '   switchport', '   mtu 9000'],
      ['interface Ethernet1', '   mtu 9000'],
    ],
    ['a loopback that is not shut down', '4.31.2F', ['interface Loopback0', '   no shutdown'], ['interface Loopback0']],
    [
      'no default where `no shutdown` is a setting',
      '4.31.2F',
      ['management api http-commands', '   no shutdown'],
      ['management api http-commands', '   no shutdown'],
    ],
    [
      'router advertisements in milliseconds',
      '4.31.2F',
      ['interface Vlan1', '   ipv6 nd ra interval 5'],
      ['interface Vlan1', '   ipv6 nd ra interval msec 5000'],
    ],
    [
      'max-lsa',
      '4.31.2F',
      ['router ospf 1', '   router-id 1.1.1.1'],
      ['router ospf 1', '   router-id 1.1.1.1', '   max-lsa 12000'],
    ],
    [
      'maximum-routes of a neighbour that is in no peer group, with its blank',
      '4.23.0F',
      ['router bgp 1', '   neighbor 10.0.0.1 remote-as 2'],
      ['router bgp 1', '   neighbor 10.0.0.1 remote-as 2', '   neighbor 10.0.0.1 maximum-routes 12000 '],
    ],
    [
      'the VXLAN port',
      '4.31.2F',
      ['interface Vxlan1', '   vxlan vlan 10 vni 10'],
      ['interface Vxlan1', '   vxlan udp-port 4789', '   vxlan vlan 10 vni 10'],
    ],
    [
      'routed ports by default',
      '4.22.1F',
      linesOf(`
        switchport default mode routed
        !
        interface Ethernet1
        !
        interface Ethernet2
           switchport
      `),
      linesOf(`
        switchport default mode routed
        !
        interface Ethernet1
           no switchport
        !
        interface Ethernet2
           switchport
      `),
    ],
  ])('%s (%s)', (_name, version, typed, stored) => {
    expect(store(version, ...typed)).toBe(text(...stored))
  })
})

describe('replacing a configuration', () => {
  const running = text(
    '! device: a (vEOS, EOS-4.31.2F)',
    '!',
    'hostname a',
    '!',
    'spanning-tree mode mstp',
    '!',
    'interface Ethernet1',
    '   mtu 9000',
    '!',
    'interface Ethernet1.10',
    '   mtu 1400',
    '!',
    'interface Loopback0',
    '!',
    'ip routing',
    '!',
    'end',
  )

  test('a clean configuration keeps its ports, empty, and what `rollback clean-config` leaves', () => {
    expect(renderConfig(cleanConfig(parseConfig(running)))).toBe(
      text(
        '! device: a (vEOS, EOS-4.31.2F)',
        '!',
        'spanning-tree mode mstp',
        '!',
        'interface Ethernet1',
        '!',
        'no ip routing',
        '!',
        'end',
      ),
    )
  })

  test('a candidate replaces everything else', () => {
    const candidate = ['hostname b', '!', 'interface Ethernet2', '   mtu 9214', '!', 'ip routing', '!', 'end']
    expect(renderConfig(replaceConfig(parseConfig(running), candidate))).toBe(
      text(
        '! device: a (vEOS, EOS-4.31.2F)',
        '!',
        'hostname b',
        '!',
        'spanning-tree mode mstp',
        '!',
        'interface Ethernet1',
        '!',
        'interface Ethernet2',
        '   mtu 9214',
        '!',
        'ip routing',
        '!',
        'end',
      ),
    )
  })

  test('which interfaces are ports can be told', () => {
    const clean = cleanConfig(parseConfig(running), (name) => name === 'Loopback0')
    expect(clean.children.map(({ line }) => line)).toContain('interface Loopback0')
    expect(clean.children.map(({ line }) => line)).not.toContain('interface Ethernet1')
  })
})
