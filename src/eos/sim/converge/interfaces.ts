import { definedMembers } from '../../../model/json.ts'
import { formatRanges } from '../../../model/vlan-list.ts'
import type { FaultsAt } from './faults.ts'
import { type Links, portKey, type RaisedSwitch } from './links.ts'
import type {
  InterfaceState,
  InterfaceStatus,
  LineProtocol,
  MlagInconsistency,
  MlagInterfaceState,
  MlagState,
  PortChannelState,
  PortMode,
} from './network-state.ts'
import { hasCages, portBandwidth } from './platform.ts'
import { carriedVlans, type InterfaceConfig, type SwitchModel } from './read-interfaces.ts'

interface Below {
  readonly model: SwitchModel
  readonly links: Links
  readonly channels: ReadonlyMap<string, PortChannelState>
  readonly faults: FaultsAt
}

interface Condition {
  readonly status: InterfaceStatus
  readonly lineProtocol: LineProtocol
}

const UP: Condition = { status: 'connected', lineProtocol: 'up' }
const SHUTDOWN: Condition = { status: 'disabled', lineProtocol: 'down' }
const ERRDISABLED: Condition = { status: 'errdisabled', lineProtocol: 'down' }
const NO_LINK: Condition = { status: 'notconnect', lineProtocol: 'down' }
// What stands on something that is down (docs/eos.md 7.1: a Port-Channel without partner, an SVI without port).
const LOWER_DOWN: Condition = { status: 'notconnect', lineProtocol: 'lowerLayerDown' }

// MTUs that EOS shows (docs/eos.md 7.1).
const MTU = { routed: 1500, switched: 9214, loopback: 65_535, none: 0 } as const

/** The interfaces of one switch: ports first, then what stands on them. */
export function raiseInterfaces(below: Below): ReadonlyMap<string, InterfaceState> {
  const { model } = below
  const states = new Map<string, InterfaceState>()
  const settle = (port: InterfaceConfig, condition: Condition) =>
    states.set(port.name, interfaceState(port, condition, below))
  for (const port of model.interfaces.values()) {
    const stands = port.name.includes('.') || port.kind === 'vlan' || port.kind === 'vxlan'
    if (!stands) settle(port, portCondition(port, below))
  }
  for (const port of model.interfaces.values()) {
    if (port.name.includes('.'))
      settle(port, stacked(port, model.interfaces.get(parentOf(port)), states.get(parentOf(port))))
  }
  const carried = carriedByUpPorts(states)
  for (const port of model.interfaces.values()) {
    if (port.kind === 'vlan') settle(port, sviCondition(port, model, carried))
    if (port.kind === 'vxlan') settle(port, vxlanCondition(port, model, states))
  }
  const inOrder = [...model.interfaces.keys()].flatMap((name) => states.get(name) ?? [])
  return new Map(inOrder.map((state) => [state.name, state]))
}

function portCondition(port: InterfaceConfig, below: Below): Condition {
  if (port.kind === 'ethernet' || port.kind === 'management') return linkCondition(port, below)
  if (port.shutdown) return SHUTDOWN
  if (port.kind !== 'portChannel') return UP
  return below.channels.get(port.name)?.active.length ? UP : LOWER_DOWN
}

function linkCondition(port: InterfaceConfig, { model, links, faults }: Below): Condition {
  if (!port.shutdown && faults.errdisabled(model.name, port.name) !== undefined) return ERRDISABLED
  const link = links.get(portKey(model.name, port.name))
  if (link?.up === true) return UP
  const condition = port.shutdown ? SHUTDOWN : NO_LINK
  const empty = port.kind === 'ethernet' && link?.far === undefined && hasCages(model.facts.model)
  return empty ? { ...condition, lineProtocol: 'notPresent' } : condition
}

const parentOf = ({ name }: InterfaceConfig) => name.split('.')[0] ?? ''

