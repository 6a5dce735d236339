import { type CommandPattern, compilePattern, matchPattern, wordsOf } from '../rules/pattern.ts'
import { parseVerb } from '../text/command-line.ts'
import { canonicalInterface, interfacesOf } from '../text/interface-name.ts'
import { BGP_TOPIC_FORMS, PORT_TOPIC_FORMS, ROOT_KINDS, VLAN_KINDS, VXLAN_TOPIC_FORMS } from './kind-table.ts'

type Forms = ReadonlyMap<string, readonly (readonly [kind: string, pattern: CommandPattern])[]>

function formsOf(table: Readonly<Record<string, readonly string[]>>): Forms {
  const forms = new Map<string, (readonly [string, CommandPattern])[]>()
  for (const [kind, sources] of Object.entries(table)) {
    for (const pattern of sources.flatMap(compilePattern)) {
      for (const first of pattern.words[0]?.words ?? []) {
        forms.set(first, [...(forms.get(first) ?? []), [kind, pattern]])
      }
    }
  }
  return forms
}

export interface KindTables {
  readonly root: Readonly<Record<string, readonly string[]>>
  readonly vlan: Readonly<Record<string, readonly string[]>>
  readonly port: Readonly<Record<string, readonly string[]>>
  readonly vxlan: Readonly<Record<string, readonly string[]>>
  readonly bgp: Readonly<Record<string, readonly string[]>>
}

export const KIND_TABLES: KindTables = {
  root: ROOT_KINDS,
  vlan: VLAN_KINDS,
  port: PORT_TOPIC_FORMS,
  vxlan: VXLAN_TOPIC_FORMS,
  bgp: BGP_TOPIC_FORMS,
}

function mostExact(forms: Forms, words: readonly string[]) {
  let best: { readonly kind: string; readonly weight: number } | undefined
  for (const [kind, pattern] of forms.get(words[0] ?? '') ?? []) {
    if (matchPattern(pattern, words) === undefined) continue
    if (best === undefined || pattern.weight > best.weight) best = { kind, weight: pattern.weight }
  }
  return best?.kind
}

/** The kind of a line by some tables: see {@link kindOf}. */
export function kindsBy(tables: KindTables): (path: readonly string[], line: string) => string | undefined {
  const [rootForms, vlanForms, bgpForms] = [formsOf(tables.root), formsOf(tables.vlan), formsOf(tables.bgp)]
  const [portForms, vxlanForms] = [formsOf(tables.port), formsOf(tables.vxlan)]
  return (path, line) => {
    const [root = [], below] = [...path, line].map((command) => wordsOf(parseVerb(command.trim()).line))
    if (root[0] === 'interface') return portKind(root, below, portForms, vxlanForms)
    if (root[0] === 'router' && root[1] === 'bgp') return `router-bgp.${topicOf(bgpForms, below)}`
    const kind = mostExact(rootForms, root)
    if (kind !== 'vlan' || below === undefined) return kind
    return mostExact(vlanForms, below) ?? kind
  }
}

/**
 * The kind of a line of a configuration or of a change (docs/reference/change-kinds.md): by the command of the root that it is under or is, and, in
 * interfaces, VLANs and BGP, by what it is about itself. Undefined where no table has its root: such a line is of no known kind.
 *
 * @param path the commands that open its mode, outermost first, as typed or as the switch prints them
 * @param line with or without `no` and `default`
 */
export const kindOf = kindsBy(KIND_TABLES)

const FORMS = {
  root: formsOf(ROOT_KINDS),
  below: [VLAN_KINDS, PORT_TOPIC_FORMS, VXLAN_TOPIC_FORMS, BGP_TOPIC_FORMS].map(formsOf),
}

/** Whether a placeholder is where another word would give the line another kind: a secret may be any words. */
export function hidesKind(path: readonly string[], line: string): boolean {
  const [root = [], below = []] = [...path, line].map((command) => wordsOf(parseVerb(command.trim()).line))
  const isPortHidden = root[0] === 'interface' && root.some(isPlaceholder)
  return isPortHidden || isDecidedByHidden([FORMS.root], root) || isDecidedByHidden(FORMS.below, below)
}

const isPlaceholder = (word: string) => word.includes('<redacted')

function isDecidedByHidden(tables: readonly Forms[], words: readonly string[]) {
  const at = words.findIndex(isPlaceholder)
  if (at <= 0) return at === 0
  return tables.some((forms) => (forms.get(words[0] ?? '') ?? []).some(([, pattern]) => pattern.words.length > at))
}

function topicOf(forms: Forms, below: readonly string[] | undefined) {
  return below === undefined ? 'block' : (mostExact(forms, below) ?? 'other')
}

function portKind(
  header: readonly string[],
  below: readonly string[] | undefined,
  portForms: Forms,
  vxlanForms: Forms,
) {
  const typed = header.slice(1).join(' ')
  if (typed === 'defaults' || typed.startsWith('profile ')) return 'interface.other'
  const roots = new Set(interfacesOf(typed).map(rootOfPort))
  const [root] = /\d/.test(typed) ? roots : []
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
