import { describe, expect, test } from 'vitest'
import { converge } from '../../../src/eos/sim/converge/converge.ts'
import type { Fabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'

const end = (device: string, port: string) => ({ device, port })

const device = (name: string) => ({
  name,
  eos: '4.32.2F',
  model: 'cEOSLab',
  serial: name.toUpperCase(),
  mac: `00:1c:73:00:00:${name === 'a1' ? '01' : name === 'a2' ? '02' : name === 'b1' ? '03' : '04'}`,
  config: `hostname ${name}\n!\ninterface Ethernet1\n!\ninterface Ethernet2\n!\nend\n`,
  managementOutside: true,
})

/** Two pairs of switches; no cable leads from one pair to the other, but where `shared` both have one to the same host. */
const pairs = (shared = false) => ({
  name: 'two-sites',
  credentials: { username: 'admin', password: 'admin' },
  devices: ['a1', 'b1', 'a2', 'b2'].map(device),
  cabling: [
    { a: end('a1', 'Ethernet1'), b: end('a2', 'Ethernet1') },
    { a: end('b1', 'Ethernet1'), b: end('b2', 'Ethernet1') },
    ...(shared ? ['a2', 'b2'].map((name) => ({ a: end(name, 'Ethernet2'), b: end('hv01', name) })) : []),
  ],
  faults: [],
})

/** A fabric, and the names of the switches whose state was computed, each time. */
function started(fabric: Fabric) {
  const computed: string[] = []
  const simulation = new SimulatedFabric(fabric, {
    clock: new VirtualClock(),
    random: new SeededRandom(),
    converge: (inputs, ...rest) => {
      computed.push(inputs.map(({ name }) => name).join(' '))
      return converge(inputs, ...rest)
    },
  })
  const heard = (name: string) => {
    const { state } = simulation.network.context(simulation.get(name).device)
    return state.lldp.map(({ neighborDevice }) => neighborDevice)
  }
  const stamp = (name: string) => simulation.network.stamp(simulation.get(name).device)
  return { simulation, computed, heard, stamp }
}

describe('switches that no cable joins', () => {
  test('are computed by themselves, and only anew where something has changed', () => {
    const { simulation, computed, heard, stamp } = started(pairs())
    expect([heard('a1'), heard('a2'), heard('b1'), heard('b2')]).toEqual([['a2'], ['a1'], ['b2'], ['b1']])
    expect(computed).toEqual(['a1 a2', 'b1 b2'])
    const [ofA, ofB] = [stamp('a1'), stamp('b1')]
    simulation.fault({ device: 'b2', kind: 'hand-edit', lines: ['hostname other'] })
    expect([heard('b1'), heard('a1')]).toEqual([['other'], ['a2']])
    expect(computed).toEqual(['a1 a2', 'b1 b2', 'b1 b2'])
    expect([stamp('a1') === ofA, stamp('b1') === ofB]).toEqual([true, false])
  })

  test('hear another one where a fault says so, and every fault is listed', () => {
    const { simulation, heard } = started(pairs())
    simulation.fault({ device: 'a1', kind: 'neighbor-swapped', port: 'Ethernet1', heard: 'b2', heardPort: 'Ethernet1' })
    expect([heard('a1'), heard('b1')]).toEqual([['b2'], ['b2']])
    expect(simulation.network.faults.map(({ kind }) => kind)).toEqual(['lldp-neighbor-swapped'])
    simulation.clearFaults()
    expect([heard('a1'), simulation.network.faults]).toEqual([['a2'], []])
  })

  test('are computed together where a host has cables to both', () => {
    const { computed, heard } = started(pairs(true))
    expect([heard('a1'), heard('b1')]).toEqual([['a2'], ['b2']])
    expect(computed).toEqual(['a1 b1 a2 b2'])
  })

  test('are not computed for a command that does not look at the network', () => {
    const { simulation, computed } = started(pairs())
    expect(simulation.network.context(simulation.get('a1').device).facts.serial).toBe('A1')
    expect(computed).toEqual([])
  })
})
