import { gathered } from '../../../model/map-keys.ts'
import type { CableEnd } from '../platform/facts.ts'
import type { FaultsAt } from './faults.ts'
import { compareInterfaces } from './interface-name.ts'
import { type Links, portKey } from './links.ts'
import type { PortChannelState } from './network-state.ts'
import type { InterfaceConfig } from './read-interfaces.ts'
import type { SwitchModel } from './read-switch.ts'

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
