import type { ConfigTree } from '../../config/text/tree.ts'
import { parseRange } from './number-range.ts'

/** What `interface Vxlan1` says. */
export interface VxlanConfig {
  readonly name: string
  readonly sourceInterface: string
  readonly udpPort: number
  readonly shutdown: boolean
  /** Whether the switches of an MLAG pair announce the MAC address of the pair (`mlag-system-id`), or each its own. */
  readonly sharedRouterMac: boolean
  readonly vlanToVni: ReadonlyMap<number, number>
  readonly vrfToVni: ReadonlyMap<string, number>
  /** `vxlan flood vtep`: remote VTEPs for every VLAN, without EVPN. */
  readonly floodVteps: readonly string[]
}

/** VXLAN as configured, or undefined without a Vxlan interface. */
export function readVxlan(config: ConfigTree): VxlanConfig | undefined {
  const block = config.children.find((node) => /^interface Vxlan\d+$/.test(node.line))
  if (block === undefined) return undefined
  const lines = block.children.map((node) => node.line)
  const value = (head: string) => lines.find((line) => line.startsWith(`${head} `))?.slice(head.length + 1)
  return {
    name: block.line.slice('interface '.length),
    sourceInterface: value('vxlan source-interface') ?? '',
    udpPort: Number(value('vxlan udp-port') ?? 4789),
    shutdown: lines.includes('shutdown'),
    sharedRouterMac: lines.includes('vxlan virtual-router encapsulation mac-address mlag-system-id'),
    vlanToVni: new Map(lines.flatMap(vlanBindings)),
    vrfToVni: new Map(lines.flatMap(vrfBinding)),
    floodVteps: value('vxlan flood vtep')?.split(' ') ?? [],
  }
}

/** `vxlan vlan 10,20 vni 10010,10020` binds pairwise. */
function vlanBindings(line: string): readonly (readonly [number, number])[] {
  const [, vlans = '', vnis = ''] = /^vxlan vlan (?:add )?([\d,-]+) vni ([\d,-]+)$/.exec(line) ?? []
  const numbers = parseRange(vnis)
  return parseRange(vlans).flatMap((vlan, at) => {
    const vni = numbers[at]
    return vni === undefined ? [] : [[vlan, vni] as const]
  })
}

function vrfBinding(line: string): readonly (readonly [string, number])[] {
  const [, vrf, vni] = /^vxlan vrf (\S+) vni (\d+)$/.exec(line) ?? []
  return vrf === undefined ? [] : [[vrf, Number(vni)]]
}
