import { parseVerb } from '../command-line.ts'
import { canonicalInterface, interfacesOf } from '../interface-name.ts'
import { type CommandPattern, compilePattern, matchPattern, wordsOf } from '../rules/pattern.ts'
import { BGP_TOPIC_FORMS, PORT_TOPIC_FORMS, ROOT_KINDS, VLAN_KINDS, VXLAN_TOPIC_FORMS } from './kind-table.ts'

/** Patterns with the kind that each gives. */
type Forms = readonly (readonly [kind: string, pattern: CommandPattern])[]

const formsOf = (table: Readonly<Record<string, readonly string[]>>): Forms =>
  Object.entries(table).flatMap(([kind, sources]) =>
    sources.flatMap(compilePattern).map((pattern) => [kind, pattern] as const),
  )

const rootForms = formsOf(ROOT_KINDS)
const vlanForms = formsOf(VLAN_KINDS)
const portForms = formsOf(PORT_TOPIC_FORMS)
const vxlanForms = formsOf(VXLAN_TOPIC_FORMS)
const bgpForms = formsOf(BGP_TOPIC_FORMS)

/** The kind of the most exact pattern that a command has; undefined where it has none. */
function mostExact(forms: Forms, words: readonly string[]): string | undefined {
  let best: { readonly kind: string; readonly weight: number } | undefined
  for (const [kind, pattern] of forms) {
    if (matchPattern(pattern, words) === undefined) continue
    if (best === undefined || pattern.weight > best.weight) best = { kind, weight: pattern.weight }
  }
  return best?.kind
}

/**
 * The kind of a line of a configuration or of a change (docs/reference/change-kinds.md): by the command of the root that it is under or is, and, in
 * interfaces, VLANs and BGP, by what it is about itself. Undefined where no table has its root: such a line is of no known kind.
 *
 * @param path the commands that open its mode, outermost first, as typed or as the switch prints them
 * @param line with or without `no` and `default`
 */
export function kindOf(path: readonly string[], line: string): string | undefined {
  const [root, ...within] = [...path, line].map((command) => wordsOf(parseVerb(command.trim()).line))
  const [first = ''] = root ?? []
  if (root === undefined) return undefined
  const [below] = within
  if (first === 'interface') return portKind(root, below)
  if (first === 'router' && root[1] === 'bgp') return `router-bgp.${topicOf(bgpForms, below)}`
  const kind = mostExact(rootForms, root)
  if (kind !== 'vlan' || below === undefined) return kind
  return mostExact(vlanForms, below) ?? kind
}

/** What a line is about by the command below the root that it is under or is. */
function topicOf(forms: Forms, below: readonly string[] | undefined): string {
  return below === undefined ? 'block' : (mostExact(forms, below) ?? 'other')
}

function portKind(header: readonly string[], below: readonly string[] | undefined): string | undefined {
  const typed = header.slice(1).join(' ')
  if (typed === 'defaults' || typed.startsWith('profile ')) return 'interface.other'
  const roots = new Set(interfacesOf(typed).map(rootOfPort))
  const [root] = roots
  // Several kinds of ports in one command are of no kind.
  if (root === undefined || roots.size > 1) return undefined
  return `${root}.${topicOf(root === 'vxlan' ? vxlanForms : portForms, below)}`
}

const PORTS: readonly (readonly [name: RegExp, root: string])[] = [
  [/^(?:Ethernet|Port-Channel)\d/, 'interface'],
  [/^Vlan\d/, 'svi'],
  [/^Loopback\d/, 'loopback'],
  [/^Tunnel\d/, 'tunnel'],
  [/^Management\d/, 'management-port'],
  [/^Vxlan\d/, 'vxlan'],
]

function rootOfPort(name: string): string {
  return PORTS.find(([pattern]) => pattern.test(canonicalInterface(name)))?.[1] ?? 'other-port'
}
