import type { InterfaceState, VrfState } from './network-state.ts'
import type { SwitchModel } from './read-switch.ts'

/** The VRFs of one switch with the interfaces that stand in them. */
export function vrfStates(
  model: SwitchModel,
  interfaces: ReadonlyMap<string, InterfaceState>,
): ReadonlyMap<string, VrfState> {
  const addressed = [...interfaces.values()].filter(
    ({ mode, addresses: { primary, virtual, unnumbered, dhcp } }) =>
      mode === 'routed' && (primary !== undefined || virtual !== undefined || unnumbered !== undefined || dhcp),
  )
  return new Map(
    model.routing.vrfs.map((name) => [
      name,
      {
        name,
        routeDistinguisher: name === 'default' ? '' : (model.bgp?.vrfs.get(name)?.rd ?? ''),
        ipv4Routing: model.routing.ipv4Routing.has(name),
        ipv6Routing: model.routing.ipv6Routing.has(name),
        multicast: model.routing.multicast.has(name),
        interfaces: addressed.filter((port) => port.vrf === name).map((port) => port.name),
      },
    ]),
  )
}
