import type { JsonObject } from '../../../../model/json.ts'
import { dottedMac } from '../../converge/address.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { ArpEntry, MacEntry } from '../../converge/routing-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { refuseUnknownVrf } from '../format/selection.ts'
import { clockSpan, columns, seconds } from '../format/text-format.ts'
import { virtualMac } from './show-ip-virtual-router.ts'

/** `show arp`: by VRF from the command that napalm sends, `show arp vrf all`. */
export const showArp = defineShow({
  words: 'show arp [vrf <vrf>]',
  docs: 'The other switches and the hosts on the subnets of this one; napalm get_arp_table (JSON).',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: Object.fromEntries(
      [...context.state.vrfs.keys()]
        .filter((vrf) => vrf === (args.vrf ?? 'default') || args.vrf === 'all')
        .map((vrf) => [vrf, tableJson(entries(context, vrf))] as const),
    ),
  }),
  text: arpText,
})

/** `show ip arp`: the older form, of one VRF without its name. */
export const showIpArp = defineShow({
  words: 'show ip arp [vrf <vrf>]',
  docs: 'The ARP table of one VRF; pyntc (JSON), ntc show_ip_arp (text).',
  refuse: refuseUnknownVrf,
  json: (context, args) => tableJson(entries(context, args.vrf ?? 'default')),
  text: arpText,
})

/** `show mac address-table`: the hosts that send, each heard once since the switch is up, and the MLAG peer. */
export const showMacAddressTable = defineShow({
  words: 'show mac address-table',
  docs: 'Learned MAC addresses, and the MLAG peer; suzieq, napalm get_mac_address_table (JSON), avd-lab (text of 4.26 and 4.27).',
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
    const lines = [title, '-'.repeat(66), '', head, rule, ...rows, total, '', ...NO_MULTICAST]
    return lines.map((line) => `${line}\n`).join('')
  },
})

/** From here on the shared MAC address of routers is in the table of a switch without MLAG (course); 4.27 has it not (ceos-lab). */
const SHARED_MAC_SINCE = '4.29'

/** What was learned, and the shared MAC address in VLAN 1 and in each VLAN whose SVI has a shared address and is up. */
function macsOf(context: ShowContext): readonly MacEntry[] {
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

/** Hosts speak some seconds after a switch is up. */
const LEARNED_MS = 30_000
const MAC_WIDTHS = [7, 17, 11, 10, 7] as const

/** The table of groups, which a simulated switch does not learn (avd-lab). */
const NO_MULTICAST = [
  '          Multicast Mac Address Table',
  '-'.repeat(66),
  '',
  'Vlan    Mac Address       Type        Ports',
  '----    -----------       ----        -----',
  'Total Mac Addresses for this criterion: 0',
] as const

function entries({ state }: ShowContext, vrf: string): readonly ArpEntry[] {
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

/** What EVPN has told counts as static and has no age (suzieq). */
function isTold({ port }: ArpEntry): boolean {
  return port?.startsWith('Vxlan') === true
}

/** A host of a VLAN is named with its port: `Vlan101, Port-Channel2` (ntc show_ip_arp). */
function placeOf({ interface: name, port }: ArpEntry): string {
  return port === undefined ? name : `${name}, ${port}`
}

const WIDTHS = [15, 11, 15] as const

function arpText(context: ShowContext, args: ShowArguments): string {
  const rows = entries(context, args.vrf ?? 'default').map((entry) => [
    entry.address,
    clockSpan(0).padStart(11),
    dottedMac(entry.mac),
    placeOf(entry),
  ])
  return [['Address', 'Age (sec)', 'Hardware Addr', 'Interface'], ...rows]
    .map((cells) => `${columns(cells, WIDTHS)}\n`)
    .join('')
}
