import type { ConfigTree } from '../../config/tree.ts'
import { parseRange } from '../converge/number-range.ts'
import type { ShowContext } from './define.ts'

/** Which spanning tree is configured, in the words of the configuration; EOS's default is `mstp`. */
export function spanningTreeMode(running: ConfigTree): string {
  const line = running.children.find((node) => node.line.startsWith('spanning-tree mode '))?.line
  return line?.split(' ')[2] ?? 'mstp'
}

/** The VLANs that a spanning tree serves, and those of `no spanning-tree vlan-id`; none of either with `mode none`. */
export function spanningTreeVlans({ state, running }: ShowContext): {
  readonly served: readonly number[]
  readonly without: readonly number[]
} {
  if (spanningTreeMode(running) === 'none') return { served: [], without: [] }
  const off = running.children.flatMap(({ line }) => /^no spanning-tree vlan(?:-id)? ([\d,-]+)$/.exec(line)?.[1] ?? [])
  const disabled = new Set(off.flatMap((range) => parseRange(range)))
  const all = [...state.vlans.keys()]
  return { served: all.filter((id) => !disabled.has(id)), without: all.filter((id) => disabled.has(id)) }
}

/** The instance of each served VLAN: MSTP maps VLANs to few (0 unless configured), rapid PVST has one for each. */
export function instanceOf({ running }: ShowContext): (vlan: number) => string {
  if (spanningTreeMode(running) === 'rapid-pvst') return (vlan) => `VL${vlan}`
  const block = running.children.find(({ line }) => line === 'spanning-tree mst configuration')
  const mapped = new Map(
    (block?.children ?? []).flatMap(({ line }) => {
      const [, instance, range = ''] = /^instance (\d+) vlans? ([\d,-]+)$/.exec(line) ?? []
      return instance === undefined ? [] : parseRange(range).map((vlan) => [vlan, instance] as const)
    }),
  )
  return (vlan) => `MST${mapped.get(vlan) ?? 0}`
}
