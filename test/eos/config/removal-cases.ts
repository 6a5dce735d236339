import { ConfigEditor, type EditOutcome } from '../../../src/eos/config/rules/editor.ts'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import type { ConfigNode, ConfigTree } from '../../../src/eos/config/text/tree.ts'
import { table } from '../../table.ts'

/** A configuration with its name. */
interface NamedConfig {
  readonly name: string
  readonly text: string
}

/** Settings that are on by default: EOS prints their `no`, without the value. Each with where that is recorded or written. */
const PRINTED_NO = table`
  # Recorded by switches.
  neighbor \S+ activate                                                                               recorded under ipv4, evpn, vpn-ipv4 and vpn-ipv6
  switchport|autostate|isis hello padding|lldp (?:receive|transmit)|error-correction encoding         recorded
  aaa root|logging console|ip routing|ip routing vrf \S+|ip igmp snooping|ip igmp snooping vlan \S+   recorded
  shutdown|lldp tlv transmit \S+|spanning-tree vlan-id \S+                                            recorded
  service-policy input \S+                                                                            recorded under control-plane of 4.22.1F
  # Written by the templates of arista.avd, which print what a switch prints.
  enable password|username admin|event-monitor|ptp monitor sequence-id|snmp-server vrf \S+            arista.avd
  snmp-server enable traps(?: \S+){0,2}|sflow extension \S+|queue-monitor length notifying            arista.avd
  logging (?:buffered|monitor|trap|event \S+(?: \S+)?)|mac address-table notification .+              arista.avd
  ip igmp snooping (?:vlan \S+ )?(?:fast-leave|querier|proxy)                                         arista.avd
  (?:bgp|neighbor \S+) additional-paths (?:receive|send)                                              arista.avd
  host-flap detection|bgp redistribute-internal                                                       arista.avd
  mpls ip|mpls ldp interface|sflow (?:egress )?(?:unmodified )?enable|vrrp \S+ preempt|qos trust      arista.avd
  snmp trap link-change|dot1x port-control .+|switchport (?:trunk private-vlan secondary|port-security .+)  arista.avd
  priority-flow-control|error-correction encoding \S+|vxlan qos .+|multipath deterministic|disabled   arista.avd
  protocol https|default-services|log-adjacency-changes|ptp monitor                                   EOS manual: on by default
`.map(([setting]) => new RegExp(`^(?:${setting})$`))

/** `no` of a neighbor's setting stands where its peer group has the same (recorded: `no neighbor N route-map in`). */
const OF_MEMBER = /^no neighbor (\S+) (.+)$/
/** A `no` that takes lines with other keywords too, by the manual: port security with its addresses. */
const WIDER = /^switchport port-security$/

const PORT = /^interface (?:eth|ethernet|Ma|Management|UnconnectedEthernet)[\d/]+$/i

interface Case {
  readonly tree: ConfigTree
  readonly path: readonly string[]
  readonly siblings: readonly ConfigNode[]
}

interface Taken {
  readonly outcome: EditOutcome | undefined
  readonly gone: readonly string[]
  readonly come: readonly string[]
}

/** Types `no WORDS` in a block, indented as in the text. */
function take({ tree, path }: Case, words: string): Taken {
  const editor = new ConfigEditor(tree)
  const typed = [...path, `no ${words}`].map((line, depth) => `${'   '.repeat(depth)}${line}\n`).join('')
  const outcome = editor.merge(parseConfig(typed).children).at(-1)
  editor.end()
  const change = { gone: [] as string[], come: [] as string[] }
  compare(tree.children, editor.tree().children, '', change)
  return { outcome, ...change }
}

const rowsOf = (node: ConfigNode, above: string): string[] => [
  `${above} > ${node.line}`,
  ...(node.body ?? []).flat(),
  ...node.children.flatMap((child) => rowsOf(child, `${above} > ${node.line}`)),
]

type Change = { readonly gone: string[]; readonly come: string[] }

const oneBlank = (line: string): string => line.replace(/ +/g, ' ')

