import { definedMembers } from '../../../model/defined-members.ts'
import { type ConfigTree, childAt, childLines, hasChild } from '../../config/text/tree.ts'
import { parsePrefix } from './address.ts'
import { fullName } from './interface-name.ts'

/** One `ip route` line. */
export interface StaticRoute {
  readonly vrf: string
  readonly prefix: string
  readonly nexthop?: string
  readonly interface?: string
  readonly distance: number
}

/** VRFs, and per VRF whether it routes. */
export interface RoutingConfig {
  /** All VRFs, `default` first, then in the order of the configuration. */
  readonly vrfs: readonly string[]
  readonly ipv4Routing: ReadonlySet<string>
  /** The VRFs that route IPv4 over interfaces with IPv6 alone. */
  readonly ipv4OverIpv6: ReadonlySet<string>
  readonly ipv6Routing: ReadonlySet<string>
  /** The VRFs that route IPv4 multicast. */
  readonly multicast: ReadonlySet<string>
  readonly statics: readonly StaticRoute[]
  /** Which routing stack runs: it decides the shapes of BGP's JSON and some of its rules (docs/eos.md 7.2). */
  readonly model: 'ribd' | 'multi-agent'
}

/** The VRFs, the routing switches and the static routes of a configuration. */
export function readRouting(config: ConfigTree): RoutingConfig {
  const lines = childLines(config)
  const vrfOf = (head: string) =>
    lines.flatMap((line) => (line === head ? 'default' : (after(line, `${head} vrf `) ?? [])))
  const ipv4OverIpv6 = vrfOf('ip routing ipv6 interfaces')
  return {
    vrfs: ['default', ...lines.flatMap((line) => after(line, 'vrf instance ') ?? after(line, 'vrf definition ') ?? [])],
    ipv4Routing: new Set([...vrfOf('ip routing'), ...ipv4OverIpv6]),
    ipv4OverIpv6: new Set(ipv4OverIpv6),
    ipv6Routing: new Set(vrfOf('ipv6 unicast-routing')),
    multicast: new Set([...vrfOf('ip multicast-routing'), ...multicastVrfs(config)]),
    model: lines.includes('service routing protocols model multi-agent') ? 'multi-agent' : 'ribd',
    statics: lines.flatMap((line) => readStatic(line) ?? []),
  }
}

function multicastVrfs(config: ConfigTree) {
  const root = config.children.filter(({ line }) => line === 'router multicast')
  const inner = root.flatMap(({ children }) => children.filter(({ line }) => line.startsWith('vrf ')))
  return [...root, ...inner].flatMap((node) =>
    hasChild(childAt(node, 'ipv4'), 'routing') ? [after(node.line, 'vrf ') ?? 'default'] : [],
  )
}

function after(line: string, head: string) {
  return line.startsWith(head) ? line.slice(head.length) : undefined
}

function readStatic(line: string): StaticRoute | undefined {
  if (!line.startsWith('ip route ')) return undefined
  const words = line.split(' ').slice(2)
  const vrf = words[0] === 'vrf' ? (words.splice(0, 2)[1] ?? 'default') : 'default'
  const prefix = words.shift() ?? ''
  if (parsePrefix(prefix) === undefined) return undefined
  const out = words[0] === 'Null0' ? words.shift() : readInterfaceName(words)
  const nexthop = /^[\d.]+\.[\d.]+$/.test(words[0] ?? '') ? words.shift() : undefined
  const distance = /^\d+$/.test(words[0] ?? '') ? Number(words[0]) : 1
  return {
    vrf,
    prefix,
    ...definedMembers({ nexthop, interface: out }),
    distance,
  }
}

function readInterfaceName(words: string[]) {
  const name = fullName(words[0] ?? '')
  if (name !== undefined) words.shift()
  return name
}
