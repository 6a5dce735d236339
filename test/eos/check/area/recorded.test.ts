import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { arpArea } from '../../../../src/eos/check/area/arp.ts'
import { bgpArea } from '../../../../src/eos/check/area/bgp.ts'
import { bgpAdvertisedArea, bgpLimitsArea, bgpPrefixesArea } from '../../../../src/eos/check/area/bgp-limits.ts'
import { environmentArea } from '../../../../src/eos/check/area/environment.ts'
import { errorsArea } from '../../../../src/eos/check/area/errors.ts'
import { evpnArea } from '../../../../src/eos/check/area/evpn.ts'
import { exitsArea } from '../../../../src/eos/check/area/exits.ts'
import { gatewaysArea } from '../../../../src/eos/check/area/gateways.ts'
import { interfacesArea } from '../../../../src/eos/check/area/interfaces.ts'
import { isisArea } from '../../../../src/eos/check/area/isis.ts'
import { lldpArea } from '../../../../src/eos/check/area/lldp.ts'
import { mlagArea } from '../../../../src/eos/check/area/mlag.ts'
import { ntpArea } from '../../../../src/eos/check/area/ntp.ts'
import { ospfArea } from '../../../../src/eos/check/area/ospf.ts'
import { portchannelArea } from '../../../../src/eos/check/area/portchannel.ts'
import { reloadCauseArea } from '../../../../src/eos/check/area/reload-cause.ts'
import { routeCountsArea } from '../../../../src/eos/check/area/route-counts.ts'
import { routesArea } from '../../../../src/eos/check/area/show-ip-route.ts'
import { trafficArea } from '../../../../src/eos/check/area/traffic.ts'
import { vlanArea } from '../../../../src/eos/check/area/vlan.ts'
import { vxlanArea } from '../../../../src/eos/check/area/vxlan.ts'
import { recordings } from '../../../recordings.ts'
import { allCounted } from '../../sim/recorded.ts'
import { reply } from '../check-table.ts'

const shared = recordings('')
const samples = new URL('eos-samples/show-json/', shared)
const texts = new URL('eos-samples/show-text/', shared)
const snapshots = new URL('eos-corpus/device-snapshots/', shared)

const recorded = (file: string) => {
  if (file.endsWith('.txt')) return { output: readFileSync(new URL(file, texts), 'utf8') }
  return JSON.parse(readFileSync(new URL(file, samples), 'utf8'))
}

