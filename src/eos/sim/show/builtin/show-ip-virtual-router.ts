import type { JsonObject } from '../../../../model/json.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { columns } from '../format/text-format.ts'

/** 4.23 has one MAC address (suzieq), what ANTA reads has a list. */
const MACS_SINCE = '4.24'

/** `show ip virtual-router`: the shared MAC address and the interfaces with a shared address. */
export const showIpVirtualRouter = defineShow({
  words: 'show ip virtual-router [vrf <vrf>]',
  docs: 'Addresses that several switches share; suzieq (4.23), the keys that ANTA reads, and AVD expects.',
  json: (context, args) => {
    const mac = virtualMac(context)
    const virtualRouters = sharing(context, args.vrf).map(routerJson)
    if (!eosAtLeast(context.facts.eos, MACS_SINCE)) {
      return { virtualMac: mac ?? '00:00:00:00:00:00', virtualRouters, advertiseInterval: 30 }
    }
    const virtualMacs = mac === undefined ? [] : [{ macAddress: mac, macType: 'varp' }]
    return { virtualMacs, virtualRouters, virtualIpAddrMacAdvInterval: 30 }
  },
  text: (context, args) => {
    const rows = sharing(context, args.vrf).flatMap((port) =>
      port.virtualRouter.map((address) => [port.name, port.vrf, address, 'U']),
    )
    const head = [
      `IP virtual router is configured with MAC address: ${virtualMac(context) ?? 'none'}`,
      'IP virtual router address subnet routes not enabled',
      '',
    ]
    const table = [['Interface', 'Vrf', 'Virtual IP Address', 'Protocol'], ...rows]
    return [...head, ...table.map((cells) => columns(cells, [15, 15, 19]))].map((line) => `${line}\n`).join('')
  },
})

/** The MAC address of `ip virtual-router mac-address`. */
export function virtualMac({ running }: ShowContext): string | undefined {
  const line = running.children.find((node) => node.line.startsWith('ip virtual-router mac-address '))?.line
  return line?.split(' ')[3]
}

function sharing({ state }: ShowContext, vrf: string | undefined): readonly InterfaceState[] {
  return [...state.interfaces.values()].filter(
    (port) =>
      port.kind === 'vlan' &&
      (port.virtualRouter.length > 0 || port.addresses.virtual !== undefined) &&
      (vrf === 'all' || port.vrf === (vrf ?? 'default')),
  )
}

function routerJson(port: InterfaceState): JsonObject {
  const { primary, virtual, virtualSecondary } = port.addresses
  const shared = [...port.virtualRouter, ...[virtual, ...virtualSecondary].flatMap((one) => one?.address ?? [])]
  return {
    interface: port.name,
    vrfName: port.vrf,
    interfaceStatus: port.lineProtocol === 'up' ? 'up' : 'down',
    state: port.lineProtocol === 'up' ? 'up' : 'down',
    primaryIp: { address: primary?.address ?? '0.0.0.0', maskLen: primary?.maskLen ?? 0 },
    virtualIps: shared.map((ip) => ({ ip, mask: 32 })),
  }
}
