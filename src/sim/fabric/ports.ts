import { parseConfig } from '../../config/parse.ts'
import { compareInterfaces } from '../converge/interface-name.ts'
import type { Cable } from '../facts.ts'

const PHYSICAL = /^interface ((?:Ethernet|Management)\d+(?:\/\d+)*)$/

/** The physical interfaces of a switch: those its configuration names and those a cable ends in, in EOS order. */
export function physicalPorts(device: string, config: string, cabling: readonly Cable[]): readonly string[] {
  const named = parseConfig(config).children.flatMap(({ line }) => PHYSICAL.exec(line)?.[1] ?? [])
  const cabled = cabling.flatMap(({ a, b }) => [a, b]).flatMap((end) => (end.device === device ? [end.port] : []))
  return [...new Set([...named, ...cabled])].sort(compareInterfaces)
}
