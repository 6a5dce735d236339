import { type BgpNode, localPath } from './bgp-session.ts'
import type { RaisedSwitch } from './links.ts'
import type { EvpnAttributes, VectorPath } from './path-vector.ts'
import type { EthernetSegment } from './read-interfaces.ts'

interface RaisedSegment extends EthernetSegment {
  readonly interface: string
  readonly vlans: readonly number[]
}

/** The ethernet segments of a switch whose port-channel is up, by what they are on. */
export function raisedSegments({ model, interfaces }: RaisedSwitch): readonly RaisedSegment[] {
  return [...model.interfaces.values()].flatMap(({ name, segment }) => {
    const state = interfaces.get(name)
    if (segment === undefined || state?.lineProtocol !== 'up') return []
    return [{ ...segment, interface: name, vlans: state.vlans }]
  })
}

/** A VLAN of a MAC-VRF that has a VNI: its tag in a route key, and the route targets that it exports. */
export interface SegmentVlan {
  readonly vlan: number
  readonly vni: number
  readonly rd: string
  readonly tag: number
  readonly targets: readonly string[]
}

/**
 * What a switch announces of its ethernet segments: each once by itself and once for each VLAN that it carries, and that the switch is
 * on it. The RD of what is of no VLAN is that of the VTEP (ceos-lab, course).
 */
export function segmentPaths(
  vtep: string,
  root: BgpNode,
  here: RaisedSwitch,
  vlans: readonly SegmentVlan[],
): readonly VectorPath[] {
  const rd = `${vtep}:1`
  const own = (rest: Pick<EvpnAttributes, 'kind' | 'rd' | 'targets' | 'vni'>) => ({
    prefix: '',
    routerMac: root.routerMac,
    ...rest,
  })
  return raisedSegments(here).flatMap(({ identifier, target, vlans: carried }) => {
    const within = vlans.filter(({ vlan }) => carried.includes(vlan))
    const targets = [...new Set(within.flatMap((one) => one.targets))]
    return [
      ...within.map((one) => ({
        ...localPath(`RD: ${one.rd} auto-discovery ${one.tag} ${identifier}`, 0, vtep),
        evpn: own({ kind: 'auto-discovery', rd: one.rd, targets: one.targets, vni: one.vni }),
      })),
      {
        ...localPath(`RD: ${rd} auto-discovery ${identifier}`, 0, vtep),
        evpn: own({ kind: 'auto-discovery', rd, targets, vni: 0 }),
      },
      {
        ...localPath(`RD: ${rd} ethernet-segment ${identifier} ${vtep}`, 0, vtep),
        evpn: own({ kind: 'ethernet-segment', rd, targets: target === '' ? [] : [target], vni: 0 }),
      },
    ]
  })
}
