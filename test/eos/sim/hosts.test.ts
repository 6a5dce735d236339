import { describe, expect, test } from 'vitest'
import { parseFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import type { HostAddress } from '../../../src/eos/sim/platform/facts.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { linesOf } from '../../table.ts'
import { type Fabric, readFabric, settle } from './converge-fabric.ts'
import { contextOf, plainName, valueAt } from './recorded.ts'

/** The bundled fabric with what its hosts send. */
function sending(hosts: Readonly<Record<string, readonly HostAddress[]>>) {
  const fabric = readFabric()
  const cables = fabric.cables.map((cable) => {
    const sends = hosts[cable.b.device]
    return sends === undefined ? cable : { ...cable, sends }
  })
  return { ...fabric, cables }
}

function asked(fabric: Fabric, name: string, command: string, args: Readonly<Record<string, string>> = {}) {
  const show = SHOW_COMMANDS.find(({ words }) => plainName(words) === command)
  const context = contextOf(fabric, settle(fabric), name)
  return { json: show?.json?.(context, args) ?? null, text: show?.text?.(context, args) ?? '' }
}

const HV01 = { mac: '02:00:00:00:01:0a', vlan: 110, address: '10.10.110.20' }
const GATEWAY = { mac: '02:00:00:00:09:01' }

function macs(fabric: Fabric, name: string, type = 'dynamic') {
  const entries = valueAt(asked(fabric, name, 'show mac address-table').json, 'unicastTable', 'tableEntries')
  if (!Array.isArray(entries)) return []
  const wanted = entries.filter((entry) => valueAt(entry, 'entryType') === type)
  return wanted.map((entry) => [valueAt(entry, 'vlanId'), valueAt(entry, 'macAddress'), valueAt(entry, 'interface')])
}

describe('hosts that send', () => {
  const fabric = sending({ hv01: [HV01], 'ipmi-gw01': [GATEWAY] })

  test('are learned on the port-channel of both switches of a pair; one of a single cable over the peer-link', () => {
    expect(macs(fabric, 'leaf1')).toEqual([
      [110, '02:00:00:00:01:0a', 'Port-Channel1'],
      [120, '02:00:00:00:09:01', 'Ethernet9'],
    ])
    expect(macs(fabric, 'leaf2')).toEqual([
      [110, '02:00:00:00:01:0a', 'Port-Channel1'],
      [120, '02:00:00:00:09:01', 'Port-Channel1000'],
    ])
    const { text } = asked(fabric, 'leaf1', 'show mac address-table')
    expect(text.split('\n').filter((line) => /Vlan|---- |010a/.test(line))).toEqual(
      linesOf(`
      Vlan    Mac Address       Type        Ports      Moves   Last Move
      ----    -----------       ----        -----      -----   ---------
       110    0200.0000.010a    DYNAMIC     Po1        1       9 days, 1:22:30 ago
      Vlan    Mac Address       Type        Ports
      ----    -----------       ----        -----
    `),
    )
  })

  test('are dynamic on Vxlan1 where the same VNI is, and in ARP there without an age', {
    tags: ['long', 'turn'],
  }, () => {
    expect(macs(fabric, 'leaf3')).toEqual([
      [110, '02:00:00:00:01:0a', 'Vxlan1'],
      [120, '02:00:00:00:09:01', 'Vxlan1'],
    ])
    const prod = valueAt(asked(fabric, 'leaf3', 'show arp', { vrf: 'all' }).json, 'vrfs', 'PROD') ?? null
    expect(prod).toMatchObject({ staticEntries: 1 })
    const far = { hwAddress: '0200.0000.010a', address: '10.10.110.20', interface: 'Vlan110, Vxlan1' }
    expect(valueAt(prod, 'ipV4Neighbors')).toContainEqual(far)
  })

  test('an MLAG peer is static on the peer-link, in each VLAN with an SVI; a switch without MLAG has none', {
    tags: ['long', 'turn'],
  }, () => {
    const mac = '00:1c:73:aa:02:02'
    const vlans = [110, 111, 112, 120, 121, 3001, 3002, 4093, 4094]
    expect(macs(fabric, 'leaf1', 'static')).toEqual(vlans.map((vlan) => [vlan, mac, 'Port-Channel1000']))
    expect(macs(fabric, 'spine1', 'static')).toEqual([])
  })

  test('are in ARP with their port, where the address is on the subnet of the VLAN', () => {
    const prod =
      valueAt(asked(fabric, 'leaf1', 'show arp', { vrf: 'all' }).json, 'vrfs', 'PROD', 'ipV4Neighbors') ?? null
    expect(prod).toContainEqual({
      hwAddress: '0200.0000.010a',
      address: '10.10.110.20',
      interface: 'Vlan110, Port-Channel1',
      age: 0,
    })
    const elsewhere = sending({ hv01: [{ ...HV01, address: '10.99.0.1' }] })
    expect(JSON.stringify(asked(elsewhere, 'leaf1', 'show arp', { vrf: 'all' }).json)).not.toContain('0200.0000.010a')
  })

  test('in a VLAN that their port does not carry are not heard', () => {
    expect(macs(sending({ 'ipmi-gw01': [{ ...GATEWAY, vlan: 110 }] }), 'leaf1')).toEqual([])
  })
})

test('fabric.yaml says what hosts send; one that no cable leads to is a problem', () => {
  const file = (host: string) => `version: 1
name: lab
devices:
  leaf1: { eos: 4.32.2F }
cabling: ['leaf1:Ethernet1 - hv01:eth0']
hosts: { ${host}: [{ mac: '02:00:00:00:01:0a', address: 10.0.0.2 }] }
`
  const beside = (path: string) => (path === 'leaf1/running-config' ? Buffer.from('hostname leaf1\n') : undefined)
  expect(parseFabric(file('hv01'), 'fabric.yaml', beside)).toMatchObject({
    ok: true,
    value: { cabling: [{ sends: [{ mac: '02:00:00:00:01:0a', address: '10.0.0.2' }] }] },
  })
  expect(parseFabric(file('hv02'), 'fabric.yaml', beside)).toMatchObject({
    ok: false,
    problems: [{ code: 'unknown-host', message: 'no cable leads to a host `hv02`' }],
  })
})
