import type { JsonObject } from '../../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { InterfaceAddress, InterfaceState } from '../../converge/network-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow } from '../format/define.ts'
import { lineProtocolText } from '../format/interface-text.ts'
import { refuseUnknownInterface, selectedInterfaces } from '../format/selection.ts'
import { columns } from '../format/text-format.ts'

const WIDTHS = [22, 18, 10, 14] as const

/** From here on the table has rules, and a column for who owns a borrowed address (recorded on 4.24; avd-lab). */
const OWNED_SINCE = '4.24'
const OWNED_WIDTHS = [15, 20, 10, 12, 7] as const
const OWNED_HEAD = [
  `${' '.repeat(72)}Address`,
  'Interface       IP Address           Status     Protocol         MTU    Owner',
  '--------------- -------------------- ---------- ------------ ---------- -------',
]

/** `show ip interface brief`: the routed interfaces. */
export const showIpInterfaceBrief = defineShow({
  words: 'show ip interface [<interface>] brief',
  docs: 'Addresses and state of the routed interfaces; anta, ntc show_ip_interface_brief, avd-lab (text of 4.27).',
  refuse: refuseUnknownInterface,
  json: (context, args) => {
    const interfaces: Record<string, JsonObject> = {}
    for (const state of routed(selectedInterfaces(context, args))) interfaces[state.name] = briefJson(state)
    return { interfaces }
  },
  text: (context, args) => {
    const owned = eosAtLeast(context.facts.eos, OWNED_SINCE)
    const rows = routed(selectedInterfaces(context, args)).map((state) => {
      const address = shownAddress(state)
      return [
        state.name,
        address === undefined ? 'unassigned' : `${address.address}/${address.maskLen}`,
        state.status === 'disabled' ? 'admin down' : state.lineProtocol === 'up' ? 'up' : 'down',
        lineProtocolText(state.lineProtocol),
        String(state.mtu).padStart(owned ? 7 : 5),
        ...(owned ? [ownerOf(state)] : []),
      ]
    })
    if (owned)
      return [...OWNED_HEAD, ...rows.map((cells) => columns(cells, OWNED_WIDTHS))].map((line) => `${line}\n`).join('')
    return [['Interface', 'IP Address', 'Status', 'Protocol', '  MTU'], ...rows]
      .map((cells) => `${columns(cells, WIDTHS)}\n`)
      .join('')
  },
})

/** The interface whose address an unnumbered one has, by its short name. */
function ownerOf({ addresses: { unnumbered } }: InterfaceState): string {
  return unnumbered === undefined ? '' : shortName(unnumbered)
}

function routed(states: readonly InterfaceState[] = []): readonly InterfaceState[] {
  return states.filter(({ mode, kind }) => mode === 'routed' && kind !== 'vxlan')
}

function shownAddress({ addresses }: InterfaceState): InterfaceAddress | undefined {
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
      ...(unnumbered === undefined ? {} : { unnumberedIntf: unnumbered }),
    },
  }
}