describe.skipIf(!existsSync(samples))('answers recorded from switches (needs ../shared beside the checkout)', () => {
  test.each([
    [interfacesArea, ['pyntc_show_interfaces_status.json'], 'Ethernet8.link', 'connected'],
    [bgpArea, ['show_bgp_summary_vrf_all.json', 'show_ip_bgp_summary_vrf_all.json'], 'DEV/10.1.254.1', 'Idle'],
    [lldpArea, ['show_lldp_neighbors.json'], 'Ethernet2', 'precise64'],
    [mlagArea, ['show_mlag_detail_4.23.json', 'show_mlag_interfaces_4.23.json'], '4', 'active-full'],
    [vlanArea, ['show_vlan.json'], '10', 'VLAN0010'],
    [vlanArea, ['show_vlan_brief_4.23.json'], '1006', 'VLAN1006'],
    [portchannelArea, ['show_port-channel.json'], 'Port-Channel5', 'PeerEthernet4'],
    [vxlanArea, ['show_interfaces_vxlan1_4.23.json', 'show_vxlan_vtep.json'], '30', '10.0.0.134'],
    [
      routesArea,
      ['show_ip_route_vrf_all_4.23.json'],
      '10.0.0.13/32',
      'OSPF [110/30] via 10.0.0.21 Ethernet1, 10.0.0.22 Ethernet2',
    ],
    [ntpArea, ['show_ntp_status_synchronised.txt', 'show_ntp_associations.json'], 'servers', 'synchronised'],
    [
      environmentArea,
      [
        'show_system_environment_cooling.json',
        'show_system_environment_power.json',
        'show_system_environment_temperature.json',
      ],
      'power supply 2',
      'temperatureOk',
    ],
    [reloadCauseArea, ['show_reload_cause.json'], 'cause', 'Reload requested by the user.'],
  ] as const)('%#: $0.name of $1', (area, files, key, word) => {
    const state = JSON.stringify(area.read(files.map((file) => reply(recorded(file)))))
    expect(state).not.toContain('unreadable')
    expect(state).toContain(key.includes(' ') || key.includes('/32') ? key : `"${key.split(/[./]/)[0]}"`)
    expect(state).toContain(`"${word}"`)
  })

  test('of ribd: the older BGP command alone tells the peers and their prefixes', () => {
    const replies = [reply('Not supported'), reply(recorded('show_ip_bgp_summary_vrf_all.json'))]
    expect(bgpArea.read(replies)).toEqual({
      default: {
        '10.0.0.1': { state: 'Established', asn: '65002' },
        '10.0.0.3': { state: 'Active', asn: '65003' },
      },
    })
    expect(bgpPrefixesArea.read(replies)).toMatchObject({ default: { '10.0.0.1': { ipv4Unicast: 3 } } })
  })

  test('how often links changed, and that nothing is wrong with them', () => {
    const replies = [reply(recorded('pyntc_show_interfaces_status.json')), reply(recorded('show_interfaces_4.23.json'))]
    expect(interfacesArea.read(replies)).toMatchObject({ Management1: { linkChanges: 4 } })
    expect(errorsArea.read(replies.slice(1))).toEqual({})
  })

  test('a virtual switch has no supplies, and that is no failure to read', () => {
    const files = ['show_system_environment_cooling_ceos.json', 'show_system_environment_temperature_ceos.json']
    const [cooling = null, temperature = null] = files.map(recorded)
    const replies = [reply(cooling), reply('There seem to be no power supplies connected.'), reply(temperature)]
    expect(environmentArea.read(replies)).toEqual({
      cooling: 'unknownCoolingAlarmLevel',
      temperature: 'unknownTemperatureAlarmLevel',
    })
  })

  test('a summary of routes that tells nothing of a VRF, and ARP of one VRF', () => {
    expect(routeCountsArea.read([reply(recorded('show_ip_route_summary_min.json'))])).toEqual({ default: {} })
    expect(arpArea.read([reply(recorded('pyntc_show_ip_arp.json'))])).toEqual({ default: 1 })
  })
})

