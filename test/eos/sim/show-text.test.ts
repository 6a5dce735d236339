import { describe, expect, test } from 'vitest'
import type { ShowArguments, ShowContext } from '../../../src/eos/sim/show/format/define.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { linesOf } from '../../table.ts'
import { edited, readFabric, settle } from './converge-fabric.ts'
import { contextOf, plainName } from './recorded.ts'

const fabric = readFabric()
const network = settle(fabric)
const leaf1 = contextOf(fabric, network, 'leaf1')
const spine2 = contextOf(fabric, network, 'spine2')

function text(context: ShowContext, name: string, args: ShowArguments = {}) {
  const command = SHOW_COMMANDS.find(({ words }) => plainName(words) === name)
  if (command?.text === undefined) throw new Error(`no text of ${name}`)
  return command.text(context, args).split('\n')
}

/** Tables in the columns of recorded ones (ntc, suzieq); the values follow from the fixture. */
/** The same switch with the last release whose tables have the older forms. */
const onOlder = (context: ShowContext) => ({ ...context, facts: { ...context.facts, eos: '4.23.0.1F' } })

describe('text is printed as recorded', () => {
  test('show version, as on 4.27 and 4.31', () => {
    expect(text(leaf1, 'show version')).toEqual([
      'Arista DCS-7280SR3-48YC8',
      'Hardware version: 11.00',
      'Serial number: JPE21310201',
      'Hardware MAC address: 001c.73aa.0201',
      'System MAC address: 001c.73aa.0201',
      '',
      'Software image version: 4.31.4M',
      'Architecture: x86_64',
      'Internal build version: 4.31.4M-30000000.4314M',
      'Internal build ID: 00000000-0000-4000-8000-000000000000',
      'Image format version: 2.0',
      'Image optimization: DEFAULT',
      '',
      'Uptime: 1 week, 2 days, 1 hour and 23 minutes',
      'Total memory: 8098984 kB',
      'Free memory: 5211836 kB',
      '',
    ])
  })

  test('show version, as on 4.23', () => {
    const old = { ...leaf1, facts: { ...leaf1.facts, model: 'vEOS', eos: '4.23.0.1F', serial: '' } }
    const lines = text(old, 'show version')
    expect(lines.slice(0, 4)).toEqual([
      'vEOS',
      'Hardware version:    ',
      'Serial number:       ',
      'System MAC address:  001c.73aa.0201',
    ])
    expect(lines[5]).toBe('Software image version: 4.23.0.1F')
  })

  test('show clock and show hostname', () => {
    expect(text(leaf1, 'show clock')).toEqual(['Fri Jan  2 03:04:05 2026', 'Timezone: UTC', 'Clock source: local', ''])
    expect(text(leaf1, 'show hostname')).toEqual(['Hostname: leaf1', 'FQDN:     leaf1.dc1.example.net', ''])
  })

  test('show clock in a configured zone', () => {
    const zoned = edited(fabric, 'leaf1', '!\nvlan 110\n', '!\nclock timezone Europe/Vienna\n!\nvlan 110\n')
    const context = contextOf(zoned, settle(zoned), 'leaf1')
    expect(text(context, 'show clock').slice(0, 2)).toEqual(['Fri Jan  2 04:04:05 2026', 'Timezone: Europe/Vienna'])
  })

  test('show ip interface brief', () => {
    expect(text(leaf1, 'show ip interface brief', { interface: 'lo0-1,ma1,vl4094' })).toEqual([
      '                                                                        Address',
      'Interface       IP Address           Status     Protocol         MTU    Owner',
      '--------------- -------------------- ---------- ------------ ---------- -------',
      'Loopback0       10.0.250.11/32       up         up             65535',
      'Loopback1       10.0.251.11/32       up         up             65535',
      'Management1     192.0.2.21/24        up         up              1500',
      'Vlan4094        10.0.3.0/31          up         up              9214',
      '',
    ])
    expect(text(onOlder(leaf1), 'show ip interface brief', { interface: 'lo0-1,ma1,vl4094' })).toEqual([
      'Interface              IP Address         Status     Protocol         MTU',
      'Loopback0              10.0.250.11/32     up         up             65535',
      'Loopback1              10.0.251.11/32     up         up             65535',
      'Management1            192.0.2.21/24      up         up              1500',
      'Vlan4094               10.0.3.0/31        up         up              9214',
      '',
    ])
  })

  test('show interfaces description and status', () => {
    expect(text(leaf1, 'show interfaces description', { interface: 'Ethernet9,25' })).toEqual([
      'Interface                      Status         Protocol           Description',
      'Et9                            up             up                 HOST_ipmi-gw01_eth0',
      'Et25                           admin down     notpresent         UNUSED',
      '',
    ])
    expect(text(leaf1, 'show interfaces status', { interface: 'po1,et1,9,25,49/1,ma1' })).toEqual([
      'Port       Name                   Status       Vlan        Duplex  Speed Type',
      'Po1        HOST_hv01              connected    trunk       full      25G N/A',
      'Et1        HOST_hv01_eth0         connected    in Po1      full      25G 25GBASE-CR',
      'Et9        HOST_ipmi-gw01_eth0    connected    120         full      25G 25GBASE-CR',
      'Et25       UNUSED                 disabled     1           full      25G Not Present',
      'Et49/1     P2P_spine1_Ethernet1/1 connected    routed      full     100G 100GBASE-CR4',
      'Ma1        OOB                    connected    routed      a-full   a-1G 10/100/1000',
      '',
    ])
  })

  test('show interfaces: one routed port', () => {
    expect(text(leaf1, 'show interfaces', { interface: 'Ethernet49/1' }).slice(0, 11)).toEqual(
      linesOf(`
      Ethernet49/1 is up, line protocol is up (connected)
        Hardware is Ethernet, address is 001c.73aa.0201 (bia 001c.73aa.0201)
        Description: P2P_spine1_Ethernet1/1
        Internet address is 10.0.1.1/31
        Broadcast address is 255.255.255.255
        IP MTU 9214 bytes, BW 100000000 kbit
        Full-duplex, 100Gb/s, auto negotiation: off, uni-link: n/a
        Up 9 days, 1 hour, 23 minutes
        Loopback Mode : None
        1 link status changes since last clear
        Last clearing of "show interface" counters never
    `),
    )
  })

  test('show vlan wraps its ports', () => {
    expect(text(leaf1, 'show vlan', { vlans: '112,210' })).toEqual([
      'VLAN  Name                             Status    Ports',
      '----- -------------------------------- --------- -------------------------------',
      '112   PROD-DB                          active    Cpu, Po1, Po2, Po3, Po4, Po5',
      '                                                 Po6, Po8, Po1000, Vx1',
      '210   STORAGE                          active    Po7, Po1000, Vx1',
      '',
    ])
  })

  test('show lldp neighbors', () => {
    expect(text(spine2, 'show lldp neighbors', { interface: 'Ethernet1/1' })).toEqual([
      'Last table change time   : 9 days, 1:23:00 ago',
      'Number of table inserts  : 4',
      'Number of table deletes  : 0',
      'Number of table drops    : 0',
      'Number of table age-outs : 0',
      '',
      'Port          Neighbor Device ID       Neighbor Port ID    TTL',
      '---------- ------------------------ ---------------------- ---',
      'Et1/1         leaf1.dc1.example.net    Ethernet50/1        120',
      '',
    ])
    expect(text(onOlder(spine2), 'show lldp neighbors', { interface: 'Ethernet1/1' }).slice(6)).toEqual([
      'Port       Neighbor Device ID             Neighbor Port ID           TTL',
      'Et1/1      leaf1.dc1.example.net          Ethernet50/1               120',
      '',
    ])
  })

  test('show bgp evpn summary', () => {
    expect(text(spine2, 'show bgp evpn summary')).toEqual([
      'BGP summary information for VRF default',
      'Router identifier 10.0.250.2, local AS number 65000',
      'Neighbor Status Codes: m - Under maintenance',
      '  Description              Neighbor         V AS           MsgRcvd   MsgSent  InQ OutQ  Up/Down State   PfxRcd PfxAcc',
      '  leaf1                    10.0.250.11      4 65101          13044     13044    0    0    9d01h Estab   12     12',
      '  leaf2                    10.0.250.12      4 65101          13044     13044    0    0    9d01h Estab   12     12',
      '  leaf3                    10.0.250.13      4 65102          13044     13044    0    0    9d01h Estab   11     11',
      '  leaf4                    10.0.250.14      4 65102          13044     13044    0    0    9d01h Estab   11     11',
      '',
    ])
    expect(text(onOlder(spine2), 'show bgp evpn summary')).toEqual([
      'BGP summary information for VRF default',
      'Router identifier 10.0.250.2, local AS number 65000',
      'Neighbor Status Codes: m - Under maintenance',
      '  Neighbor         V  AS           MsgRcvd   MsgSent  InQ OutQ  Up/Down State  PfxRcd PfxAcc',
      '  10.0.250.11      4  65101          13044     13044    0    0    9d01h Estab  12     12',
      '  10.0.250.12      4  65101          13044     13044    0    0    9d01h Estab  12     12',
      '  10.0.250.13      4  65102          13044     13044    0    0    9d01h Estab  11     11',
      '  10.0.250.14      4  65102          13044     13044    0    0    9d01h Estab  11     11',
      '',
    ])
  })

  test('show ip bgp summary of a neighbor that is shut down and of one without an interface', () => {
    const shut = edited(
      fabric,
      'leaf1',
      '   neighbor 10.0.1.0 description',
      '   neighbor 10.0.1.0 shutdown\n   neighbor 10.0.1.0 description',
    )
    const both = edited(
      shut,
      'leaf1',
      '   description P2P_spine2_Ethernet1/1\n',
      '   description P2P_spine2_Ethernet1/1\n   shutdown\n',
    )
    const lines = text(onOlder(contextOf(both, settle(both), 'leaf1')), 'show ip bgp summary')
    expect(lines[4]).toBe('  10.0.1.0         4  65000              0         0    0    0    9d01h Idle(Admin)')
    expect(lines[5]).toBe('  10.0.2.0         4  65000              0         0    0    0    9d01h Idle(NoIf)')
  })

  test('show mlag', () => {
    expect(text(leaf1, 'show mlag').slice(0, 15)).toEqual([
      'MLAG Configuration:',
      'domain-id                          :       DC1_LEAFPAIR1',
      'local-interface                    :            Vlan4094',
      'peer-address                       :            10.0.3.1',
      'peer-link                          :    Port-Channel1000',
      'hb-peer-address                    :          192.0.2.22',
      'peer-config                        :          consistent',
      '',
      'MLAG Status:',
      'state                              :              Active',
      'negotiation status                 :           Connected',
      'peer-link status                   :                  Up',
      'local-int status                   :                  Up',
      'system-id                          :   02:1c:73:aa:02:01',
      'dual-primary detection             :            Disabled',
    ])
  })

  test('show mlag of an old release, inactive', () => {
    const broken = edited(fabric, 'leaf1', '   domain-id DC1_LEAFPAIR1\n', '   domain-id mlagDomain\n')
    const context = contextOf(broken, settle(broken), 'leaf1')
    expect(text({ ...context, facts: { ...context.facts, eos: '4.14.7M' } }, 'show mlag')).toEqual([
      'MLAG Configuration:',
      'domain-id           :          mlagDomain',
      'local-interface     :            Vlan4094',
      'peer-address        :            10.0.3.1',
      'peer-link           :    Port-Channel1000',
      '',
      'MLAG Status:',
      'state               :            Inactive',
      'negotiation status  :          Connecting',
      'peer-link status    :                  Up',
      'local-int status    :                  Up',
      'system-id           :   00:00:00:00:00:00',
      '',
      'MLAG Ports:',
      'Disabled            :                   8',
      'Configured          :                   0',
      'Inactive            :                   0',
      'Active-partial      :                   0',
      'Active-full         :                   0',
      '',
      '',
    ])
  })

  test('show port-channel summary', () => {
    expect(text(leaf1, 'show port-channel summary').slice(9, 15)).toEqual([
      'Number of channels in use: 9',
      'Number of aggregators: 9',
      '',
      '   Port-Channel       Protocol     Ports',
      '------------------ --------------- --------------------------------',
      '   Po1(U)             LACP(a)      Et1(PG+) PEt1(P)',
    ])
  })

  test('show ip route', () => {
    const lines = text(leaf1, 'show ip route')
    expect(lines[0]).toBe('VRF: default')
    expect(lines.slice(10, 12)).toEqual([
      '       DP - Dynamic Policy Route, L - VRF Leaked,',
      '       G  - gRIBI, RC - Route Cache Route',
    ])
    expect(lines.slice(13)).toEqual([
      'Gateway of last resort is not set',
      '',
      ' C        10.0.1.0/31 is directly connected, Ethernet49/1',
      ' C        10.0.2.0/31 is directly connected, Ethernet50/1',
      ' C        10.0.3.0/31 is directly connected, Vlan4094',
      ' C        10.0.4.0/31 is directly connected, Vlan4093',
      ' B E      10.0.250.1/32 [20/0] via 10.0.1.0, Ethernet49/1',
      ' B E      10.0.250.2/32 [20/0] via 10.0.2.0, Ethernet50/1',
      ' C        10.0.250.11/32 is directly connected, Loopback0',
      ' B I      10.0.250.12/32 [200/0] via 10.0.4.1, Vlan4093',
      ' B E      10.0.250.13/32 [20/0] via 10.0.1.0, Ethernet49/1',
      '                                via 10.0.2.0, Ethernet50/1',
      ' B E      10.0.250.14/32 [20/0] via 10.0.1.0, Ethernet49/1',
      '                                via 10.0.2.0, Ethernet50/1',
      ' C        10.0.251.11/32 is directly connected, Loopback1',
      ' B E      10.0.251.13/32 [20/0] via 10.0.1.0, Ethernet49/1',
      '                                via 10.0.2.0, Ethernet50/1',
      '',
      '',
    ])
    expect(text(leaf1, 'show ip route', { vrf: 'MGMT' }).slice(13, 17)).toEqual([
      'Gateway of last resort:',
      ' S        0.0.0.0/0 [1/0] via 192.0.2.1, Management1',
      '',
      ' C        192.0.2.0/24 is directly connected, Management1',
    ])
  })

  test('show vrf', () => {
    expect(text(leaf1, 'show vrf').slice(0, 9)).toEqual(
      linesOf(`
      Maximum number of VRFs allowed: 1023
         VRF             Protocols       State         Interfaces
      --------------- --------------- ---------------- ---------------------------------------
         default         IPv4            routing       Et49/1, Et50/1, Lo0, Lo1, Vl4093,
                                                       Vl4094
         default         IPv6            no routing
         DEV             IPv4            routing       Vl120, Vl121, Vl3002
         DEV             IPv6            no routing
         MGMT            IPv4            no routing    Ma1
    `),
    )
  })

  test('show management api http-commands', () => {
    const lines = text(leaf1, 'show management api http-commands')
    expect(lines.slice(0, 6)).toEqual(
      linesOf(`
      Enabled:            Yes
      HTTPS server:       running, set to use port 443
      HTTP server:        running, set to use port 80
      Local HTTP server:  shutdown, no authentication, set to use port 8080
      Unix Socket server: shutdown, no authentication
      VRFs:               MGMT
    `),
    )
    expect(lines).toContain('Management1 : https://192.0.2.21:443')
  })
})

describe('what is not there is refused', () => {
  const refusal = (name: string, args: ShowArguments) =>
    SHOW_COMMANDS.find(({ words }) => plainName(words) === name)?.refuse?.(spine2, args)

  test.each([
    ['show interfaces', { interface: 'Ethernet99' }, 'Interface does not exist'],
    ['show interfaces', { interface: 'nonsense' }, 'Interface does not exist'],
    ['show interfaces', { interface: 'Ethernet1/1' }, undefined],
    ['show interfaces', {}, undefined],
    ['show interfaces vxlan', { number: '1' }, 'Interface does not exist'],
    ['show vlan', { vlans: '4000' }, 'VLAN 4000 not found in current VLAN database'],
    ['show ip route', { vrf: 'PROD' }, 'VRF PROD does not exist'],
    ['show ip route', { vrf: 'MGMT' }, undefined],
    ['show ip bgp summary', { vrf: 'all' }, undefined],
  ])('%s %j', (name, args, expected) => {
    expect(refusal(name, args)).toBe(expected)
  })
})
