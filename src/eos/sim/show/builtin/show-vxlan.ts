import { definedItems, type JsonObject } from '../../../../model/json.ts'
import { compareAddresses } from '../../converge/address.ts'
import type { SwitchState, VxlanState } from '../../converge/network-state.ts'
import { destinations } from '../../converge/path-vector.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import { columns, type ShowCommand, type ShowContext } from '../format/define.ts'

/** The commands of this subject. */
export const VXLAN_COMMANDS: readonly ShowCommand[] = [
  // Whether VXLAN is configured soundly; anta. No categories without VXLAN (ANTA); with it the checks of the recording.
  {
    words: 'show vxlan config-sanity [detail]',
    json: (context) => ({ categories: context.state.vxlan === undefined ? {} : categories(context) }),
    text: (context) => {
      if (context.state.vxlan === undefined) return ''
      const rows = Object.values(categories(context)).flatMap(({ description, allCheckPass, items }) => [
        row(description, allCheckPass, ''),
        ...items.map(({ name, checkPass, detail }) => row(`  ${name}`, checkPass, detail)),
      ])
      const head = [
        'Category                            Result  Detail',
        `${'-'.repeat(34)}  ------  ${'-'.repeat(48)}`,
      ]
      return [...head, ...rows].map((line) => `${line.trimEnd()}\n`).join('')
    },
  },
  // VNIs by VLAN and by VRF; anta (JSON), avd-lab (text of 4.26 and 4.27). The VLAN that EOS allocates for a VRF does not follow from the
  // configuration (docs/eos.md 7.1), so `vniBindingsToVrf` names none.
  {
    words: 'show vxlan vni',
    json: ({ state }) =>
      state.vxlan === undefined ? { vxlanIntfs: {} } : { vxlanIntfs: vxlanVniJson(state.vxlan, state) },
    text: ({ state }) => (state.vxlan === undefined ? '' : vxlanVniText(state.vxlan, state)),
  },
  // The remote VTEPs; anta (JSON), avd-lab (text of 4.27).
  {
    words: 'show vxlan vtep',
    json: (context) => {
      const { vxlan } = context.state
      return {
        vteps: {},
        interfaces: vxlan === undefined ? {} : { [vxlan.name]: { vteps: [...vxlanTunnels(vxlan, context).keys()] } },
      }
    },
    text: (context) => {
      const { vxlan } = context.state
      if (vxlan === undefined) return ''
      const all = vxlanTunnels(vxlan, context)
      return printedLines([
        `Remote VTEPS for ${vxlan.name}:`,
        '',
        columns(['VTEP', 'Tunnel Type(s)'], [20]),
        `${'-'.repeat(20)} ${'-'.repeat(14)}`,
        ...[...all].map(([vtep, types]) => columns([vtep, types.join(', ')], [20])),
        '',
        `Total number of remote VTEPS:  ${all.size}`,
      ])
    },
  },
]

function row(label: string, pass: boolean, detail: string) {
  return `${label.padEnd(36)}${(pass ? 'OK' : 'FAIL').padEnd(8)}${detail}`
}

interface Check extends JsonObject {
  readonly name: string
  readonly checkPass: boolean
  readonly hasWarning: boolean
  readonly detail: string
}

interface Category extends JsonObject {
  readonly description: string
  readonly allCheckPass: boolean
  readonly detail: string
  readonly hasWarning: boolean
  readonly items: readonly Check[]
}

function check(name: string, pass: boolean, detail = ''): Check {
  return { name, checkPass: pass, hasWarning: false, detail: pass ? '' : detail }
}

function category(description: string, items: readonly Check[]): Category {
  return { description, allCheckPass: items.every(({ checkPass }) => checkPass), detail: '', hasWarning: false, items }
}

function categories({ state, running }: ShowContext): Readonly<Record<string, Category>> {
  const { vxlan, vlans, mlag, vrfs } = state
  const missing = [...(vxlan?.vlanToVni.keys() ?? [])].filter((vlan) => !vlans.has(vlan))
  const routed = [...(vxlan?.vrfToVni.keys() ?? [])].every((vrf) => vrfs.get(vrf)?.ipv4Routing === true)
  const mac = running.children.some(({ line }) => line.startsWith('ip virtual-router mac-address '))
  return {
    localVtep: category('Local VTEP Configuration Check', [
      check(
        'Loopback IP Address',
        vxlan?.sourceAddress !== '0.0.0.0',
        'No IP address is configured on the source interface',
      ),
      check('VLAN-VNI Map', missing.length === 0, `No VLAN exists for: ${missing.join(',')}`),
      check('Flood List', true),
      check('Routing', routed, 'Routing is disabled in a VRF with a VNI'),
      check('VNI VRF ACL', true),
      check('VRF-VNI Dynamic VLAN', true),
      check('Decap VRF-VNI Map', true),
    ]),
    remoteVtep: category('Remote VTEP Configuration Check', [
      check(
        'Remote VTEP',
        vxlan?.vteps.every((vtep) => state.reaches('default', vtep)) ?? true,
        'A remote VTEP is not reachable',
      ),
    ]),
    pd: category('Platform Dependent Check', [
      check('VXLAN Bridging', true),
      check('VXLAN Routing', vxlan?.vrfToVni.size === 0 || mac, 'Virtual MAC is not configured'),
    ]),
    cvx: category('CVX Configuration Check', [check('CVX Server', true)]),
    mlag: category('MLAG Configuration Check', [
      check('Peer VTEP IP', mlag.state !== 'inactive', 'The MLAG peer is not connected'),
      check('MLAG VTEP IP', true),
      check('Peer VLAN-VNI', true),
      check('Virtual VTEP IP', true),
    ]),
  }
}

