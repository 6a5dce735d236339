import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { converge } from '../../../src/eos/sim/converge/converge.ts'
import type { SwitchState } from '../../../src/eos/sim/converge/network-state.ts'
import type { SwitchInput } from '../../../src/eos/sim/converge/read-interfaces.ts'
import type { Cable } from '../../../src/eos/sim/platform/facts.ts'
import { linesOf } from '../../table.ts'

/** What no recording holds: shut ports, MTUs, trunks with their native and allowed VLANs, subinterfaces. */
const PORTS = ['Ethernet1', 'Ethernet2', 'Ethernet3', 'Ethernet4']
const CABLES: readonly Cable[] = PORTS.map((port) => ({ a: { device: 'a', port }, b: { device: 'b', port } }))

function input(name: string, config: string, at: number): SwitchInput {
  const systemMac = `00:1c:73:00:00:0${at}`
  const facts = { model: 'cEOSLab', eos: '4.32.2F', serial: '', systemMac, interfaces: PORTS }
  return { name, config: parseConfig(config), facts, up: true }
}

function pair(a: string, b: string): readonly [SwitchState, SwitchState] {
  const { switches } = converge([input('a', a, 1), input('b', b, 2)], CABLES, [], 0)
  const [left, right] = [switches.get('a'), switches.get('b')]
  if (left === undefined || right === undefined) throw new Error('a switch is missing')
  return [left, right]
}

const port = (name: string, ...lines: readonly string[]) =>
  [`interface ${name}`, ...lines.map((line) => `   ${line}`), '!', ''].join('\n')

const status = (state: SwitchState, name: string) => {
  const found = state.interfaces.get(name)
  return `${found?.status} ${found?.lineProtocol} ${found?.mode} ${found?.mtu}`
}

