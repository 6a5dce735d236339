import type { JsonObject } from '../../../../model/json.ts'
import { linkLocal } from '../../converge/link-local.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import { globalAddresses } from '../format/address-json.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { macOf } from '../format/interface-facts.ts'

/** `show ipv6 interface`: the interfaces that speak IPv6. */
export const showIpv6Interface = defineShow({
  words: 'show ipv6 interface',
  docs: 'IPv6 addresses, configured and link-local; napalm get_interfaces_ip (JSON; `linkLocal` as napalm reads it).',
  json: (context) => ({
    interfaces: Object.fromEntries(
      [...context.state.interfaces.values()]
        .filter(({ mode, addresses }) => mode === 'routed' && addresses.ipv6)
        .map((state) => [state.name, interfaceJson(state, context)] as const),
    ),
  }),
})

function interfaceJson(state: InterfaceState, { facts }: ShowContext): JsonObject {
  const flags = { active: state.lineProtocol === 'up', dadfailed: false }
  const own = { address: linkLocal(macOf(state, facts)), subnet: 'fe80::/64', ...flags }
  return {
    name: state.name,
    vrf: state.vrf,
    state: 'enabled',
    interfaceStatus: state.status,
    lineProtocolStatus: state.lineProtocol,
    urpf: 'disable',
    urpfV4V6Mismatch: false,
    autoConfigStatus: 'stateless',
    dadStatus: 'unsupported',
    dadAttempts: 1,
    ...(state.kind === 'loopback' ? {} : { linkLocal: own }),
    addresses: globalAddresses(state.addresses.ipv6Addresses, flags),
  }
}
