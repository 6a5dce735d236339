import type { JsonObject } from '../../../../model/json.ts'
import type { InterfaceAddress, InterfaceState } from '../../converge/network-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { addressesJson } from '../format/address-json.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { lineProtocolText } from '../format/interface-text.ts'
import { refuseUnknownInterface, selectedInterfaces } from '../format/selection.ts'

/** `addresslessForwarding` is in napalm's recording and not in pyeapi's older one; where it came is not known. */
const ADDRESSLESS_SINCE = '4.20'

/** `show ip interface`: the interfaces with an IPv4 address. */
export const showIpInterface = defineShow({
  words: 'show ip interface [<interface>]',
  docs: 'Addresses of the routed interfaces in full; napalm get_interfaces_ip, pyeapi ipinterfaces.',
  refuse: refuseUnknownInterface,
  json: (context, args) => {
    const interfaces: Record<string, JsonObject> = {}
    for (const state of addressed(selectedInterfaces(context, args))) {
      interfaces[state.name] = interfaceJson(state, context)
    }
    return { interfaces }
  },
  text: (context, args) => addressed(selectedInterfaces(context, args)).map(interfaceText).join(''),
})

function addressed(states: readonly InterfaceState[] = []): readonly InterfaceState[] {
  return states.filter(
    ({ mode, kind, addresses: { primary, virtual, unnumbered, dhcp } }) =>
      mode === 'routed' && kind !== 'vxlan' && (primary ?? virtual ?? unnumbered ?? (dhcp || undefined)) !== undefined,
  )
}

function interfaceJson(state: InterfaceState, { facts }: ShowContext): JsonObject {
  return {
    name: state.name,
    description: state.description,
    interfaceStatus: state.status,
    lineProtocolStatus: state.lineProtocol,
    enabled: state.status !== 'disabled',
    mtu: state.mtu,
    vrf: state.vrf,
    proxyArp: false,
    localProxyArp: false,
    gratuitousArp: false,
    urpf: 'disable',
    ...(eosAtLeast(facts.eos, ADDRESSLESS_SINCE) ? { addresslessForwarding: 'isInvalid' } : {}),
    interfaceAddress: addressesJson(state.addresses),
  }
}

function interfaceText(state: InterfaceState): string {
  const { primary, secondary, virtual } = state.addresses
  const admin = state.status === 'disabled' ? 'administratively down' : state.lineProtocol === 'up' ? 'up' : 'down'
  const shown = (one: InterfaceAddress) => `${one.address}/${one.maskLen}`
  const lines = [
    `${state.name} is ${admin}, line protocol is ${lineProtocolText(state.lineProtocol)} (${state.status})`,
    ...(state.description === '' ? [] : [`  Description: ${state.description}`]),
    ...(primary === undefined ? [] : [`  Internet address is ${shown(primary)}`]),
    ...secondary.map((one) => `  Secondary address is ${shown(one)}`),
    ...(virtual === undefined ? [] : [`  Internet address is virtual ${shown(virtual)}`]),
    '  Broadcast address is 255.255.255.255',
    '  IPv6 Interface Forwarding : None',
    '  Proxy-ARP is disabled',
    '  Local Proxy-ARP is disabled',
    '  Gratuitous ARP is ignored',
    `  IP MTU ${state.mtu} bytes${state.mtuConfigured ? '' : ' (default)'}`,
    ...(state.vrf === 'default' ? [] : [`  VPN Routing/Forwarding "${state.vrf}"`]),
  ]
  return lines.map((line) => `${line}\n`).join('')
}