/** What an edit took and brought: what it did not touch is the very node it was. */
function compare(a: readonly ConfigNode[], b: readonly ConfigNode[], above: string, change: Change): void {
  const [inA, inB] = [new Set(a), new Set(b)]
  const left = new Set(b.filter((node) => !inA.has(node)))
  for (const node of a.filter((one) => !inB.has(one))) {
    const again = [...left].find(({ line }) => line === node.line)
    if (again === undefined) {
      change.gone.push(...rowsOf(node, above))
      continue
    }
    left.delete(again)
    compare(node.children, again.children, `${above} > ${node.line}`, change)
  }
  for (const node of left) change.come.push(...rowsOf(node, above))
}

/** What `no WORDS` may leave: the setting's own `no`. */
function isStandIn({ siblings, path }: Case, words: string, { come }: Taken): boolean {
  const [row, ...more] = come
  const above = ['', ...path].join(' > ')
  if (row === undefined || more.length > 0 || !row.startsWith(`${above} > no `)) return false
  const setting = row.slice(`${above} > no `.length)
  const [, name, what = ''] = OF_MEMBER.exec(`no ${setting}`) ?? []
  const group = siblings.map(
    ({ line }) => / peer[ -]group (\S+)$/.exec(line.startsWith(`neighbor ${name} `) ? line : '')?.[1],
  )
  const isGiven = group.some((of) => of !== undefined && siblings.some(({ line }) => saysOf(line, of, what)))
  const isRow = PRINTED_NO.some((printed) => printed.test(setting))
  const isSame = words === setting || words.startsWith(`${setting} `) || isGiven
  return isSame && (isGiven || isRow)
}

/** Whether a line says of a group what `no` takes from a member, with a value that the `no` lacks. */
function saysOf(line: string, group: string, what: string): boolean {
  const of = `neighbor ${group} `
  const [first = '', last = ''] = [what.split(' ')[0], what.split(' ').at(-1)]
  return line.startsWith(`${of}${first}`) && (line.endsWith(last) || line.startsWith(`${of}${what}`))
}

/** What came of typing `no` before whole lines. */
export interface Removals {
  readonly lines: number
  readonly ports: number
  /** Lines that begin with `no`: what takes them away is the line without it. */
  readonly negated: number
  /** Lines whose `no` a switch prints. */
  readonly printed: number
  readonly wrong: readonly string[]
}

/** Types `no LINE` for each different line of configurations, in its block. Texts with a block twice are of no switch and left out. */
export function removalsOf(configs: readonly NamedConfig[]): Removals {
  const counts = { lines: 0, ports: 0, negated: 0, printed: 0 }
  const wrong: string[] = []
  eachBlock(configs, (block, node, name) => {
    counts.lines += 1
    const taken = take(block, node.line)
    const end = wholeEnd(block, node, taken)
    if (end === 'wrong')
      wrong.push(`${name}: ${[...block.path, `no ${node.line}`].join(' > ')}: ${JSON.stringify(taken)}`)
    else if (end !== 'gone') counts[end] += 1
  })
  return { ...counts, wrong }
}

function wholeEnd(block: Case, node: ConfigNode, taken: Taken): 'gone' | 'ports' | 'negated' | 'printed' | 'wrong' {
  const own = rowsOf(node, ['', ...block.path].join(' > '))
  if (node.line.startsWith('no ')) return 'negated'
  if (block.path.length === 0 && PORT.test(node.line)) {
    return taken.come.length === 0 && taken.gone.join('\n') === own.slice(1).join('\n') ? 'ports' : 'wrong'
  }
  if (WIDER.test(node.line)) return 'gone'
  if (taken.gone.join('\n') !== own.join('\n')) return 'wrong'
  if (taken.come.length === 0) return 'gone'
  return isStandIn(block, node.line, taken) ? 'printed' : 'wrong'
}

/** What came of typing `no` before the first words of lines. */
export interface ShorterRemovals {
  readonly tried: number
  /** All that begin so are gone. */
  readonly removed: number
  /** Nothing is gone, and all that begin so are named. */
  readonly named: number
  /** The words are a line themselves, or a setting without its value: others that begin so go on with a keyword. */
  readonly whole: number
  readonly printed: number
  readonly wrong: readonly string[]
}