const VXLAN_ANY_PREFIX_SINCE = '4.26'

function vxlanTunnels(vxlan: VxlanState, { state, facts }: ShowContext): ReadonlyMap<string, readonly string[]> {
  const flood = new Set([...vxlan.floodList.values()].flat())
  const ways = [...state.routes.values()].flatMap((table) => [...table.values()].flatMap(({ vias }) => vias))
  const kinds = definedItems('mac-ip', eosAtLeast(facts.eos, VXLAN_ANY_PREFIX_SINCE) && 'ip-prefix')
  const unicast = new Set([...ways.flatMap(({ vtep }) => vtep ?? []), ...vxlanAnnouncers(kinds, state)])
  const all = [...new Set([...flood, ...unicast])].filter((vtep) => vtep !== vxlan.sourceAddress).sort(compareAddresses)
  return new Map(
    all.map((vtep) => [vtep, definedItems(flood.has(vtep) && 'flood', unicast.has(vtep) && 'unicast')] as const),
  )
}

function vxlanAnnouncers(kinds: readonly string[], { bgp }: SwitchState) {
  const evpn = bgp.get('default')?.evpn
  const used = evpn === undefined ? [] : destinations(evpn).flatMap((one) => one.used)
  return used.flatMap((path) =>
    path.source !== 'local' && kinds.includes(path.evpn?.kind ?? '') ? [path.nextHop] : [],
  )
}

function vxlanVniJson(vxlan: VxlanState, state: SwitchState): JsonObject {
  const bindings = [...vxlan.vlanToVni].map(([vlan, vni]) => {
    const ports = vxlanCarriers(vlan, vxlan, state).map((port) => [port.name, { dot1q: port.dot1q }] as const)
    return [String(vni), { vlan, dynamicVlan: false, source: 'static', interfaces: Object.fromEntries(ports) }] as const
  })
  const vrfs = [...vxlan.vrfToVni].map(([vrfName, vni]) => [String(vni), { vrfName, source: 'evpn' }] as const)
  return { [vxlan.name]: { vniBindings: Object.fromEntries(bindings), vniBindingsToVrf: Object.fromEntries(vrfs) } }
}

function vxlanCarriers(vlan: number, vxlan: VxlanState, { vlans, interfaces, mlag }: SwitchState) {
  const others = ['Cpu', vxlan.name, mlag.peerLink]
  const ports = vlans.get(vlan)?.ports.filter((port) => !others.includes(port)) ?? []
  const tagged = ports.map((name) => ({ name, dot1q: interfaces.get(name)?.vlan === vlan ? 0 : vlan }))
  return vxlan.up ? [...tagged, { name: vxlan.name, dot1q: vlan }] : tagged
}

const VXLAN_VNI_WIDTHS = [11, 10, 12, 19, 10] as const
const VXLAN_VRF_WIDTHS = [9, 10, 24, 12] as const

const vxlanRuler = (widths: readonly number[]) => widths.map((width) => '-'.repeat(width)).join(' ')

function vxlanVniText(vxlan: VxlanState, state: SwitchState) {
  const rows = [...vxlan.vlanToVni].flatMap(([vlan, vni]) =>
    vxlanCarriers(vlan, vxlan, state).map((port, at) => {
      const tag = port.dot1q === 0 ? 'untagged' : String(port.dot1q)
      const lead = at === 0 ? [String(vni), String(vlan), 'static'] : ['', '', '']
      return columns([...lead, port.name, tag], VXLAN_VNI_WIDTHS)
    }),
  )
  const vrfs = [...vxlan.vrfToVni]
    .toSorted(([, a], [, b]) => a - b)
    .map(([vrf, vni]) => columns([String(vni), '', vrf, 'evpn'], VXLAN_VRF_WIDTHS))
  return printedLines([
    `VNI to VLAN Mapping for ${vxlan.name}`,
    columns(['VNI', 'VLAN', 'Source', 'Interface', '802.1Q Tag'], VXLAN_VNI_WIDTHS),
    vxlanRuler(VXLAN_VNI_WIDTHS),
    ...rows,
    '',
    `VNI to dynamic VLAN Mapping for ${vxlan.name}`,
    columns(['VNI', 'VLAN', 'VRF', 'Source'], VXLAN_VRF_WIDTHS),
    vxlanRuler(VXLAN_VRF_WIDTHS),
    ...vrfs,
  ])
}
