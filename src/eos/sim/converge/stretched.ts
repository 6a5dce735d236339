import { disjointSets } from './disjoint-sets.ts'
import type { RaisedSwitch, Segments } from './segments.ts'

/** The flood list of each VLAN of each switch that is a VTEP. */
export type FloodLists = ReadonlyMap<string, ReadonlyMap<number, ReadonlySet<string>>>

/** Segments joined across VXLAN: SVIs whose VLANs have one VNI, where one side floods to the other. */
export function stretch(
  segments: Segments,
  raised: ReadonlyMap<string, RaisedSwitch>,
  vteps: ReadonlyMap<string, string>,
  floods: FloodLists,
): Segments {
  const { find, join } = disjointSets()
  const behind = segmentsBehind(segments, raised, vteps)
  for (const [device, lists] of floods) {
    const vnis = raised.get(device)?.model.vxlan?.vlanToVni
    for (const [vlan, remotes] of lists) {
      const here = segments.of(device, `Vlan${vlan}`)
      const others = [...remotes].flatMap((remote) => behind.get(`${remote} ${vnis?.get(vlan)}`) ?? [])
      for (const there of others) join(there, here)
    }
  }
  return { of: (device, name) => find(segments.of(device, name)) }
}

/** The segments of the SVIs of each VTEP, by its address and the VNI. */
function segmentsBehind(
  segments: Segments,
  raised: ReadonlyMap<string, RaisedSwitch>,
  vteps: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const [device, address] of vteps) {
    for (const [vlan, vni] of raised.get(device)?.model.vxlan?.vlanToVni ?? []) {
      const key = `${address} ${vni}`
      found.set(key, [...(found.get(key) ?? []), segments.of(device, `Vlan${vlan}`)])
    }
  }
  return found
}
