import { fileURLToPath } from 'node:url'
import { parseConfig } from '../src/eos/config/text/parse.ts'
import { converge } from '../src/eos/sim/converge/converge.ts'
import type { SwitchInput } from '../src/eos/sim/converge/read-interfaces.ts'
import type { Fabric } from '../src/eos/sim/fabric/fabric.ts'
import { physicalPorts } from '../src/eos/sim/fabric/ports.ts'
import { readFabricFolder } from '../src/lab/trial/start-fabric.ts'
import type { Print } from './main.ts'

/** About so many switches each time. */
const SIZES = (process.env.EOSFLOW_SWITCHES ?? '60,250,500,1000,2000').split(',').map(Number)

/**
 * What `converge` takes of the CPU for copies of the example fabric beside each other, which have EVPN, MLAG and the same addresses: in all, and for
 * each link.
 */
export function converges(print: Print): void {
  const read = readFabricFolder(fileURLToPath(new URL('../fixtures/dc1', import.meta.url)))
  if (!read.ok) throw new Error('fixtures/dc1 cannot be read')
  converged(copiesOf(read.value, 1))
  for (const size of SIZES) {
    const fabric = copiesOf(read.value, Math.ceil(size / read.value.devices.length))
    const seconds = converged(fabric)
    print({
      bench: 'converge',
      switches: fabric.devices.length,
      links: fabric.cabling.length,
      milliseconds: Math.round(seconds * 1000),
      microsecondsPerLink: Math.round((seconds / fabric.cabling.length) * 1e6),
    })
  }
}

export { converges as converge }

function converged({ devices, cabling }: Fabric): number {
  const inputs = devices.map(
    ({ name, eos, model, serial, mac, config }): SwitchInput => ({
      name,
      config: parseConfig(config),
      facts: { eos, model, serial, systemMac: mac, interfaces: physicalPorts(name, config, cabling) },
      up: true,
    }),
  )
  const before = process.cpuUsage()
  const { switches } = converge(inputs, cabling, [], 0)
  const { user, system } = process.cpuUsage(before)
  if (switches.size !== devices.length) throw new Error(`${switches.size} switches`)
  return (user + system) / 1e6
}

function copiesOf(fabric: Fabric, count: number): Fabric {
  const copies = Array.from({ length: count }, (_, index) => index + 1)
  const named = (index: number, name: string): string => `pod${index}-${name}`
  return {
    ...fabric,
    devices: copies.flatMap((index) => fabric.devices.map((one) => ({ ...one, name: named(index, one.name) }))),
    cabling: copies.flatMap((index) =>
      fabric.cabling.map(({ a, b }) => ({
        a: { ...a, device: named(index, a.device) },
        b: { ...b, device: named(index, b.device) },
      })),
    ),
  }
}
