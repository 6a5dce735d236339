import { parseVlans } from '../../../model/vlan-list.ts'
import {
  BGP_DEFAULTS,
  MLAG_DEFAULTS,
  neighborDefaults,
  ROOT_DEFAULTS,
  vlanDefaults,
} from '../../config/rules/block-defaults.ts'
import { interfaceDefaults } from '../../config/rules/interface-defaults.ts'
import { meaningOf } from '../../config/rules/rules.ts'
import { parseVerb } from '../../config/text/command-line.ts'
import type { ConfigNode, ConfigTree } from '../../config/text/tree.ts'
import { foundIn, hasChild } from '../../config/text/tree.ts'

/** A configuration with the defaults that it does not say, as `show running-config all` prints it: clients read back from it what `show running-config` leaves out (docs/eos.md 7.3). */
export function withDefaults(tree: ConfigTree): ConfigTree {
  const routed = hasChild(tree, 'switchport default mode routed')
  const nodes = tree.children.flatMap((node) => expanded(node, routed))
  const added = [
    ...(nodes.some(({ line }) => line === 'vlan 1') ? [] : [block('vlan 1', [], vlanDefaults(1), 'vlan')]),
    ...(nodes.some(({ line }) => line.startsWith('mlag'))
      ? []
      : [block('mlag configuration', [], MLAG_DEFAULTS, 'mlag')]),
  ]
  const said = keysOf(nodes, 'root')
  const missing = ROOT_DEFAULTS.filter((line) => !said.has(keyOf(line, 'root'))).map(leaf)
  return { ...tree, children: [...nodes, ...separated(missing), ...added.map((node) => ({ ...node, lead: ['!'] }))] }
}

function expanded(node: ConfigNode, routed: boolean): readonly ConfigNode[] {
  const { line, children } = node
  if (line.startsWith('interface ')) return [{ ...node, children: interfaceChildren(node, routed) }]
  if (line.startsWith('vlan ')) return vlanBlocks(node)
  if (line.startsWith('router bgp ')) return [{ ...node, children: bgpChildren(children) }]
  if (line.startsWith('mlag')) return [{ ...node, children: merged(children, MLAG_DEFAULTS, 'mlag') }]
  if (/^vrf (instance|definition) /.test(line))
    return [{ ...node, children: merged(children, ['no description'], 'vrf') }]
  if (line.startsWith('username ')) return [{ ...node, line: withPrivilege(line) }]
  return [line.startsWith('ip route ') ? { ...node, line: withDistance(line) } : node]
}

function interfaceChildren({ line, children }: ConfigNode, routedByDefault: boolean) {
  const said = children.find((child) => /^(no )?switchport$/.test(child.line))?.line
  const routed = said === undefined ? routedByDefault : said === 'no switchport'
  return merged(children, interfaceDefaults(line.slice('interface '.length), routed), 'interface')
}

function vlanBlocks(node: ConfigNode): readonly ConfigNode[] {
  const ids = parseVlans(node.line.slice('vlan '.length))
  if (ids === undefined) return [node]
  return ids.map((id, index) => ({
    ...block(`vlan ${id}`, node.children, vlanDefaults(id), 'vlan'),
    lead: index === 0 ? node.lead : ['!'],
  }))
}

function bgpChildren(children: readonly ConfigNode[]) {
  const names = [...new Set(foundIn(children, /^(?:no )?neighbor (\S+) /))]
  const said = keysOf(children, 'bgp')
  const missing = names
    .flatMap((name) => neighborDefaults(name).filter((line) => !said.has(keyOf(line, 'bgp'))))
    .map(leaf)
  const opens = children.findIndex((child) => child.children.length > 0)
  const at = opens < 0 ? children.length : opens
  return merged([...children.slice(0, at), ...missing, ...children.slice(at)], BGP_DEFAULTS, 'bgp')
}

function merged(said: readonly ConfigNode[], defaults: readonly string[], mode: string) {
  const byKey = new Map<string, ConfigNode[]>()
  for (const node of said) {
    const key = keyOf(node.line, mode)
    byKey.set(key, [...(byKey.get(key) ?? []), node])
  }
  const head = defaults.flatMap((line) => {
    const key = keyOf(line, mode)
    const present = byKey.get(key)
    byKey.delete(key)
    if (present !== undefined) return present
    return said.some((node) => keyOf(node.line, mode) === key) ? [] : [leaf(line)]
  })
  return [...head, ...said.filter((node) => byKey.has(keyOf(node.line, mode)))]
}

function keyOf(line: string, mode: string) {
  return meaningOf(mode, parseVerb(line).line).key
}

function keysOf(nodes: readonly ConfigNode[], mode: string): ReadonlySet<string> {
  return new Set(nodes.map(({ line }) => keyOf(line, mode)))
}

function withPrivilege(line: string) {
  return /\b(privilege|ssh-key)\b/.test(line) ? line : line.replace(/^username \S+/, '$& privilege 1')
}

function withDistance(line: string) {
  const [route = '', ...options] = line.split(/ (?=tag |name |metric |track )/)
  const words = route.split(' ')
  const distance = /^\d+$/.test(words.at(-1) ?? '') ? route : `${route} 1`
  const tag = options.some((option) => option.startsWith('tag ')) ? [] : ['tag 0']
  return [distance, ...tag, ...options].join(' ')
}

function block(line: string, children: readonly ConfigNode[], defaults: readonly string[], mode: string): ConfigNode {
  return { line, children: merged(children, defaults, mode), lead: [], tail: [] }
}

function leaf(line: string): ConfigNode {
  return { line, children: [], lead: [], tail: [] }
}

function separated(nodes: readonly ConfigNode[]) {
  return nodes.map((node, index) => (index === 0 ? { ...node, lead: ['!'] } : node))
}