/** Types `no` with each beginning of each different line of configurations, in its block. */
export function shorterRemovalsOf(configs: readonly NamedConfig[]): ShorterRemovals {
  const counts = { tried: 0, removed: 0, named: 0, whole: 0, printed: 0 }
  const wrong: string[] = []
  const seen = new Set<string>()
  eachBlock(configs, (block, node, name) => {
    const words = node.line.split(' ')
    // Of the ports `no interface` leaves the blocks.
    if (node.line.startsWith('no ') || node.line.includes('  ') || PORT.test(node.line)) return
    for (let length = 1; length < words.length; length += 1) {
      const given = words.slice(0, length).join(' ')
      const begun = block.siblings.filter(({ line }) => `${oneBlank(line)} `.startsWith(`${given} `))
      const key = [...block.path, given, ...begun.map(({ line }) => line)].join('\n')
      if (seen.has(key)) continue
      seen.add(key)
      counts.tried += 1
      const end = endOf(block, given, begun)
      if (end === 'wrong') wrong.push(`${name}: ${[...block.path, `no ${given}`].join(' > ')}`)
      else counts[end] += 1
    }
  })
  return { ...counts, wrong }
}

function endOf(
  block: Case,
  given: string,
  begun: readonly ConfigNode[],
): 'removed' | 'named' | 'whole' | 'printed' | 'wrong' {
  const taken = take(block, given)
  const above = ['', ...block.path].join(' > ')
  const isStored = block.siblings.some(({ line }) => line === `no ${given}`)
  if (isStandIn(block, given, taken) || (isStored && taken.gone.length + taken.come.length === 0)) return 'printed'
  // `no neighbor N` takes what was said with `no` of it too.
  const gone = taken.gone.filter((row) => !row.startsWith(`${above} > no ${given} `))
  if (taken.come.length > 0) return 'wrong'
  if (gone.join('\n') === begun.flatMap((node) => rowsOf(node, above)).join('\n')) return 'removed'
  const longer = begun.filter(({ line }) => line !== given).map(({ line }) => line)
  if (gone.length === 0) return taken.outcome?.begun?.join('\n') === longer.join('\n') ? 'named' : 'wrong'
  const stays = begun.filter((node) => !gone.includes(`${above} > ${node.line}`))
  const isFurther =
    begun.some(({ line }) => line === given) || stays.every(({ line }) => /[a-z]{2}/.test(line.slice(given.length + 1)))
  return isFurther && gone.every((row) => row.startsWith(`${above} > ${given}`)) ? 'whole' : 'wrong'
}

/** Each line of configurations that is there once in its block, once of those that are alike. */
function eachBlock(configs: readonly NamedConfig[], see: (block: Case, node: ConfigNode, name: string) => void): void {
  const seen = new Set<string>()
  for (const { name, text } of configs) {
    const tree = parseConfig(text)
    const walk = (siblings: readonly ConfigNode[], path: readonly string[]): void => {
      const lines = siblings.map(({ line }) => line).join('\n')
      const once = onlyOnce(siblings)
      const block = `${path.join('\n').replace(/Ethernet[\d/]+/, '')}\0${path.length > 0 ? lines : name}`
      const isNew = !seen.has(block)
      seen.add(block)
      for (const node of once) {
        if (isNew && isCommand(node)) see({ tree, path, siblings }, node, name)
        walk(node.children, [...path, node.line])
      }
    }
    walk(tree.children, [])
  }
}

const isCommand = ({ line }: ConfigNode): boolean => line !== 'end' && line !== 'exit' && !line.startsWith('!!')

function onlyOnce(siblings: readonly ConfigNode[]): readonly ConfigNode[] {
  const counts = new Map<string, number>()
  for (const { line } of siblings) counts.set(line, (counts.get(line) ?? 0) + 1)
  return siblings.filter(({ line }) => counts.get(line) === 1)
}