// A sub-interface stays down on a port that is a switchport (docs/eos.md 7.1).
function stacked(
  port: InterfaceConfig,
  below: InterfaceConfig | undefined,
  parent: InterfaceState | undefined,
): Condition {
  if (port.shutdown) return SHUTDOWN
  return below?.routed === true && parent?.lineProtocol === 'up' ? UP : LOWER_DOWN
}

function carriedByUpPorts(states: ReadonlyMap<string, InterfaceState>): ReadonlySet<number> {
  const carried = new Set<number>()
  for (const state of states.values()) {
    if (state.lineProtocol === 'up') for (const vlan of state.vlans) carried.add(vlan)
  }
  return carried
}

// An SVI is up iff its VLAN is active and an up port carries it, or VXLAN maps it, or `no autostate` (docs/eos.md 7.1).
function sviCondition(port: InterfaceConfig, model: SwitchModel, carried: ReadonlySet<number>): Condition {
  if (port.shutdown) return SHUTDOWN
  const id = Number(port.name.slice('Vlan'.length))
  if (model.vlans.get(id)?.suspended !== false) return LOWER_DOWN
  const held = !port.autostate || carried.has(id) || model.vxlan?.vlanToVni.has(id) === true
  return held ? UP : LOWER_DOWN
}

function vxlanCondition(
  port: InterfaceConfig,
  model: SwitchModel,
  states: ReadonlyMap<string, InterfaceState>,
): Condition {
  if (port.shutdown) return SHUTDOWN
  const source = states.get(model.vxlan?.sourceInterface ?? '')
  return source?.lineProtocol === 'up' && source.addresses.primary !== undefined ? UP : NO_LINK
}

const NO_ERRORS = {} as const

function interfaceState(port: InterfaceConfig, condition: Condition, below: Below): InterfaceState {
  const { model, channels, faults } = below
  const members = channels.get(port.name)?.active ?? []
  const since = faults.changedAt(model.name, port.name)
  const cause = condition === ERRDISABLED ? faults.errdisabled(model.name, port.name) : undefined
  return {
    name: port.name,
    kind: port.kind,
    description: port.description,
    ...condition,
    mode: modeOf(port),
    vrf: port.vrf,
    mtu: mtuOf(port, condition),
    mtuConfigured: port.mtu !== undefined,
    bandwidth: bandwidthOf(port, members, model),
    addresses: port.addresses,
    vlan: port.trunk ? port.nativeVlan : port.accessVlan,
    vlans: port.kind === 'ethernet' || port.kind === 'portChannel' ? carriedVlans(port, model.vlans) : [],
    ...definedMembers({ channel: port.channelGroup?.channel }),
    members,
    linkChanges: 1 + faults.changes(model.name, port.name),
    errors: faults.errors(model.name, port.name) ?? NO_ERRORS,
    lacpFast: port.lacpFast,
    virtualRouter: port.virtualRouter,
    ...definedMembers({ since, cause }),
  }
}

function modeOf(port: InterfaceConfig): PortMode {
  if (port.channelGroup !== undefined) return 'dataLink'
  if (port.routed) return 'routed'
  return port.trunk ? 'trunk' : 'access'
}

function mtuOf(port: InterfaceConfig, condition: Condition) {
  if (port.kind === 'vxlan') return MTU.none
  if (port.kind === 'loopback') return MTU.loopback
  if (port.kind === 'portChannel' && condition === LOWER_DOWN) return MTU.none
  if (!port.routed || port.channelGroup !== undefined) return MTU.switched
  return port.mtu ?? MTU.routed
}

function bandwidthOf(port: InterfaceConfig, members: readonly string[], model: SwitchModel) {
  if (port.kind === 'ethernet' || port.kind === 'management') {
    return portBandwidth(model.facts.model, port.name, port.speed)
  }
  let sum = 0
  for (const member of members) {
    sum += portBandwidth(model.facts.model, member, model.interfaces.get(member)?.speed)
  }
  return sum
}

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
    inconsistencies: [...compareVlans(here.model, peer.model), ...compareInterfaces(here.model, peer.model)],
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
