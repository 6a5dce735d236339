import type { InterfaceAddresses, InterfaceState, VrfState } from './network-state.ts'
import type { SwitchModel } from './read-switch.ts'

/** The VRFs of one switch with the interfaces that stand in them. */
export function vrfStates(
  model: SwitchModel,
  interfaces: ReadonlyMap<string, InterfaceState>,
): ReadonlyMap<string, VrfState> {
  const ports = [...interfaces.values()].filter(({ mode }) => mode === 'routed')
  const named = (vrf: string, has: (addresses: InterfaceAddresses) => boolean) =>
    ports.filter((port) => port.vrf === vrf && has(port.addresses)).map(({ name }) => name)
  return new Map(
    model.routing.vrfs.map((name) => [
      name,
      {
        name,
        routeDistinguisher: name === 'default' ? '' : (model.bgp?.vrfs.get(name)?.rd ?? ''),
        ipv4Routing: model.routing.ipv4Routing.has(name),
        ipv4OverIpv6: model.routing.ipv4OverIpv6.has(name),
        ipv6Routing: model.routing.ipv6Routing.has(name),
        multicast: model.routing.multicast.has(name),
        interfaces: named(name, (addresses) => hasIpv4(addresses) || addresses.ipv6),
        interfacesV4: named(name, hasIpv4),
        interfacesV6: named(name, ({ ipv6 }) => ipv6),
      },
    ]),
  )
}

const hasIpv4 = ({ primary, virtual, unnumbered, dhcp }: InterfaceAddresses): boolean =>
  primary !== undefined || virtual !== undefined || unnumbered !== undefined || dhcp
