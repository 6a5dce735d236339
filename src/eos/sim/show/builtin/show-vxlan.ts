import type { JsonObject } from '../../../../model/json.ts'
import { compareAddresses } from '../../converge/address.ts'
import type { SwitchState, VxlanState } from '../../converge/network-state.ts'
import { destinations } from '../../converge/path-vector.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { columns } from '../format/text-format.ts'

/**
 * `show vxlan vni`. The VLAN that EOS allocates for a VRF does not follow from the configuration (docs/eos.md 7.1), so
 * `vniBindingsToVrf` names none.
 */
export const showVxlanVni = defineShow({
  words: 'show vxlan vni',
  docs: 'VNIs by VLAN and by VRF; anta (JSON), avd-lab (text of 4.26 and 4.27).',
  json: ({ state }) => (state.vxlan === undefined ? { vxlanIntfs: {} } : { vxlanIntfs: vniJson(state.vxlan, state) }),
  text: ({ state }) => (state.vxlan === undefined ? '' : vniText(state.vxlan, state)),
})

/** `show vxlan vtep`. */
export const showVxlanVtep = defineShow({
  words: 'show vxlan vtep',
  docs: 'The remote VTEPs; anta (JSON), avd-lab (text of 4.27).',
  json: (context) => {
    const { vxlan } = context.state
    return {
      vteps: {},
      interfaces: vxlan === undefined ? {} : { [vxlan.name]: { vteps: [...tunnels(vxlan, context).keys()] } },
    }
  },
  text: (context) => {
    const { vxlan } = context.state
    if (vxlan === undefined) return ''
    const all = tunnels(vxlan, context)
    const lines = [
      `Remote VTEPS for ${vxlan.name}:`,
      '',
      columns(['VTEP', 'Tunnel Type(s)'], [20]),
      `${'-'.repeat(20)} ${'-'.repeat(14)}`,
      ...[...all].map(([vtep, types]) => columns([vtep, types.join(', ')], [20])),
      '',
      `Total number of remote VTEPS:  ${all.size}`,
    ]
    return lines.map((line) => `${line}\n`).join('')
  },
})

/** From here on a VTEP of any prefix route of EVPN is known, whatever VRFs the switch has (avd-lab). */
const ANY_PREFIX_SINCE = '4.26'

/** The remote VTEPs in the order of their addresses, each with what goes to it: floods, packets to one address, or both. */
function tunnels(vxlan: VxlanState, { state, facts }: ShowContext): ReadonlyMap<string, readonly string[]> {
  const flood = new Set([...vxlan.floodList.values()].flat())
  const ways = [...state.routes.values()].flatMap((table) => [...table.values()].flatMap(({ vias }) => vias))
  const kinds = ['mac-ip', ...(eosAtLeast(facts.eos, ANY_PREFIX_SINCE) ? ['ip-prefix'] : [])]
  const unicast = new Set([...ways.flatMap(({ vtep }) => vtep ?? []), ...announcers(kinds, state)])
  const all = [...new Set([...flood, ...unicast])].filter((vtep) => vtep !== vxlan.sourceAddress).sort(compareAddresses)
  return new Map(
    all.map(
      (vtep) => [vtep, [...(flood.has(vtep) ? ['flood'] : []), ...(unicast.has(vtep) ? ['unicast'] : [])]] as const,
    ),
  )
}

/** Whose routes of these kinds are in use in EVPN. */
function announcers(kinds: readonly string[], { bgp }: SwitchState): readonly string[] {
  const evpn = bgp.get('default')?.evpn
  const used = evpn === undefined ? [] : destinations(evpn).flatMap((one) => one.used)
  return used.flatMap((path) =>
    path.source !== 'local' && kinds.includes(path.evpn?.kind ?? '') ? [path.nextHop] : [],
  )
}

function vniJson(vxlan: VxlanState, state: SwitchState): JsonObject {
  const bindings = [...vxlan.vlanToVni].map(([vlan, vni]) => {
    const ports = carriers(vlan, vxlan, state).map((port) => [port.name, { dot1q: port.dot1q }] as const)
    return [String(vni), { vlan, dynamicVlan: false, source: 'static', interfaces: Object.fromEntries(ports) }] as const
  })
  const vrfs = [...vxlan.vrfToVni].map(([vrfName, vni]) => [String(vni), { vrfName, source: 'evpn' }] as const)
  return { [vxlan.name]: { vniBindings: Object.fromEntries(bindings), vniBindingsToVrf: Object.fromEntries(vrfs) } }
}

interface Carrier {
  readonly name: string
  /** 0 is untagged. */
  readonly dot1q: number
}

/** The peer-link of MLAG is not among them (avd-lab). */
function carriers(vlan: number, vxlan: VxlanState, { vlans, interfaces, mlag }: SwitchState): readonly Carrier[] {
  const others = ['Cpu', vxlan.name, mlag.peerLink]
  const ports = vlans.get(vlan)?.ports.filter((port) => !others.includes(port)) ?? []
  const tagged = ports.map((name) => ({ name, dot1q: interfaces.get(name)?.vlan === vlan ? 0 : vlan }))
  return vxlan.up ? [...tagged, { name: vxlan.name, dot1q: vlan }] : tagged
}

const VNI_WIDTHS = [11, 10, 12, 19, 10] as const
const VRF_WIDTHS = [9, 10, 24, 12] as const

const ruler = (widths: readonly number[]): string => widths.map((width) => '-'.repeat(width)).join(' ')

function vniText(vxlan: VxlanState, state: SwitchState): string {
  const rows = [...vxlan.vlanToVni].flatMap(([vlan, vni]) =>
    carriers(vlan, vxlan, state).map((port, at) => {
      const tag = port.dot1q === 0 ? 'untagged' : String(port.dot1q)
      const lead = at === 0 ? [String(vni), String(vlan), 'static'] : ['', '', '']
      return columns([...lead, port.name, tag], VNI_WIDTHS)
    }),
  )
  const vrfs = [...vxlan.vrfToVni]
    .toSorted(([, a], [, b]) => a - b)
    .map(([vrf, vni]) => columns([String(vni), '', vrf, 'evpn'], VRF_WIDTHS))
  const lines = [
    `VNI to VLAN Mapping for ${vxlan.name}`,
    columns(['VNI', 'VLAN', 'Source', 'Interface', '802.1Q Tag'], VNI_WIDTHS),
    ruler(VNI_WIDTHS),
    ...rows,
    '',
    `VNI to dynamic VLAN Mapping for ${vxlan.name}`,
    columns(['VNI', 'VLAN', 'VRF', 'Source'], VRF_WIDTHS),
    ruler(VRF_WIDTHS),
    ...vrfs,
  ]
  return lines.map((line) => `${line}\n`).join('')
}
