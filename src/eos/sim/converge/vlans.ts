import { carriedVlans } from './carried-vlans.ts'
import type { InterfaceState, VlanState } from './network-state.ts'
import type { SwitchModel } from './read-switch.ts'
import type { RaisedSwitch } from './segments.ts'

/**
 * The VLANs of one switch with the ports that carry them. `Cpu` stands for an SVI that is up, `Vxlan1` for a VNI that
 * is mapped (`show vlan brief` of 4.23, suzieq).
 */
export function placeVlans(
  model: SwitchModel,
  interfaces: ReadonlyMap<string, InterfaceState>,
): ReadonlyMap<number, VlanState> {
  const configured = configuredPorts(model)
  const up = (name: string) => interfaces.get(name)?.lineProtocol === 'up'
  const vlans = new Map<number, VlanState>()
  for (const { id, name, suspended } of model.vlans.values()) {
    const all = configured.get(id) ?? []
    const cpu = !suspended && up(`Vlan${id}`) ? ['Cpu'] : []
    const vxlan = !suspended && model.vxlan?.vlanToVni.has(id) && up(model.vxlan.name) ? [model.vxlan.name] : []
    const ports = [...cpu, ...all.filter(up), ...vxlan]
    vlans.set(id, { id, name, status: suspended ? 'suspended' : 'active', ports, configuredPorts: all })
  }
  return vlans
}

/** By VLAN the ports of an MLAG peer that are up, but for its MLAGs and its peer-link: a switch shows them, too (avd-lab). */
export function orphanPorts({ model, interfaces }: RaisedSwitch): ReadonlyMap<number, readonly string[]> {
  const peerLink = model.mlag?.peerLink
  const isOrphan = (name: string) =>
    name !== peerLink && model.interfaces.get(name)?.mlagId === undefined && interfaces.get(name)?.lineProtocol === 'up'
  return new Map([...configuredPorts(model)].map(([id, ports]) => [id, ports.filter(isOrphan)]))
}

function configuredPorts(model: SwitchModel): ReadonlyMap<number, readonly string[]> {
  const configured = new Map<number, string[]>([...model.vlans.keys()].map((id) => [id, []]))
  for (const port of model.interfaces.values()) {
    if (port.kind !== 'ethernet' && port.kind !== 'portChannel') continue
    for (const id of carriedVlans(port, model.vlans)) configured.get(id)?.push(port.name)
  }
  return configured
}
