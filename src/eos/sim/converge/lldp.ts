import type { CableEnd } from '../platform/facts.ts'
import type { FaultsAt } from './faults.ts'
import { type Links, portKey } from './links.ts'
import type { LldpNeighbor } from './network-state.ts'
import type { SwitchModel } from './read-switch.ts'

/** Frames a switched port takes, as LLDP announces it (`show lldp neighbors detail` of napalm). */
const SWITCHED_FRAME_SIZE = 9236
/** What Ethernet adds to an IP packet. */
const FRAME_OVERHEAD = 22

/** The neighbours a switch hears: those at the far end of its links that are switches and speak LLDP on that port. */
export function hearNeighbors(
  model: SwitchModel,
  models: ReadonlyMap<string, SwitchModel>,
  links: Links,
  faults: FaultsAt,
): readonly LldpNeighbor[] {
  const heard: LldpNeighbor[] = []
  for (const port of model.interfaces.values()) {
    const link = links.get(portKey(model.name, port.name))
    if (link === undefined || !link.up || !port.lldpReceive) continue
    const far = faults.heardInstead(model.name, port.name) ?? link.far
    const neighbor = far === undefined ? undefined : announce(far, models)
    if (neighbor !== undefined) heard.push({ port: port.name, ...neighbor })
  }
  return heard
}

/** What a switch says of itself on one port; undefined for a host. */
function announce(end: CableEnd, models: ReadonlyMap<string, SwitchModel>): Omit<LldpNeighbor, 'port'> | undefined {
  const model = models.get(end.device)
  const port = model?.interfaces.get(end.port)
  if (model === undefined || port === undefined || !port.lldpTransmit) return undefined
  const management = [...model.interfaces.values()].find((candidate) => candidate.kind === 'management')
  const address = management?.addresses.primary?.address
  return {
    neighborDevice: model.fqdn,
    neighborPort: end.port,
    chassisId: model.facts.systemMac,
    systemDescription: `Arista Networks EOS version ${model.facts.eos} running on an Arista Networks ${model.facts.model}`,
    portDescription: port.description,
    maxFrameSize: port.routed ? (port.mtu ?? 1500) + FRAME_OVERHEAD : SWITCHED_FRAME_SIZE,
    ...(address === undefined ? {} : { managementAddress: address }),
  }
}
