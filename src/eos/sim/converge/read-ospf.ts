import { definedMembers } from '../../../model/defined-members.ts'
import { dotted } from '../../../model/ip-address.ts'
import { type ConfigNode, type ConfigTree, childLines, foundIn, hasChild } from '../../config/text/tree.ts'
import { ipv4, type Prefix, parsePrefix } from './address.ts'
import { type BgpOrigin, readOrigin } from './read-bgp.ts'

interface OspfNetwork {
  readonly prefix: Prefix
  readonly area: string
}

/** One `router ospf` block. */
export interface OspfConfig {
  readonly instance: string
  readonly vrf: string
  readonly routerId?: string
  readonly networks: readonly OspfNetwork[]
  readonly passiveByDefault: boolean
  readonly passive: ReadonlySet<string>
  readonly active: ReadonlySet<string>
  readonly redistribute: readonly BgpOrigin[]
  /** `always` announces a default route whether there is one or not. */
  readonly defaultOriginate: 'no' | 'known' | 'always'
  /** Megabits per second that cost 1; without it every interface costs 10. */
  readonly referenceBandwidth?: number
  readonly distance: number
  readonly maxLsa: number
}

/** The OSPF processes of a configuration that are not shut down. */
export function readOspf(config: ConfigTree): readonly OspfConfig[] {
  return config.children.flatMap((node) => {
    const [, instance, vrf = 'default'] = /^router ospf (\d+)(?: vrf (\S+))?$/.exec(node.line) ?? []
    const off = hasChild(node, 'shutdown')
    return instance === undefined || off ? [] : [readProcess(instance, vrf, node)]
  })
}

function readProcess(instance: string, vrf: string, node: ConfigNode): OspfConfig {
  const lines = childLines(node)
  const value = (pattern: RegExp) => foundIn(lines, pattern)[0]
  const all = (pattern: RegExp) => new Set(foundIn(lines, pattern))
  const reference = value(/^auto-cost reference-bandwidth (\d+)/)
  const originate = lines.find((line) => line.startsWith('default-information originate'))
  return {
    instance,
    vrf,
    networks: lines.flatMap(readNetwork),
    passiveByDefault: lines.includes('passive-interface default'),
    passive: all(/^passive-interface ([A-Z]\S*)$/),
    active: all(/^no passive-interface (\S+)$/),
    redistribute: lines.flatMap((line) =>
      readOrigin(/^redistribute (connected|static|bgp)(?: include leaked)?(?: route-map (\S+))?$/, line),
    ),
    defaultOriginate: originate === undefined ? 'no' : originate.includes(' always') ? 'always' : 'known',
    ...definedMembers({
      routerId: value(/^router-id ([\d.]+)$/),
      referenceBandwidth: reference === undefined ? undefined : Number(reference),
    }),
    distance: Number(value(/^distance ospf intra-area (\d+)$/) ?? 110),
    maxLsa: Number(value(/^max-lsa (\d+)/) ?? 12_000),
  }
}

function readNetwork(line: string): readonly OspfNetwork[] {
  const [, text = '', area = ''] = /^network (\S+) area (\S+)$/.exec(line) ?? []
  const prefix = parsePrefix(text)
  return prefix === undefined ? [] : [{ prefix, area: dottedArea(area) }]
}

/** An area as EOS prints it: `0` is `0.0.0.0`. */
export function dottedArea(area: string): string {
  if (ipv4(area) !== undefined) return area
  return dotted(Number(area))
}
