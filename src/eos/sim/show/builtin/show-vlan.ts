import type { JsonObject } from '../../../../model/json.ts'
import { natural } from '../../../../model/natural-order.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { VlanState } from '../../converge/network-state.ts'
import { parseRange } from '../../converge/number-range.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { columns, wrapped } from '../format/text-format.ts'

const WIDTHS = [5, 32, 9] as const
const PORTS_WIDTH = 31

/** `show vlan`: the VLANs and the ports that carry them. */
export const showVlan = defineShow({
  words: 'show vlan [<vlans>] [brief]',
  docs: 'The VLANs with the ports that are up in them; napalm, suzieq (4.23).',
  refuse: (context, args) =>
    selected(context, args).length === 0 ? `VLAN ${args.vlans} not found in current VLAN database` : undefined,
  json: (context, args) => {
    const vlans: Record<string, JsonObject> = {}
    for (const vlan of selected(context, args)) vlans[String(vlan.id)] = vlanJson(vlan, vlan.ports)
    return { vlans, sourceDetail: '' }
  },
  text: (context, args) => {
    const ofPeer = context.state.peerPorts()
    const short = ({ id, ports }: VlanState) => [
      ...ports.map(shortName),
      ...(ofPeer.get(id) ?? []).map((port) => `P${shortName(port)}`),
    ]
    return vlanTable(selected(context, args), short)
  },
})

/** `show vlan configured-ports`: the ports that are configured for them, up or not. */
export const showVlanConfiguredPorts = defineShow({
  words: 'show vlan configured-ports',
  docs: 'The VLANs with all ports that are configured for them; the shape of show vlan.',
  json: ({ state }) => ({
    vlans: Object.fromEntries(
      [...state.vlans.values()].map((vlan) => [String(vlan.id), vlanJson(vlan, vlan.configuredPorts)]),
    ),
    sourceDetail: '',
  }),
  text: ({ state }) => vlanTable([...state.vlans.values()], (vlan) => vlan.configuredPorts.map(shortName)),
})

function selected({ state }: ShowContext, args: ShowArguments): readonly VlanState[] {
  const { vlans } = args
  if (vlans === undefined) return [...state.vlans.values()]
  const wanted = new Set(parseRange(vlans))
  return [...state.vlans.values()].filter(({ id }) => wanted.has(id))
}

function vlanJson(vlan: VlanState, ports: readonly string[]): JsonObject {
  return {
    name: vlan.name,
    dynamic: false,
    status: vlan.status,
    interfaces: Object.fromEntries(ports.map((port) => [port, { privatePromoted: false }])),
  }
}

/** A line of ports has no comma at its end (avd-lab). */
const withoutComma = (cells: readonly string[]): readonly string[] => cells.map((cell) => cell.replace(/,$/, ''))

/** The ports are in the order of their short names, `PEt1` is of the MLAG peer: `Cpu`, `Et3`, `PEt1`, `Po1`, `Vx1` (avd-lab). */
function vlanTable(vlans: readonly VlanState[], portsOf: (vlan: VlanState) => readonly string[]): string {
  const head = [
    ['VLAN', 'Name', 'Status', 'Ports'],
    ['-----', '-'.repeat(32), '-'.repeat(9), '-'.repeat(PORTS_WIDTH)],
  ]
  const rows = vlans.flatMap((vlan) => {
    const ports = portsOf(vlan).toSorted(natural)
    const [first = '', ...rest] = wrapped(ports, PORTS_WIDTH)
    const name = vlan.name.slice(0, 32)
    return [[String(vlan.id), name, vlan.status, first], ...rest.map((more) => ['', '', '', more])].map(withoutComma)
  })
  return [...head, ...rows].map((cells) => `${columns(cells, WIDTHS)}\n`).join('')
}
