import { definedItems, definedMembers, type JsonObject } from '../../../../model/json.ts'
import { type ConfigTree, childAt, hasChild, restOf } from '../../../config/text/tree.ts'
import { dottedMac } from '../../converge/address.ts'
import { shortName } from '../../converge/interface-name.ts'
import { linkLocal } from '../../converge/link-local.ts'
import type { ArpEntry, InterfaceAddress, InterfaceState } from '../../converge/network-state.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import {
  addressesJson,
  clockSpan,
  columns,
  globalAddresses,
  interfaceShow,
  macOf,
  objectOf,
  printedTable,
  refuseUnknownVrf,
  type ShowArguments,
  type ShowCommand,
  type ShowContext,
  seconds,
  selectedVrfs,
} from '../format/define.ts'
import { lineProtocolText } from '../format/interface-text.ts'

/** The commands of this subject. */
export const ADDRESSES_COMMANDS: readonly ShowCommand[] = [
  // Which kinds of routing are on; ANTA recordings (revision 1).
  {
    words: 'show ip',
    json: ({ running }) => ({
      v4RoutingEnabled: hasChild(running, 'ip routing') || hasChild(running, 'ip routing ipv6 interfaces'),
      v6RoutingEnabled: hasChild(running, 'ipv6 unicast-routing'),
      v6IntfForwarding: hasChild(running, 'ip routing ipv6 interfaces'),
      vrrpIntfs: 0,
      v4uRpfState: 'disabled',
      v6uRpfState: 'disabled',
      multicastRouting: {
        ipMulticastEnabled: routesMulticast(running, 'ipv4'),
        ip6MulticastEnabled: routesMulticast(running, 'ipv6'),
      },
      v6EcmpInfo: { v6EcmpRouteSupport: true },
    }),
  },
  // Addresses of the routed interfaces in full; napalm get_interfaces_ip, pyeapi ipinterfaces.
  interfaceShow({
    words: 'show ip interface [<interface>]',
    of: isAddressed,
    json: ipInterfaceInterfaceJson,
    text: (states) => states.map(interfaceText).join(''),
  }),
  // Addresses and state of the routed interfaces; anta, ntc show_ip_interface_brief, avd-lab (text of 4.27).
  interfaceShow({
    words: 'show ip interface [<interface>] brief',
    of: isRouted,
    json: briefJson,
    text: (states, context) => {
      const owned = eosAtLeast(context.facts.eos, OWNED_SINCE)
      const rows = states.map((state) => {
        const address = shownAddress(state)
        return definedItems(
          state.name,
          address === undefined ? 'unassigned' : `${address.address}/${address.maskLen}`,
          state.status === 'disabled' ? 'admin down' : state.lineProtocol === 'up' ? 'up' : 'down',
          lineProtocolText(state.lineProtocol),
          String(state.mtu).padStart(owned ? 7 : 5),
          owned && ownerOf(state),
        )
      })
      if (owned) return printedLines([...OWNED_HEAD, ...rows.map((cells) => columns(cells, [15, 20, 10, 12, 7]))])
      return printedTable([['Interface', 'IP Address', 'Status', 'Protocol', '  MTU'], ...rows], [22, 18, 10, 14])
    },
  }),
  // IPv6 addresses, configured and link-local; napalm get_interfaces_ip (JSON; `linkLocal` as napalm reads it).
  {
    words: 'show ipv6 interface',
    json: (context) => ({
      interfaces: Object.fromEntries(
        [...context.state.interfaces.values()]
          .filter(({ mode, addresses }) => mode === 'routed' && addresses.ipv6)
          .map((state) => [state.name, ipv6InterfaceInterfaceJson(state, context)] as const),
      ),
    }),
  },
  // Addresses that several switches share; suzieq (4.23), the keys that ANTA reads, and AVD expects. The shared MAC address and the interfaces
  // with a shared address.
  {
    words: 'show ip virtual-router [vrf <vrf>]',
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
      return printedLines([...head, ...table.map((cells) => columns(cells, [15, 15, 19]))])
    },
  },
  // The other switches and the hosts on the subnets of this one; napalm get_arp_table (JSON). By VRF from the command that napalm sends, `show
  // arp vrf all`.
  {
    words: 'show arp [vrf <vrf>]',
    refuse: refuseUnknownVrf,
    json: (context, args) => ({
      vrfs: objectOf(selectedVrfs(context.state.vrfs, args), ([vrf]) => [vrf, tableJson(entries(context, vrf))]),
    }),
    text: arpText,
  },
  // The ARP table of one VRF; pyntc (JSON), ntc show_ip_arp (text). The older form, of one VRF without its name.
  {
    words: 'show ip arp [vrf <vrf>]',
    refuse: refuseUnknownVrf,
    json: (context, args) => tableJson(entries(context, args.vrf ?? 'default')),
    text: arpText,
  },
  // Learned MAC addresses, and the MLAG peer; suzieq, napalm get_mac_address_table (JSON), avd-lab (text of 4.26 and 4.27). The hosts that send,
  // each heard once since the switch is up, and the MLAG peer.
  {
    words: 'show mac address-table',
    json: (context) => ({
      unicastTable: {
        tableEntries: macsOf(context).map(({ vlan, mac, interface: name, type }) => ({
          vlanId: vlan,
          macAddress: mac,
          interface: name,
          entryType: type,
          ...(type === 'static' ? {} : { moves: 1, lastMove: seconds(context.bootedAt + LEARNED_MS) }),
        })),
      },
      multicastTable: { tableEntries: [] },
      disabledMacLearningVlans: [],
    }),
    text: (context) => {
      const since = `${clockSpan(Math.max(0, context.now - context.bootedAt - LEARNED_MS))} ago`
      const rows = macsOf(context).map(({ vlan, mac, interface: name, type }) => {
        const cells = [String(vlan).padStart(4), dottedMac(mac), type.toUpperCase(), shortName(name)]
        return columns(type === 'static' ? cells : [...cells, '1', since], MAC_WIDTHS)
      })
      const head = columns(['Vlan', 'Mac Address', 'Type', 'Ports', 'Moves', 'Last Move'], MAC_WIDTHS)
      const rule = columns(['----', '-----------', '----', '-----', '-----', '---------'], MAC_WIDTHS)
      const total = `Total Mac Addresses for this criterion: ${rows.length}`
      const title = '          Mac Address Table'
      return printedLines([title, '-'.repeat(66), '', head, rule, ...rows, total, '', ...NO_MULTICAST])
    },
  },
]

