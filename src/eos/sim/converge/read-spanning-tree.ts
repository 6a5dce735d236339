import { type ConfigNode, type ConfigTree, childAt, foundIn, restOf } from '../../config/text/tree.ts'
import { parseRange } from './interface-name.ts'

/** What the configuration says of spanning tree. */
export interface SpanningTreeConfig {
  /** `mstp`, `rstp`, `rapid-pvst` or `none`; EOS's default is `mstp`. */
  readonly mode: string
  /** The VLANs of `no spanning-tree vlan-id`. */
  readonly disabled: ReadonlySet<number>
  /** Name, revision and map of the MST region: switches that agree on it are one region. */
  readonly region: string
  /** The MST instances that VLANs are mapped to, 0 for all others. */
  readonly mapped: ReadonlyMap<number, number>
  /** Bridge priorities by instance name (`MST0`, `VL10`) where they are configured. */
  readonly priorities: ReadonlyMap<string, number>
  readonly ports: ReadonlyMap<string, SpanningTreePort>
}

/** What an interface says of spanning tree. */
export interface SpanningTreePort {
  readonly portfast: boolean
  readonly priority: number
  readonly cost?: number
}

/** The priority of a bridge without a line (IEEE 802.1D). */
export const BRIDGE_PRIORITY = 32_768

/** The priority of a port without a line (IEEE 802.1D). */
export const PORT_PRIORITY = 128

// What `root primary` and `root secondary` set (EOS manual, Spanning Tree Protocol).
const ROOT_PRIORITY: Readonly<Record<string, number>> = { primary: 8192, secondary: 16_384 }

/** Spanning tree as configured. */
export function readSpanningTree(config: ConfigTree): SpanningTreeConfig {
  const region = childAt(config, 'spanning-tree mst configuration')?.children ?? []
  const off = foundIn(config.children, /^no spanning-tree vlan(?:-id)? ([\d,-]+)$/)
  return {
    mode: restOf(config.children, 'spanning-tree mode ') ?? 'mstp',
    disabled: new Set(off.flatMap(parseRange)),
    region: region
      .map(({ line }) => line)
      .sort()
      .join('\n'),
    mapped: new Map(region.flatMap(mappedVlans)),
    priorities: new Map(config.children.flatMap(priorityOf)),
    ports: new Map(config.children.flatMap(portOf)),
  }
}

function mappedVlans({ line }: ConfigNode) {
  const [, instance, range = ''] = /^instance (\d+) vlans? ([\d,-]+)$/.exec(line) ?? []
  return instance === undefined ? [] : parseRange(range).map((vlan) => [vlan, Number(instance)] as const)
}

function priorityOf({ line }: ConfigNode): readonly (readonly [string, number])[] {
  const [, kind, range = '0', word = ''] =
    /^spanning-tree (?:(mst|vlan-id|vlan) ([\d,-]+) )?(?:priority|root) (\S+)$/.exec(line) ?? []
  const priority = ROOT_PRIORITY[word] ?? Number(word)
  if (word === '' || Number.isNaN(priority)) return []
  return parseRange(range).map((number) => [`${kind?.startsWith('vlan') ? 'VL' : 'MST'}${number}`, priority] as const)
}

function portOf({ line, children }: ConfigNode): readonly (readonly [string, SpanningTreePort])[] {
  const name = /^interface ((?:Ethernet|Port-Channel)\S+)$/.exec(line)?.[1]
  const lines = children.flatMap((child) => (child.line.startsWith('spanning-tree ') ? [child.line] : []))
  if (name === undefined || lines.length === 0) return []
  const value = (head: string) => restOf(lines, `spanning-tree ${head} `)
  const cost = value('cost')
  return [
    [
      name,
      {
        portfast: lines.some((one) => /^spanning-tree portfast( edge)?$/.test(one)),
        priority: Number(value('port-priority') ?? PORT_PRIORITY),
        ...(cost === undefined ? {} : { cost: Number(cost) }),
      },
    ],
  ]
}

/** The tree that serves each VLAN: MSTP maps VLANs to few, rapid PVST has one for each, RSTP has one. */
export function servedVlans(
  { mode, mapped, disabled }: SpanningTreeConfig,
  vlans: Iterable<number>,
): ReadonlyMap<number, string> {
  if (mode === 'none') return new Map()
  const nameOf = (vlan: number) => {
    if (mode === 'rapid-pvst') return `VL${vlan}`
    return mode === 'mstp' ? `MST${mapped.get(vlan) ?? 0}` : 'MST0'
  }
  return new Map([...vlans].filter((vlan) => !disabled.has(vlan)).map((vlan) => [vlan, nameOf(vlan)]))
}
