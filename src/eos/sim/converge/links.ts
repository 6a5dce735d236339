import { gathered } from '../../../model/json.ts'
import type { Cable, CableEnd } from '../platform/facts.ts'
import { disjointSets } from './disjoint-sets.ts'
import type { FaultsAt } from './faults.ts'
import { compareInterfaces } from './interface-name.ts'
import type { InterfaceState, PortChannelState } from './network-state.ts'
import type { InterfaceConfig, SwitchModel } from './read-interfaces.ts'

/** What is at the other end of a port. */
export interface PortLink {
  /** The far end; undefined without a cable. */
  readonly far: CableEnd | undefined
  /** Whether both ends send light. */
  readonly up: boolean
}

/** The links of all switches, by `device|port`. */
export type Links = ReadonlyMap<string, PortLink>

/** The key of a port in `Links`. */
export const portKey = (device: string, port: string): string => `${device}|${port}`

/**
 * Which ports have a link. A far end that is no switch of the fabric is a host: it always sends. A port without a cable
 * is down, but a Management port: its network lies outside the fabric.
 */
export function linkPorts(models: ReadonlyMap<string, SwitchModel>, cables: readonly Cable[], faults: FaultsAt): Links {
  const links = new Map<string, PortLink>()
  for (const model of models.values()) {
    for (const { name, kind, shutdown } of model.interfaces.values()) {
      const up = kind === 'management' && model.up && !shutdown && !faults.linkDown(model.name, name)
      if (kind === 'management' || kind === 'ethernet') links.set(portKey(model.name, name), { far: undefined, up })
    }
  }
  for (const { a, b } of cables) {
    const up = sends(models, a, faults) && sends(models, b, faults)
    if (models.has(a.device)) links.set(portKey(a.device, a.port), { far: b, up })
    if (models.has(b.device)) links.set(portKey(b.device, b.port), { far: a, up })
  }
  return links
}

function sends(models: ReadonlyMap<string, SwitchModel>, end: CableEnd, faults: FaultsAt) {
  if (faults.linkDown(end.device, end.port) || faults.errdisabled(end.device, end.port) !== undefined) return false
  const model = models.get(end.device)
  if (model === undefined) return true
  const port = model.interfaces.get(end.port)
  return model.up && port !== undefined && !port.shutdown
}

// Why a member is not in use; the first is recorded (`show port-channel` of anta), the others follow the EOS manual, Port Channels and LACP.
const REASON = {
  waiting: 'waiting for LACP response',
  down: 'link down in LACP negotiation',
  shutdown: 'port-channel is shut down',
  partner: 'incompatible partner',
} as const

type Partner = { readonly id: string } | { readonly reason: string }

/** The port-channels of all switches, by switch. A member is in use only when both of its ends bundle it. */
export function bundleChannels(
  models: ReadonlyMap<string, SwitchModel>,
  links: Links,
  faults: FaultsAt,
): ReadonlyMap<string, ReadonlyMap<string, PortChannelState>> {
  const alone = new Map(
    [...models.values()].map((model) => {
      const chosen = chooseMembers(model, models, links)
      const held = [...chosen].map(([name, channel]) => [name, withoutHeld(channel, model, faults)] as const)
      return [model.name, new Map(held)]
    }),
  )
  const chosen = new Set<string>()
  for (const [device, channels] of alone) {
    for (const channel of channels.values()) for (const port of channel.active) chosen.add(portKey(device, port))
  }
  const both = (device: string, port: string) => {
    const far = links.get(portKey(device, port))?.far
    return far === undefined || !models.has(far.device) || chosen.has(portKey(far.device, far.port))
  }
  return new Map(
    [...alone].map(([device, mine]) => [
      device,
      new Map([...mine].map(([name, channel]) => [name, agree(channel, (port) => both(device, port))])),
    ]),
  )
}

function agree(channel: PortChannelState, both: (port: string) => boolean) {
  const lost = channel.active.filter((port) => !both(port))
  if (lost.length === 0) return channel
  const inactive = new Map(channel.inactive)
  for (const port of lost) inactive.set(port, REASON.waiting)
  return { ...channel, active: channel.active.filter(both), inactive }
}

function withoutHeld(channel: PortChannelState, { name }: SwitchModel, faults: FaultsAt) {
  return agree(channel, (port) => !faults.memberOut(name, port))
}

function chooseMembers(
  model: SwitchModel,
  models: ReadonlyMap<string, SwitchModel>,
  links: Links,
): ReadonlyMap<string, PortChannelState> {
  const ports = [...model.interfaces.values()]
  const own = ports.filter(({ kind, name }) => kind === 'portChannel' && !name.includes('.')).map(({ name }) => name)
  const members = gathered(ports.map((port) => [port.channelGroup?.channel ?? '', port]))
  members.delete('')
  const names = [...new Set([...own, ...members.keys()])].sort(compareInterfaces)
  return new Map(names.map((name) => [name, chooseFor(name, members.get(name) ?? [], model, models, links)]))
}

