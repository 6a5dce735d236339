import { describe, expect, test } from 'vitest'
import { trafficArea } from '../../../src/eos/check/area/traffic.ts'
import { parseFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import type { OperationalFault } from '../../../src/eos/sim/fault/operational.ts'
import type { Demand } from '../../../src/eos/sim/platform/facts.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { reply } from '../check/check-table.ts'
import { type Fabric, readFabric, settle, stateOf } from './converge-fabric.ts'
import { contextOf } from './recorded.ts'

const G = 1e9

/** The bundled fabric where hv01 (a bond to leaf1 and leaf2) and hv05 (to leaf3 and leaf4) send in VLAN 110, and what flows. */
function flowing(...demands: readonly Demand[]) {
  const fabric = readFabric()
  const hosts = new Map([
    ['hv01', { mac: '02:00:00:00:01:0a', vlan: 110, address: '10.10.110.20' }],
    ['hv05', { mac: '02:00:00:00:01:0b', vlan: 110, address: '10.10.110.25' }],
  ])
  const cables = fabric.cables.map((cable) => {
    const host = hosts.get(cable.b.device)
    return host === undefined ? cable : { ...cable, sends: [host] }
  })
  return { ...fabric, cables, demands }
}

const ACROSS: Demand = { from: 'hv01', to: '10.10.110.25', vlan: 110, rate: 4 * G }

function rates(fabric: Fabric, device: string, faults: readonly OperationalFault[] = []) {
  return Object.fromEntries(stateOf(settle(fabric, faults), device).rates())
}

describe('what flows', () => {
  test('nothing where nothing is demanded', () => {
    expect(rates(flowing(), 'leaf1')).toEqual({})
  })

  test('enters over the bond, goes over both spines to the VTEP of the pair, and leaves over the bond', () => {
    const fabric = flowing(ACROSS)
    expect(rates(fabric, 'leaf1')).toEqual({
      Ethernet1: { in: 2 * G, out: 0 },
      'Port-Channel1': { in: 2 * G, out: 0 },
      'Ethernet49/1': { in: 0, out: 1 * G },
      'Ethernet50/1': { in: 0, out: 1 * G },
    })
    expect(rates(fabric, 'spine1')).toEqual({
      'Ethernet1/1': { in: 1 * G, out: 0 },
      'Ethernet2/1': { in: 1 * G, out: 0 },
      'Ethernet3/1': { in: 0, out: 1 * G },
      'Ethernet4/1': { in: 0, out: 1 * G },
    })
    expect(rates(fabric, 'leaf4')).toEqual({
      'Ethernet49/1': { in: 1 * G, out: 0 },
      'Ethernet50/1': { in: 1 * G, out: 0 },
      Ethernet1: { in: 0, out: 2 * G },
      'Port-Channel1': { in: 0, out: 2 * G },
    })
  })

  test('goes over the other uplink where one is down, and over the peer-link where a leaf has none', {
    tags: ['long', 'turn'],
  }, () => {
    const fabric = flowing(ACROSS)
    const one: OperationalFault = { kind: 'link-down', device: 'leaf1', port: 'Ethernet49/1' }
    expect(rates(fabric, 'leaf1', [one])['Ethernet50/1']).toEqual({ in: 0, out: 2 * G })
    const both = [one, { ...one, port: 'Ethernet50/1' }]
    expect(rates(fabric, 'leaf1', both)['Port-Channel1000']).toEqual({ in: 0, out: 2 * G })
    expect(rates(fabric, 'leaf2', both)['Ethernet49/1']).toEqual({ in: 0, out: 2 * G })
  })

  test('ends where there is no route, and where the host is silent', () => {
    expect(rates(flowing({ ...ACROSS, to: '192.0.2.1' }), 'leaf1')).toEqual({
      Ethernet1: { in: 2 * G, out: 0 },
      'Port-Channel1': { in: 2 * G, out: 0 },
    })
    expect(rates(flowing({ ...ACROSS, to: '10.10.110.99' }), 'spine1')).toEqual({})
  })

  test('begins at a switch in a VRF, too', { tags: ['long', 'turn'] }, () => {
    const fabric = flowing({ from: 'leaf3', to: '10.0.250.11', rate: 2 * G })
    expect(rates(fabric, 'leaf3')).toEqual({
      'Ethernet49/1': { in: 0, out: 1 * G },
      'Ethernet50/1': { in: 0, out: 1 * G },
    })
    expect(rates(fabric, 'leaf1')).toEqual({
      'Ethernet49/1': { in: 1 * G, out: 0 },
      'Ethernet50/1': { in: 1 * G, out: 0 },
    })
  })
})

describe('what ports show of it', () => {
  const shown = (fabric: Fabric, words: string) => {
    const show = SHOW_COMMANDS.find((one) => one.words === words)
    const context = contextOf(fabric, settle(fabric), 'leaf1')
    return { json: show?.json?.(context, {}) ?? null, text: show?.text?.(context, {}) ?? '' }
  }

  test('bits a second, and packets of 1,000 bytes', () => {
    const { json, text } = shown(flowing(ACROSS), 'show interfaces [<interface>]')
    expect(json).toMatchObject({
      interfaces: {
        Ethernet1: { interfaceStatistics: { inBitsRate: 2e9, inPktsRate: 250_000, outBitsRate: 0, outPktsRate: 0 } },
        'Port-Channel1': { interfaceStatistics: { inBitsRate: 2e9 } },
      },
    })
    expect(text).toContain('  5 minutes input rate 2 Gbps (8.2% with framing overhead), 250000 packets/sec\n')
    const counters = shown(flowing(ACROSS), 'show interfaces [<interface>] counters rates').json
    expect(counters).toMatchObject({ interfaces: { 'Ethernet49/1': { outBpsRate: 1e9, outPktsRate: 125_000 } } })
  })

  test('another share of equal ways is no difference of the state area; half of the sum is', {
    tags: ['long', 'turn'],
  }, () => {
    const area = (fabric: Fabric, faults: readonly OperationalFault[]) => {
      const show = SHOW_COMMANDS.find((one) => one.words === 'show interfaces [<interface>]')
      return trafficArea.read([reply(show?.json?.(contextOf(fabric, settle(fabric, faults), 'leaf1'), {}) ?? null)])
    }
    const fabric = flowing(ACROSS)
    const uplink: OperationalFault = { kind: 'link-down', device: 'leaf1', port: 'Ethernet49/1' }
    const before = area(fabric, [])
    expect(trafficArea.describe(before, area(fabric, [uplink]))).toEqual({ comparable: true, changes: [] })
    expect(trafficArea.describe(before, area({ ...fabric, demands: [{ ...ACROSS, rate: 1 * G }] }, []))).toMatchObject({
      changes: [{ text: 'traffic of all routed ports, out: 2 Gb/s -> 500 Mb/s' }],
    })
  })
})

test('a demand has a source that is there', () => {
  const text = `version: 1
name: lab
devices: { leaf1: { eos: 4.32.2F } }
cabling: ['leaf1:Ethernet1 - hv01:eth0']
demands:
  - { from: hv01, to: 10.0.0.1, rate: 1000 }
  - { from: hv02, to: 10.0.0.1, rate: 1000 }
`
  const read = parseFabric(text, 'fabric.yaml', () => Buffer.from('hostname leaf1\n'))
  expect(read).toMatchObject({
    ok: false,
    problems: [
      {
        code: 'unknown-source',
        message: '`hv02` is no switch and no host at a cable',
        at: { file: 'fabric.yaml', line: 7, column: 5 },
        hint: 'did you mean `hv01`?',
      },
    ],
  })
  const good = parseFabric(text.replace('hv02', 'leaf1'), 'fabric.yaml', () => Buffer.from('hostname leaf1\n'))
  expect(good.ok && good.value.demands).toEqual([
    { from: 'hv01', to: '10.0.0.1', rate: 1000 },
    { from: 'leaf1', to: '10.0.0.1', rate: 1000 },
  ])
})
