import { formatRanges } from '../../../model/vlan-list.ts'
import { carriedVlans } from './carried-vlans.ts'
import type { MlagInconsistency } from './network-state.ts'
import type { InterfaceConfig } from './read-interfaces.ts'
import type { SwitchModel } from './read-switch.ts'

/** Where the two switches of an MLAG pair are configured differently, as `show mlag config-sanity` lists it. */
export function compareMlag(here: SwitchModel, peer: SwitchModel): readonly MlagInconsistency[] {
  return [...compareVlans(here, peer), ...compareInterfaces(here, peer)]
}

function compareVlans(here: SwitchModel, peer: SwitchModel): readonly MlagInconsistency[] {
  const ids = [...new Set([...here.vlans.keys(), ...peer.vlans.keys()])].sort((a, b) => a - b)
  return ids.flatMap((id) => {
    const local = here.vlans.has(id)
    return local === peer.vlans.has(id)
      ? []
      : [
          {
            scope: 'global' as const,
            subject: 'bridging',
            attribute: `admin-state vlan ${id}`,
            local: local ? 'active' : '-',
            peer: local ? '-' : 'active',
          },
        ]
  })
}

function compareInterfaces(here: SwitchModel, peer: SwitchModel): readonly MlagInconsistency[] {
  const theirs = byMlagId(peer)
  return [...byMlagId(here)].flatMap(([id, port]) => {
    const other = theirs.get(id)
    if (other === undefined) return []
    const mine = attributes(port, here)
    const yours = attributes(other, peer)
    return [...mine].flatMap(([attribute, local]) => {
      const remote = yours.get(attribute) ?? ''
      return local === remote
        ? []
        : [{ scope: 'interface' as const, subject: String(id), attribute, local, peer: remote }]
    })
  })
}

function byMlagId(model: SwitchModel): ReadonlyMap<number, InterfaceConfig> {
  const ports = [...model.interfaces.values()]
  return new Map(ports.flatMap((port) => (port.mlagId === undefined ? [] : [[port.mlagId, port] as const])))
}

function attributes(port: InterfaceConfig, model: SwitchModel): ReadonlyMap<string, string> {
  return new Map([
    ['switchport-mode', port.trunk ? 'trunk' : 'access'],
    ['access-vlan', String(port.accessVlan)],
    ['trunk-native-vlan', String(port.nativeVlan)],
    ['trunk-allowed-vlan', formatRanges(carriedVlans(port, model.vlans))],
  ])
}
