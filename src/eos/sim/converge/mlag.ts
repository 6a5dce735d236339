import { formatRanges } from '../../../model/vlan-list.ts'
import { carriedVlans } from './carried-vlans.ts'
import type { FaultsAt } from './faults.ts'
import type { MlagInconsistency, MlagInterfaceState, MlagState } from './network-state.ts'
import type { InterfaceConfig } from './read-interfaces.ts'
import type { SwitchModel } from './read-switch.ts'
import type { RaisedSwitch } from './segments.ts'

const NO_SYSTEM_ID = '00:00:00:00:00:00'

const DISABLED: MlagState = {
  state: 'disabled',
  negotiation: 'disconnected',
  domainId: '',
  localInterface: '',
  peerAddress: '0.0.0.0',
  heartbeatAddress: '0.0.0.0',
  peerLink: '',
  peerLinkStatus: 'down',
  localInterfaceStatus: 'down',
  role: 'inactive',
  systemId: NO_SYSTEM_ID,
  reloadDelay: 300,
  reloadDelayNonMlag: 300,
  heartbeatInterval: 4000,
  interfaces: [],
  inconsistencies: [],
}

/** MLAG of one switch, given who it pairs with. */
export function runMlag(here: RaisedSwitch, paired: RaisedSwitch | undefined, faults: FaultsAt): MlagState {
  const { mlag } = here.model
  if (mlag === undefined) return DISABLED
  const isDown = [here, paired].some((one) => one !== undefined && faults.mlagDown(one.model.name))
  const peer = isDown ? undefined : paired
  const { shutdown: _shutdown, ...configured } = mlag
  const base = {
    ...configured,
    peerLinkStatus: here.interfaces.get(mlag.peerLink)?.lineProtocol ?? ('down' as const),
    localInterfaceStatus: here.interfaces.get(mlag.localInterface)?.lineProtocol ?? ('down' as const),
    interfaces: mlagInterfaces(here, peer),
  }
  if (peer === undefined) {
    return {
      ...DISABLED,
      ...base,
      ...(mlag.shutdown ? {} : { state: 'inactive' as const, negotiation: 'connecting' as const }),
    }
  }
  const mine = here.model.facts.systemMac
  const theirs = peer.model.facts.systemMac
  const primary = mine < theirs
  return {
    ...base,
    state: 'active',
    negotiation: 'connected',
    peerName: peer.model.name,
    peerMac: theirs,
    role: primary ? 'primary' : 'secondary',
    systemId: locallyAdministered(primary ? mine : theirs),
    inconsistencies: compareMlag(here.model, peer.model),
  }
}

function locallyAdministered(mac: string) {
  const first = Number.parseInt(mac.slice(0, 2), 16) | 2
  return first.toString(16).padStart(2, '0') + mac.slice(2)
}

function mlagInterfaces(here: RaisedSwitch, peer: RaisedSwitch | undefined): readonly MlagInterfaceState[] {
  return [...here.channels.values()].flatMap((channel) => {
    const id = channel.mlagId
    if (id === undefined) return []
    const localUp = here.interfaces.get(channel.name)?.lineProtocol === 'up'
    const theirs = [...(peer?.channels.values() ?? [])].find((candidate) => candidate.mlagId === id)
    const peerUp = theirs !== undefined && peer?.interfaces.get(theirs.name)?.lineProtocol === 'up'
    const status = statusOf(peer !== undefined, theirs !== undefined, localUp, peerUp)
    return [{ id, localInterface: channel.name, peerInterface: theirs?.name ?? '', localUp, peerUp, status }]
  })
}

function statusOf(active: boolean, onBoth: boolean, localUp: boolean, peerUp: boolean): MlagInterfaceState['status'] {
  if (!active) return 'disabled'
  if (!onBoth) return 'configured'
  if (localUp && peerUp) return 'active-full'
  return localUp || peerUp ? 'active-partial' : 'inactive'
}

function compareMlag(here: SwitchModel, peer: SwitchModel): readonly MlagInconsistency[] {
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
