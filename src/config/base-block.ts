import { parseVlans } from '../model/vlan-list.ts'
import { interfacesOf } from './interface-name.ts'
import { renderNode } from './render.ts'
import type { ConfigNode, ConfigTree } from './tree.ts'

/** What the name of a block is a name of. */
export type BlockKind =
  | 'interface'
  | 'vlan'
  | 'vrf'
  | 'route-map'
  | 'prefix-list'
  | 'access-list'
  | 'community-list'
  | 'as-path'
  | 'peer-filter'
  | 'class-map'
  | 'policy-map'
  | 'profile'
  | 'router'
  | 'static'
  | 'track'
  | 'feature'

/** Everything that the root of a configuration has of one thing: of a port, of a list with its entries, of a routing protocol. */
export interface BlockName {
  /** The kind and the name, by which blocks of two configurations are compared: `vlan 120`, `router bgp`; `other` and two words for a command that the table has not. */
  readonly key: string
  /** Absent for a command that the table has not. */
  readonly kind?: BlockKind
  readonly name: string
}

/** A block with its lines, in order. */
export interface ConfigBlock extends BlockName {
  /** As they are indented, without separators and comments. */
  readonly lines: readonly string[]
}

/**
 * The root commands whose blocks are known, with the group that is the name. The forms are those of the rules and of the syntax tables of this room; what
 * is not here is a block of no known kind.
 */
const FORMS: readonly (readonly [RegExp, BlockKind])[] = [
  [/^interface ((?:Ethernet|Port-Channel|Loopback|Vlan|Tunnel|Vxlan)\d\S*)$/, 'interface'],
  [/^interface profile (\S+)$/, 'profile'],
  [/^vlan (\d[\d,-]*)$/, 'vlan'],
  [/^vrf (?:instance |definition )(\S+)$/, 'vrf'],
  [/^route-map (\S+)/, 'route-map'],
  [/^(?:ip|ipv6) prefix-list (\S+)/, 'prefix-list'],
  [/^(?:ip|ipv6|mac) access-list (?:standard )?(\S+)/, 'access-list'],
  [/^ip (?:community|extcommunity|large-community)-list (?:standard |expanded |regexp )?(\S+)/, 'community-list'],
  [/^ip as-path access-list (\S+)/, 'as-path'],
  [/^peer-filter (\S+)$/, 'peer-filter'],
  [/^class-map (?:type \S+ )?(?:match-(?:any|all) )?(\S+)$/, 'class-map'],
  [/^policy-map (?:type \S+ )?(\S+)$/, 'policy-map'],
  [/^qos profile (\S+)$/, 'profile'],
  [/^router (bgp|ospf|ospfv3|isis|rip)\b/, 'router'],
  [/^(?:ip|ipv6) (?:route)\b()/, 'static'],
  [/^track (\S+)/, 'track'],
  [/^(clock|dns|ip name-server|lldp|logging|monitor session|ntp|queue-monitor|sflow|snmp-server)\b/, 'feature'],
]

/** The block that a command of the root belongs to. */
export function blockOf(command: string): BlockName {
  const line = command.replace(/^(?:no|default) /, '')
  for (const [pattern, kind] of FORMS) {
    const found = pattern.exec(line)
    if (found === null) continue
    const name = kind === 'static' ? kind : (found[1] ?? '')
    return { key: kind === name ? kind : `${kind} ${name}`, kind, name }
  }
  const name = line.split(/\s+/, 2).join(' ')
  return { key: `other ${name}`, name }
}

/** A block by its key. */
export function blockNamed(key: string): BlockName {
  const [kind = '', ...words] = key.split(' ')
  const name = words.join(' ')
  return isKind(kind) ? { key, kind, name: name === '' ? kind : name } : { key, name }
}

function isKind(word: string): word is BlockKind {
  return FORMS.some(([, kind]) => kind === word)
}

/** A block as people name it. */
export function blockWords(key: string): string {
  return key === 'static' ? 'static routes' : key.replace(/^(?:other|feature) /, '')
}

/** Where comments are kept: EOS shows what it boots in one. */
export const COMMENTS = '!'

/** The blocks of a configuration, each once, in the order in which they begin; its comments are one of their own, the last. */
export function blocksIn(tree: ConfigTree): readonly ConfigBlock[] {
  const blocks = new Map<string, BlockName & { readonly lines: string[] }>()
  const comments: string[] = []
  for (const node of tree.children) {
    const block = blockOf(node.line)
    const known = blocks.get(block.key) ?? { ...block, lines: [] }
    blocks.set(block.key, known)
    known.lines.push(...renderNode(bare(node, comments)))
  }
  comments.push(...tree.tail)
  const said = comments.filter((row) => !/^\s*!?\s*$/.test(row))
  const spoken = said.length === 0 ? [] : [{ key: COMMENTS, name: COMMENTS, lines: said }]
  return [...blocks.values(), ...spoken]
}

/** A command without its separators and comments, which are added to `comments`. */
function bare({ lead, tail, children, trailing: _, ...node }: ConfigNode, comments: string[]): ConfigNode {
  comments.push(...lead)
  const inner = children.map((child) => bare(child, comments))
  comments.push(...tail)
  return { ...node, lead: [], tail: [], children: inner }
}

/** The words of a line by which it may name something, as names are written: without quotes and the punctuation behind them. */
export function wordsOf(line: string): readonly string[] {
  return line
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^["'(]+|["'),:;]+$/g, ''))
}

/** The names by which other lines may mean a block: a port also by the one that it is a part of, a VLAN by each number. */
export function namesOf({ kind, name, key }: BlockName): readonly string[] {
  if (kind === 'vlan') return (parseVlans(name) ?? []).map((vlan) => `vlan ${vlan}`)
  if (kind === 'interface') return interfaceNames(name)
  return [kind === 'feature' ? key : name]
}

/** The names that the words of a line may mean: every word, and what a number, a range or a port is. */
export function namedIn(line: string): ReadonlySet<string> {
  const group = /\b(?:channel-group|port-channel) (\d+)/.exec(line)?.[1]
  const apart = /^\s*(?:no )?(?:source-interface|interface|\S+ interface) ([A-Za-z-]+) (\d\S*)/.exec(line)
  return new Set([
    ...wordsOf(line).flatMap(meantBy),
    ...(group === undefined ? [] : [`Port-Channel${group}`]),
    ...(apart === null ? [] : [`${apart[1]}${apart[2]}`]),
  ])
}

function meantBy(word: string): readonly string[] {
  const vlans = (parseVlans(word) ?? []).map((vlan) => `vlan ${vlan}`)
  const ports = /^[A-Za-z-]+\d[\d/.:,-]*$/.test(word) ? interfacesOf(word) : []
  return [word, ...vlans, ...ports.flatMap(interfaceNames)]
}

/** A port, the port that a subinterface is of, and the VLAN of an SVI. */
function interfaceNames(name: string): readonly string[] {
  const parent = /^(.*\d)\.\d+$/.exec(name)?.[1]
  const vlan = /^Vlan(\d+)$/.exec(name)?.[1]
  return [name, ...(parent === undefined ? [] : [parent]), ...(vlan === undefined ? [] : [`vlan ${vlan}`])]
}