describe.skipIf(!existsSync(snapshots))('recorded switches (needs ../shared beside the checkout)', () => {
  const all = existsSync(snapshots) ? readdirSync(snapshots).filter((file) => file.endsWith('.json')) : []
  const show = (file: string) => JSON.parse(readFileSync(new URL(file, snapshots), 'utf8')).show

  test('errors and routes are read of all; VXLAN, EVPN, OSPF and IS-IS where the version knows them', () => {
    const read = all.map((file) => {
      const answers = show(file)
      const asked = (command: string) => reply(answers[`${command} | json`] ?? 'not recorded')
      return {
        errors: errorsArea.now([asked('show interfaces')]),
        routes: routesArea.now([asked('show ip route vrf all')]),
        vxlan: vxlanArea.now([asked('show interfaces'), reply({ interfaces: {} })]),
        evpn: evpnArea.now([asked('show bgp evpn')]),
        ospf: ospfArea.now([asked('show ip ospf neighbor')]),
        isis: isisArea.now([asked('show isis neighbors')]),
      }
    })
    const areas = ['errors', 'routes', 'vxlan', 'evpn', 'ospf', 'isis'] as const
    const readable = Object.fromEntries(areas.map((area) => [area, read.filter((one) => one[area].ok).length]))
    const vrfs = read.flatMap(({ routes }) => (routes.ok ? Object.values(routes.state) : []))
    const types = read.flatMap(({ evpn }) => (evpn.ok ? Object.values(evpn.state) : []))
    const neighbors = read.flatMap(({ ospf }) => (ospf.ok ? Object.values(ospf.state) : []))
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
    expect(readable).toMatchObject({ errors: all.length, routes: all.length, vxlan: all.length, ospf: all.length })
    if (!allCounted) return
    expect(all).toHaveLength(35)
    expect(readable).toMatchObject({ evpn: 17, isis: 33 })
    expect(sum(vrfs.map(({ routes, hosts }) => Object.keys(routes).length + hosts))).toBe(846)
    expect(sum(types)).toBe(912)
    expect(sum(neighbors.map((vrf) => Object.keys(vrf).length))).toBe(2)
  })

  test('the gateways that switches share, and the MAC address as 4.23 tells it', () => {
    const file = 'eos_evpn_l3_design_guide_vlan_based__H-LEAF1A.json'
    const suzieq = { virtualMac: '00:00:00:11:12:10', virtualRouters: [], advertiseInterval: 30 }
    expect(gatewaysArea.read([reply(show(file)['show interfaces | json'] ?? null), reply(suzieq)])).toEqual({
      macs: ['00:00:00:11:12:10'],
      interfaces: {
        Vlan110: { state: 'up', addresses: ['10.1.10.1', '10.1.100.1'] },
        Vlan111: { state: 'up', addresses: ['10.1.11.1'] },
        Vlan210: { state: 'up', addresses: ['10.2.10.1'] },
        Vlan211: { state: 'up', addresses: ['10.2.11.1'] },
        Vlan310: { state: 'up', addresses: ['10.3.10.1'] },
        Vlan311: { state: 'up', addresses: ['10.3.11.1'] },
      },
    })
  })

  test('where traffic leaves', () => {
    const exits = (file: string) => exitsArea.now([reply(show(file)['show ip route vrf all | json'] ?? null)])
    expect(exits('eos_bgp_aggregate__EOS-2.json')).toMatchObject({
      state: { default: { default: '', over: { '192.168.1.1 Ethernet1': 2 } } },
    })
    expect(exits('eos_iosxe_aws_demo__Leaf1.json')).toMatchObject({
      state: {
        default: {
          default: 'eBGP [200/0] via 10.10.11.1 Ethernet1, 10.10.21.1 Ethernet2',
          over: { '10.10.11.1 Ethernet1': 8, '10.10.21.1 Ethernet2': 8 },
        },
      },
    })
    expect(exits('eos_evpn_l3_design_guide_vlan_based__H-LEAF1A.json')).toMatchObject({
      state: {
        MGMT: { default: 'static [1/0] via 192.168.2.1 Management1', over: {} },
        Tenant_A_OPZone: { default: '', over: { 'VTEP 192.168.254.4 VNI 50101': 2 } },
      },
    })
  })

  test('what ports carry, without the management port', () => {
    const rates = (file: string) => trafficArea.read([reply(show(file)['show interfaces | json'] ?? null)])
    expect(rates('eos_evpn_l3_design_guide_vlan_based__H-LEAF2A.json')).toEqual({
      routed: {},
      bridged: { 'Port-Channel3': { in: 2168, out: 2325 } },
    })
    expect(rates('eos_bgp_aggregate__EOS-1.json')).toEqual({ routed: {}, bridged: {} })
  })

  test('what peers are sent, in every family, and the limit of one that tells it', () => {
    const sessions = (file: string) => [
      reply('Not supported'),
      reply(show(file)['show ip bgp neighbors vrf all | json'] ?? null),
    ]
    expect(bgpAdvertisedArea.read(sessions('eos_evpn_l3_design_guide_vlan_based__H-LEAF1A.json'))).toEqual({
      default: {
        '172.31.255.0': { ipv4Unicast: 30 },
        '172.31.255.2': { ipv4Unicast: 16 },
        '192.168.255.1': { l2VpnEvpn: 112 },
        '192.168.255.2': { l2VpnEvpn: 16 },
      },
    })
    expect(bgpAdvertisedArea.read(sessions('cv_demo_base_panos__bl01.json'))).toEqual({
      default: {
        '10.0.0.1': { ipv4Unicast: 9 },
        '10.0.0.3': { ipv4Unicast: 8 },
        '10.0.0.5': {},
        '10.0.0.7': {},
        '10.2.1.0': { ipv4Unicast: 2 },
      },
    })
    expect(bgpLimitsArea.read(sessions('eos_ceos_ebgp__r1.json'))).toEqual({
      default: { '10.0.0.1': { limit: 256_000, warnAt: 204_800, received: 1 } },
    })
    expect(bgpLimitsArea.read(sessions('cv_demo_base_panos__bl01.json'))).toEqual({
      unreadable: '`show bgp neighbors vrf all` does not tell how many routes a peer may send',
    })
  })

  test('a leaf of an EVPN fabric: its flood lists, without the VLANs that EOS made', () => {
    const answers = show('eos_evpn_l3_design_guide_vlan_based__H-LEAF1A.json')
    const state = vxlanArea.now([reply(answers['show interfaces | json'] ?? null), reply({ interfaces: {} })])
    expect(state).toMatchObject({ ok: true, state: { source: 'Loopback1' } })
    expect(Object.keys(state.ok ? state.state.vlans : {}).filter((vlan) => Number(vlan) > 4000)).toEqual([])
  })
})
