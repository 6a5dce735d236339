import { gathered } from '../../../model/json.ts'
import { parseConfig } from '../../config/text/parse.ts'
import { foundIn } from '../../config/text/tree.ts'
import { compareInterfaces } from '../converge/interface-name.ts'
import type { Cable } from '../platform/facts.ts'

const PHYSICAL = /^interface ((?:Ethernet|Management)\d+(?:\/\d+)*)$/

/** The physical interfaces of a switch: those its configuration names and those a cable ends in, in EOS order. */
export function physicalPorts(device: string, config: string, cabling: readonly Cable[]): readonly string[] {
  const named = foundIn(parseConfig(config).children, PHYSICAL)
  const cabled = cabledPorts.get(cabling) ?? portsOf(cabling)
  cabledPorts.set(cabling, cabled)
  return [...new Set([...named, ...(cabled.get(device) ?? [])])].sort(compareInterfaces)
}

// Read once for all switches of a fabric.
const cabledPorts = new WeakMap<readonly Cable[], ReadonlyMap<string, readonly string[]>>()

function portsOf(cabling: readonly Cable[]): ReadonlyMap<string, readonly string[]> {
  return gathered(cabling.flatMap(({ a, b }) => [a, b]).map(({ device, port }) => [device, port]))
}
