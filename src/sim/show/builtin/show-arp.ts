import type { JsonObject } from '../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { ArpEntry } from '../../converge/routing-state.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../define.ts'
import { refuseUnknownVrf } from '../selection.ts'
import { clockSpan, columns, dottedMac } from '../text-format.ts'

/** `show arp`: by VRF from the command that napalm sends, `show arp vrf all`. */
export const showArp = defineShow({
  words: 'show arp [vrf <vrf>]',
  docs: 'The other switches on the subnets of this one; napalm get_arp_table (JSON).',
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

/** `show mac address-table`: no host sends, so no address is learned. */
export const showMacAddressTable = defineShow({
  words: 'show mac address-table',
  docs: 'Learned MAC addresses, of which there are none; napalm get_mac_address_table (JSON).',
  json: () => ({
    unicastTable: { tableEntries: [] },
    multicastTable: { tableEntries: [] },
    disabledMacLearningVlans: [],
  }),
  text: () => 'Mac Address Table\nTotal Mac Addresses for this criterion: 0\n',
})

function entries({ state }: ShowContext, vrf: string): readonly ArpEntry[] {
  return state.arp.filter((entry) => vrf === 'all' || entry.vrf === vrf)
}

function tableJson(shown: readonly ArpEntry[]): JsonObject {
  return {
    dynamicEntries: shown.length,
    staticEntries: 0,
    notLearnedEntries: 0,
    totalEntries: shown.length,
    ipV4Neighbors: shown.map(({ address, mac, interface: name }) => ({
      hwAddress: dottedMac(mac),
      address,
      interface: name,
      age: 0,
    })),
  }
}

const WIDTHS = [15, 11, 15] as const

function arpText(context: ShowContext, args: ShowArguments): string {
  const rows = entries(context, args.vrf ?? 'default').map(({ address, mac, interface: name }) => [
    address,
    clockSpan(0).padStart(11),
    dottedMac(mac),
    name.startsWith('Vlan') ? name : shortName(name).replace('Et', 'Ethernet'),
  ])
  return [['Address', 'Age (sec)', 'Hardware Addr', 'Interface'], ...rows]
    .map((cells) => `${columns(cells, WIDTHS)}\n`)
    .join('')
}