function chooseFor(
  name: string,
  members: readonly InterfaceConfig[],
  model: SwitchModel,
  models: ReadonlyMap<string, SwitchModel>,
  links: Links,
): PortChannelState {
  const active: string[] = []
  const inactive = new Map<string, string>()
  const channel = model.interfaces.get(name)
  let chosen: string | undefined
  for (const port of members) {
    const partner = channel?.shutdown === true ? { reason: REASON.shutdown } : partnerOf(port, model, models, links)
    if ('reason' in partner) inactive.set(port.name, partner.reason)
    else if (chosen !== undefined && chosen !== partner.id) inactive.set(port.name, REASON.partner)
    else {
      chosen = partner.id
      active.push(port.name)
    }
  }
  const mode = members[0]?.channelGroup?.mode ?? 'on'
  return {
    name,
    protocol: mode === 'on' ? 'static' : 'lacp',
    lacpMode: mode,
    active,
    inactive,
    peerActive: [],
    ...(channel?.mlagId === undefined ? {} : { mlagId: channel.mlagId }),
  }
}

function partnerOf(
  port: InterfaceConfig,
  model: SwitchModel,
  models: ReadonlyMap<string, SwitchModel>,
  links: Links,
): Partner {
  const link = links.get(portKey(model.name, port.name))
  if (link?.far === undefined || !link.up) return { reason: REASON.down }
  const far = models.get(link.far.device)
  return far === undefined ? { id: `host ${link.far.device}` } : switchPartner(port, far, link.far)
}

function switchPartner(port: InterfaceConfig, far: SwitchModel, end: CableEnd): Partner {
  const group = far.interfaces.get(end.port)?.channelGroup
  const channel = group === undefined ? undefined : far.interfaces.get(group.channel)
  if (group === undefined || channel === undefined || channel.shutdown) return { reason: REASON.waiting }
  const mode = port.channelGroup?.mode
  const modes =
    mode === 'on' ? group.mode === 'on' : group.mode !== 'on' && (mode === 'active' || group.mode === 'active')
  if (!modes) return { reason: REASON.waiting }
  const shared = far.mlag !== undefined && channel.mlagId !== undefined
  if (channel.lacpSystem !== undefined) return { id: `system ${channel.lacpSystem} ${group.channel}` }
  return { id: shared ? `mlag ${far.mlag.domainId} ${channel.mlagId}` : `${far.name} ${group.channel}` }
}

/** Which IP interfaces hear each other on layer 2. */
export interface Segments {
  /** The segment an IP interface stands on; equal names hear each other. */
  readonly of: (device: string, interfaceName: string) => string
}

/** One switch as the lower layers left it. */
export interface RaisedSwitch {
  readonly model: SwitchModel
  readonly interfaces: ReadonlyMap<string, InterfaceState>
  readonly channels: ReadonlyMap<string, PortChannelState>
}

export type RaisedSwitches = ReadonlyMap<string, RaisedSwitch>

/** Joins the broadcast domains along every link that is up: equal tags meet, and untagged meets untagged. */
export function joinSegments(raised: RaisedSwitches, links: Links): Segments {
  const { find, join } = disjointSets()
  const seen = new Set<string>()
  for (const [key, link] of links) {
    const [device = '', port = ''] = key.split('|')
    if (!link.up || link.far === undefined) continue
    const here = bundleOf(raised, device, port)
    const there = bundleOf(raised, link.far.device, link.far.port)
    if (here === undefined || there === undefined) continue
    const pair = [portKey(device, here.name), portKey(link.far.device, there.name)].sort().join(' ')
    if (seen.has(pair)) continue
    seen.add(pair)
    const far = offers(raised.get(link.far.device), there)
    for (const [tag, node] of offers(raised.get(device), here)) {
      const other = far.get(tag)
      if (other !== undefined) join(node, other)
    }
  }
  return { of: (device, name) => find(nodeOf(device, name)) }
}

/** The interface that forwards for a port: its port-channel, while the port is in use there. */
export function bundleOf(raised: RaisedSwitches, device: string, port: string): InterfaceState | undefined {
  const here = raised.get(device)
  const state = here?.interfaces.get(port)
  if (state?.channel === undefined) return state?.lineProtocol === 'up' ? state : undefined
  if (here?.channels.get(state.channel)?.active.includes(port) !== true) return undefined
  return here.interfaces.get(state.channel)
}

function offers(here: RaisedSwitch | undefined, port: InterfaceState): ReadonlyMap<number, string> {
  const domains = new Map<number, string>()
  if (here === undefined) return domains
  const device = here.model.name
  if (port.mode === 'routed') {
    domains.set(0, nodeOf(device, port.name))
    for (const sub of here.model.interfaces.values()) {
      if (sub.dot1q !== undefined && sub.name.startsWith(`${port.name}.`)) {
        domains.set(sub.dot1q, nodeOf(device, sub.name))
      }
    }
    return domains
  }
  for (const vlan of port.vlans) domains.set(vlan === port.vlan ? 0 : vlan, nodeOf(device, `Vlan${vlan}`))
  return domains
}

function nodeOf(device: string, name: string) {
  return `${device}|${name}`
}
