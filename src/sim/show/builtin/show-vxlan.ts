import type { JsonObject } from '../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { SwitchState, VxlanState } from '../../converge/network-state.ts'
import { defineShow } from '../define.ts'
import { columns } from '../text-format.ts'

/**
 * `show vxlan vni`. The VLAN that EOS allocates for a VRF does not follow from the configuration (docs/eos.md 7.1), so
 * `vniBindingsToVrf` names none.
 */
export const showVxlanVni = defineShow({
  words: 'show vxlan vni',
  docs: 'VNIs by VLAN and by VRF; anta (JSON).',
  json: ({ state }) => (state.vxlan === undefined ? { vxlanIntfs: {} } : { vxlanIntfs: vniJson(state.vxlan, state) }),
  text: ({ state }) => (state.vxlan === undefined ? '' : vniText(state.vxlan, state)),
})

/** `show vxlan vtep`. */
export const showVxlanVtep = defineShow({
  words: 'show vxlan vtep',
  docs: 'The remote VTEPs; anta (JSON), avd-lab (text of 4.27).',
  json: ({ state: { vxlan } }) => ({
    vteps: {},
    interfaces: vxlan === undefined ? {} : { [vxlan.name]: { vteps: vxlan.vteps } },
  }),
  text: ({ state: { vxlan } }) => {
    if (vxlan === undefined) return ''
    const rows = vxlan.vteps.map((vtep) => columns([vtep, 'flood, unicast'], [20]))
    const head = [
      `Remote VTEPS for ${vxlan.name}:`,
      '',
      columns(['VTEP', 'Tunnel Type(s)'], [20]),
      `${'-'.repeat(20)} ${'-'.repeat(14)}`,
    ]
    return [...head, ...rows, '', `Total number of remote VTEPS:  ${vxlan.vteps.length}`]
      .map((line) => `${line}\n`)
      .join('')
  },
})

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

function carriers(vlan: number, vxlan: VxlanState, { vlans, interfaces }: SwitchState): readonly Carrier[] {
  const ports = vlans.get(vlan)?.ports.filter((port) => port !== 'Cpu' && port !== vxlan.name) ?? []
  const tagged = ports.map((name) => ({ name, dot1q: interfaces.get(name)?.vlan === vlan ? 0 : vlan }))
  return vxlan.up ? [...tagged, { name: vxlan.name, dot1q: vlan }] : tagged
}

const VNI_WIDTHS = [11, 10, 12, 22, 10] as const
const VRF_WIDTHS = [11, 10, 12] as const

function vniText(vxlan: VxlanState, state: SwitchState): string {
  const rows = [...vxlan.vlanToVni].flatMap(([vlan, vni]) =>
    carriers(vlan, vxlan, state).map((port, at) => {
      const tag = port.dot1q === 0 ? 'untagged' : String(port.dot1q)
      const lead = at === 0 ? [String(vni), String(vlan), 'static'] : ['', '', '']
      return columns([...lead, shortName(port.name), tag], VNI_WIDTHS)
    }),
  )
  const vrfs = [...vxlan.vrfToVni].map(([vrf, vni]) => columns([String(vni), vrf, 'evpn'], VRF_WIDTHS))
  const lines = [
    `VNI to VLAN Mapping for ${vxlan.name}`,
    columns(['VNI', 'VLAN', 'Source', 'Interface', '802.1Q Tag'], VNI_WIDTHS),
    ...rows,
    '',
    `VNI to VRF Mapping for ${vxlan.name}`,
    columns(['VNI', 'VRF', 'Source'], VRF_WIDTHS),
    ...vrfs,
  ]
  return lines.map((line) => `${line}\n`).join('')
}
