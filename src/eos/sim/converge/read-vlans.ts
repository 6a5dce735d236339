import { type ConfigTree, childLines, foundIn, restOf } from '../../config/text/tree.ts'
import { parseRange } from './interface-name.ts'

/** What the configuration says of one VLAN. */
export interface VlanConfig {
  readonly id: number
  readonly name: string
  readonly suspended: boolean
  /** A VLAN with trunk groups is carried only by trunks of one of them. */
  readonly trunkGroups: readonly string[]
}

/** Every configured VLAN, ascending; VLAN 1 always exists. A VLAN without a name is called `VLAN0020` (docs/eos.md 4.6). */
export function readVlans(config: ConfigTree): ReadonlyMap<number, VlanConfig> {
  const vlans = new Map<number, VlanConfig>([[1, { id: 1, name: 'default', suspended: false, trunkGroups: [] }]])
  for (const node of config.children) {
    const range = /^vlan ([\d,-]+)$/.exec(node.line)?.[1]
    if (range === undefined) continue
    const lines = childLines(node)
    const name = restOf(lines, 'name ')
    const trunkGroups = foundIn(lines, /^trunk group (.*)$/)
    const suspended = lines.includes('state suspend')
    for (const id of parseRange(range)) {
      const known = id === 1 ? 'default' : `VLAN${String(id).padStart(4, '0')}`
      vlans.set(id, { id, name: name ?? known, suspended, trunkGroups })
    }
  }
  return new Map([...vlans].sort(([a], [b]) => a - b))
}