function routesMulticast(running: ConfigTree, family: 'ipv4' | 'ipv6') {
  return hasChild(childAt(childAt(running, 'router multicast'), family), 'routing')
}

// `addresslessForwarding` is in napalm's recording and not in pyeapi's older one; where it came is not known.
const ADDRESSLESS_SINCE = '4.20'

function isAddressed(state: InterfaceState) {
  const { primary, virtual, unnumbered, dhcp } = state.addresses
  return isRouted(state) && (primary ?? virtual ?? unnumbered ?? (dhcp || undefined)) !== undefined
}

function ipInterfaceInterfaceJson(state: InterfaceState, { facts }: ShowContext): JsonObject {
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

function interfaceText(state: InterfaceState) {
  const { primary, secondary, virtual } = state.addresses
  const admin = state.status === 'disabled' ? 'administratively down' : state.lineProtocol === 'up' ? 'up' : 'down'
  const shown = (one: InterfaceAddress) => `${one.address}/${one.maskLen}`
  return printedLines(
    definedItems(
      `${state.name} is ${admin}, line protocol is ${lineProtocolText(state.lineProtocol)} (${state.status})`,
      state.description !== '' && `  Description: ${state.description}`,
      primary !== undefined && `  Internet address is ${shown(primary)}`,
      ...secondary.map((one) => `  Secondary address is ${shown(one)}`),
      virtual !== undefined && `  Internet address is virtual ${shown(virtual)}`,
      '  Broadcast address is 255.255.255.255',
      '  IPv6 Interface Forwarding : None',
      '  Proxy-ARP is disabled',
      '  Local Proxy-ARP is disabled',
      '  Gratuitous ARP is ignored',
      `  IP MTU ${state.mtu} bytes${state.mtuConfigured ? '' : ' (default)'}`,
      state.vrf !== 'default' && `  VPN Routing/Forwarding "${state.vrf}"`,
    ),
  )
}

// From here on the table has rules, and a column for who owns a borrowed address (recorded on 4.24; avd-lab).
const OWNED_SINCE = '4.24'
const OWNED_HEAD = [
  `${' '.repeat(72)}Address`,
  'Interface       IP Address           Status     Protocol         MTU    Owner',
  '--------------- -------------------- ---------- ------------ ---------- -------',
]

function ownerOf({ addresses: { unnumbered } }: InterfaceState) {
  return unnumbered === undefined ? '' : shortName(unnumbered)
}

function isRouted({ mode, kind }: InterfaceState) {
  return mode === 'routed' && kind !== 'vxlan'
}

function shownAddress({ addresses }: InterfaceState) {
  return addresses.primary ?? addresses.virtual
}

function briefJson(state: InterfaceState): JsonObject {
  const { unnumbered } = state.addresses
  const address = shownAddress(state)
  return {
    name: state.name,
    interfaceStatus: state.status,
    lineProtocolStatus: state.lineProtocol,
    mtu: state.mtu,
    ipv4Routable240: false,
    interfaceAddress: {
      ipAddr: { address: address?.address ?? '0.0.0.0', maskLen: address?.maskLen ?? 0 },
      ...definedMembers({ unnumberedIntf: unnumbered }),
    },
  }
}

function ipv6InterfaceInterfaceJson(state: InterfaceState, { facts }: ShowContext): JsonObject {
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

// 4.23 has one MAC address (suzieq), what ANTA reads has a list.
const MACS_SINCE = '4.24'

function virtualMac({ running }: ShowContext) {
  return restOf(running.children, 'ip virtual-router mac-address ')?.split(' ')[0]
}

function sharing({ state }: ShowContext, vrf: string | undefined) {
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

// From here on the shared MAC address of routers is in the table of a switch without MLAG (course); 4.27 has it not (ceos-lab).
const SHARED_MAC_SINCE = '4.29'

function macsOf(context: ShowContext) {
  const { state, facts } = context
  const mac = virtualMac(context)
  if (mac === undefined || state.mlag.peerLink !== '' || !eosAtLeast(facts.eos, SHARED_MAC_SINCE)) return state.macs
  const shared = [...state.interfaces.values()].filter(
    ({ kind, lineProtocol, addresses }) => kind === 'vlan' && lineProtocol === 'up' && addresses.virtual !== undefined,
  )
  const vlans = shared.length === 0 ? [] : [1, ...shared.map(({ name }) => Number(name.slice('Vlan'.length)))]
  const own = [...new Set(vlans)].map((vlan) => ({ vlan, mac, interface: 'Cpu', type: 'static' as const }))
  return [...own, ...state.macs].sort((a, b) => a.vlan - b.vlan || (a.mac < b.mac ? -1 : 1))
}

// Hosts speak some seconds after a switch is up.
const LEARNED_MS = 30_000
const MAC_WIDTHS = [7, 17, 11, 10, 7] as const

const NO_MULTICAST = [
  '          Multicast Mac Address Table',
  '-'.repeat(66),
  '',
  'Vlan    Mac Address       Type        Ports',
  '----    -----------       ----        -----',
  'Total Mac Addresses for this criterion: 0',
] as const

function entries({ state }: ShowContext, vrf: string) {
  return state.arp.filter((entry) => vrf === 'all' || entry.vrf === vrf)
}

function tableJson(shown: readonly ArpEntry[]): JsonObject {
  const told = shown.filter(isTold).length
  return {
    dynamicEntries: shown.length - told,
    staticEntries: told,
    notLearnedEntries: 0,
    totalEntries: shown.length,
    ipV4Neighbors: shown.map((entry) => ({
      hwAddress: dottedMac(entry.mac),
      address: entry.address,
      interface: placeOf(entry),
      ...(isTold(entry) ? {} : { age: 0 }),
    })),
  }
}

function isTold({ port }: ArpEntry) {
  return port?.startsWith('Vxlan') === true
}

function placeOf({ interface: name, port }: ArpEntry) {
  return port === undefined ? name : `${name}, ${port}`
}

function arpText(context: ShowContext, args: ShowArguments) {
  const rows = entries(context, args.vrf ?? 'default').map((entry) => [
    entry.address,
    clockSpan(0).padStart(11),
    dottedMac(entry.mac),
    placeOf(entry),
  ])
  return printedTable([['Address', 'Age (sec)', 'Hardware Addr', 'Interface'], ...rows], [15, 11, 15])
}
