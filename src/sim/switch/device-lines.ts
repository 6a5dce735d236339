import type { ConfigNode, ConfigTree } from '../../config/tree.ts'
import { eosAtLeast } from '../eos-version.ts'

/** Where a line was typed. */
export interface TypedAt {
  /** The configuration before it. */
  readonly before: ConfigTree
  /** The commands that opened the mode it went to, the line's own included when it opens one. */
  readonly path: readonly string[]
  readonly eos: string
}

/** A line in the words in which the switch prints it (eos-reference 4.3 "Device rewrites"). */
export function rewrittenLine(line: string, eos: string): string {
  const interval = /^ipv6 nd ra interval (\d+)$/.exec(line)?.[1]
  if (interval !== undefined) return `ipv6 nd ra interval msec ${Number(interval) * 1000}`
  if (!eosAtLeast(eos, '4.23')) return line
  return line
    .replace(/^((?:no |default )?neighbor \S+) peer-group( \S+)?$/, '$1 peer group$2')
    .replace(/^enable secret (sha512|5) /, 'enable password $1 ')
}

/** Whether a line is one of those to which the switch may add lines of its own. */
export function bringsLines(line: string): boolean {
  return /^(router ospf \d|interface vxlan|neighbor \S+ remote-as )/i.test(line)
}

/** The lines that the switch adds by itself to something new (eos-reference 4.3 "Device adds lines"). */
export function addedLines(line: string, { before, path, eos }: TypedAt): readonly string[] {
  const fresh = (opener: string): boolean => !before.children.some((node) => node.line === opener)
  if (/^router ospf \d+( vrf \S+)?$/.test(line)) return fresh(line) ? ['max-lsa 12000'] : []
  if (/^interface vxlan ?1$/i.test(line)) return fresh('interface Vxlan1') ? ['vxlan udp-port 4789'] : []
  const neighbor = /^neighbor (\S+) remote-as \S+$/.exec(line)?.[1]
  if (neighbor === undefined || eosAtLeast(eos, '4.30') || !path[0]?.startsWith('router bgp')) return []
  const known = blockAt(before, path)?.children.some((node) => node.line.startsWith(`neighbor ${neighbor} `))
  return known === true ? [] : [`neighbor ${neighbor} maximum-routes 12000`]
}

/** Where ports are routed by default an empty Ethernet prints `no switchport` (recorded on 4.22.1F). */
export function routedByDefault(tree: ConfigTree): ConfigTree {
  if (!tree.children.some(({ line }) => line === 'switchport default mode routed')) return tree
  const empty = (node: ConfigNode): boolean =>
    node.children.length === 0 && /^interface Ethernet[\d/]+$/.test(node.line)
  if (!tree.children.some(empty)) return tree
  return { ...tree, children: tree.children.map((node) => (empty(node) ? { ...node, children: [ROUTED] } : node)) }
}

const ROUTED: ConfigNode = { line: 'no switchport', children: [], lead: [], tail: [] }

function blockAt(tree: ConfigTree, path: readonly string[]): ConfigNode | undefined {
  let found: ConfigNode | undefined
  let level: readonly ConfigNode[] = tree.children
  for (const line of path) {
    found = level.find((node) => node.line === line)
    level = found?.children ?? []
  }
  return found
}
