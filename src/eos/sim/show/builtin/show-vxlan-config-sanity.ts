import type { JsonObject } from '../../../../model/json.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** `show vxlan config-sanity`: no categories without VXLAN (ANTA); with it the checks of the recording. */
export const showVxlanConfigSanity = defineShow({
  words: 'show vxlan config-sanity [detail]',
  docs: 'Whether VXLAN is configured soundly; anta.',
  json: (context) => ({ categories: context.state.vxlan === undefined ? {} : categories(context) }),
  text: (context) => {
    if (context.state.vxlan === undefined) return ''
    const rows = Object.values(categories(context)).flatMap(({ description, allCheckPass, items }) => [
      row(description, allCheckPass, ''),
      ...items.map(({ name, checkPass, detail }) => row(`  ${name}`, checkPass, detail)),
    ])
    const head = ['Category                            Result  Detail', `${'-'.repeat(34)}  ------  ${'-'.repeat(48)}`]
    return [...head, ...rows].map((line) => `${line.trimEnd()}\n`).join('')
  },
})

function row(label: string, pass: boolean, detail: string): string {
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