describe('ports of the project', () => {
  test('shutdown: disabled here, notconnect at the other end, and the routes of both are gone', () => {
    const address = (last: number) => ['no switchport', `ip address 10.0.0.${last}/31`]
    const [a, b] = pair(
      `${port('Ethernet1', 'shutdown', ...address(0))}ip routing\n`,
      `${port('Ethernet1', ...address(1))}ip routing\n`,
    )
    expect(status(a, 'Ethernet1')).toBe('disabled down routed 1500')
    expect(status(b, 'Ethernet1')).toBe('notconnect down routed 1500')
    expect([a, b].map((state) => [...(state.routes.get('default')?.keys() ?? [])])).toEqual([[], []])
  })

  test('MTU: what is configured where it routes; a switched port keeps its own', () => {
    const [a] = pair(
      port('Ethernet1', 'mtu 9214', 'no switchport') +
        port('Ethernet2', 'mtu 9000') +
        port('Ethernet3', 'no switchport') +
        port('Vlan10', 'mtu 9100') +
        port('Loopback0', 'ip address 10.9.9.9/32') +
        'vlan 10\n',
      '',
    )
    expect(['Ethernet1', 'Ethernet2', 'Ethernet3', 'Vlan10', 'Loopback0'].map((name) => status(a, name))).toEqual(
      linesOf(`
      connected up routed 9214
      connected up access 9214
      connected up routed 1500
      notconnect lowerLayerDown routed 9100
      connected up routed 65535
    `),
    )
    expect(a.interfaces.get('Ethernet1')?.mtuConfigured).toBe(true)
    expect(a.interfaces.get('Ethernet3')?.mtuConfigured).toBe(false)
  })

  test('access and trunk: which VLANs a port carries, and which SVIs that brings up', () => {
    const svis = [10, 20, 30, 40, 50].map((id) => port(`Vlan${id}`, `ip address 10.0.${id}.1/24`)).join('')
    const [a] = pair(
      `vlan 10,20,30,40\n!\n${port('Ethernet1', 'switchport access vlan 10')}${port(
        'Ethernet2',
        'switchport mode trunk',
        'switchport trunk native vlan 20',
        'switchport trunk allowed vlan 20,30,99',
      )}${svis}ip routing\n`,
      '',
    )
    expect(a.interfaces.get('Ethernet1')).toMatchObject({ mode: 'access', vlan: 10, vlans: [10] })
    expect(a.interfaces.get('Ethernet2')).toMatchObject({ mode: 'trunk', vlan: 20, vlans: [20, 30] })
    expect(a.interfaces.get('Ethernet3')).toMatchObject({ mode: 'access', vlan: 1, vlans: [1] })
    expect([...(a.routes.get('default')?.keys() ?? [])]).toEqual(['10.0.10.0/24', '10.0.20.0/24', '10.0.30.0/24'])
    expect(a.vlans.get(30)?.ports).toEqual(['Cpu', 'Ethernet2'])
    expect(a.vlans.get(40)?.ports).toEqual([])
    expect(status(a, 'Vlan50')).toBe('notconnect lowerLayerDown routed 1500')
  })

  test('a native VLAN meets the untagged one of the other end', () => {
    const bgp = (peer: string, asn: number, other: number) =>
      `ip routing\nrouter bgp ${asn}\n   router-id 1.1.1.${asn}\n   neighbor ${peer} remote-as ${other}\n`
    const svi = (id: number, last: number) => port(`Vlan${id}`, `ip address 10.0.0.${last}/24`)
    const [a] = pair(
      `vlan 20\n!\n${port('Ethernet1', 'switchport mode trunk', 'switchport trunk native vlan 20')}${svi(20, 1)}${bgp('10.0.0.2', 1, 2)}`,
      `vlan 30\n!\n${port('Ethernet1', 'switchport access vlan 30')}${svi(30, 2)}${bgp('10.0.0.1', 2, 1)}`,
    )
    expect(a.bgp.get('default')?.peers.get('10.0.0.2')?.state).toBe('Established')
  })

  describe('subinterfaces', () => {
    const sub = (id: number, last: number, ...lines: readonly string[]) =>
      port(`Ethernet1.${id}`, `encapsulation dot1q vlan ${id}`, ...lines, `ip address 10.${id}.0.${last}/30`)
    const shared = 'vrf instance RED\n!\nip routing\nip routing vrf RED\n'
    const speak = (asn: number, other: number, last: number) =>
      `router bgp ${asn}\n   router-id 1.1.1.${asn}\n   neighbor 10.100.0.${last} remote-as ${other}\n   vrf RED\n      neighbor 10.200.0.${last} remote-as ${other}\n      neighbor 10.201.0.${last} remote-as ${other}\n`
    const config = (last: number, own: number, other: number, tag: string) =>
      `${shared}${port('Ethernet1', 'no switchport')}${sub(100, last)}${sub(200, last, 'vrf RED')}${port(
        'Ethernet1.201',
        `encapsulation dot1q vlan ${tag}`,
        'vrf RED',
        `ip address 10.201.0.${last}/30`,
      )}${speak(own, other, 3 - last)}`

    test('are up with their parent, each in its VRF, talking by their tags', () => {
      const [a, b] = pair(config(1, 1, 2, '201'), config(2, 2, 1, '999'))
      const state = (vrf: string, peer: string) => a.bgp.get(vrf)?.peers.get(peer)?.state
      expect(status(a, 'Ethernet1.100')).toBe('connected up routed 1500')
      expect(state('default', '10.100.0.2')).toBe('Established')
      expect(state('RED', '10.200.0.2')).toBe('Established')
      expect(state('RED', '10.201.0.2')).toBe('Active')
      expect(b.vrfs.get('RED')?.interfaces).toEqual(['Ethernet1.200', 'Ethernet1.201'])
      const [shut] = pair(config(1, 1, 2, '201').replace('   no switchport\n', '   no switchport\n   shutdown\n'), '')
      expect(status(shut, 'Ethernet1.100')).toBe('notconnect lowerLayerDown routed 1500')
      expect([...(shut.routes.get('RED')?.keys() ?? [])]).toEqual([])
    })

    test('[3T15] are down on a switchport, without a route and without a neighbor', () => {
      const [switched] = pair(config(1, 1, 2, '201').replace('   no switchport\n', ''), config(2, 2, 1, '201'))
      expect(status(switched, 'Ethernet1')).toBe('connected up access 9214')
      expect(['Ethernet1.100', 'Ethernet1.200'].map((name) => status(switched, name))).toEqual([
        'notconnect lowerLayerDown routed 1500',
        'notconnect lowerLayerDown routed 1500',
      ])
      expect([...(switched.routes.get('default')?.keys() ?? [])]).toEqual([])
      expect(switched.bgp.get('default')?.peers.get('10.100.0.2')?.state).not.toBe('Established')
    })
  })
})
