import { judgeLine } from '../../config/guard/judge-line.ts'
import { formIn, OwnLines } from '../../config/guard/typed-blocks.ts'
import type { LineJudgement } from '../../config/syntax/line-judgement.ts'
import { typedWords } from '../../config/syntax/syntax-tree.ts'
import { parseConfig, renderConfig } from '../../config/text/parse.ts'
import type { ConfigNode, ConfigTree } from '../../config/text/tree.ts'
import { printedLines } from '../platform/facts.ts'

// A word of a command that EOS checks while it is typed.
interface CheckedWord {
  readonly line: RegExp
  readonly token: number
  readonly fits: (word: string) => boolean
  readonly modes?: readonly string[]
}

// `vlan` takes 1 to 4094 (docs/eos.md 1.4).
const VLAN_LIMIT = 4094

const INTERFACES = [
  ...[
    'arp',
    'bridge',
    'cpu',
    'defaults',
    'dps',
    'ethernet',
    'fabric',
    'gre',
    'internal',
    'lag',
    'loopback',
    'management',
  ],
  ...[
    'port-channel',
    'profile',
    'recirc-channel',
    'register',
    'switch',
    'tunnel',
    'unconnectedethernet',
    'vlan',
    'vxlan',
  ],
]

const CHECKED: readonly CheckedWord[] = [
  { line: /^vlan ([\d,-]+)$/, token: 1, fits: (word) => numbersIn(word).every((id) => id >= 1 && id <= VLAN_LIMIT) },
  { line: /^interface (\S+)/, token: 1, fits: isInterface, modes: ['root', 'interface'] },
  { line: /^ip address (\d[^\s/]*)/, token: 2, fits: isAddress },
  { line: /^ip address [\d.]+\/(\S+)/, token: 2, fits: (word) => /^\d+$/.test(word) && Number(word) <= 32 },
  { line: /^router bgp ([\d.]+)$/, token: 2, fits: isAsNumber },
]

/** The place, from 0, of the first word of a line that EOS does not take there: a VLAN that cannot be, an address that is none, an interface of no kind. */
export function misfitWord(line: string, mode: string): number | undefined {
  const negated = /^(no|default)\s+/.exec(line)?.[0] ?? ''
  const positive = line.slice(negated.length)
  for (const { line: pattern, token, fits, modes } of CHECKED) {
    if (modes?.includes(mode) === false) continue
    const word = pattern.exec(positive)?.[1]
    if (word !== undefined && !fits(word)) return token + (negated === '' ? 0 : 1)
  }
  return undefined
}

const MOVES: ReadonlySet<string> = new Set(['exit', 'end', 'abort'])

/** A word that is merely not expected is taken, since a table knows fewer options than a switch (docs/syntax.md). @param own what this switch has all the same: see {@link ownSyntax} */
export function syntaxRefusal(above: readonly string[], line: string, own: () => OwnSyntax): string | undefined {
  if (MOVES.has(line)) return undefined
  const fault = judgeLine(above, line)
  if (!isRefused(fault) || isOwn(own(), above, line, fault)) return undefined
  const words = line.split(/\s+/)
  const token = 'token' in fault ? fault.token : words.length - 1
  return `${SAID[fault.kind]} (at token ${token}: '${words[token] ?? ''}')`
}

function isOwn({ lines, forms, faults }: OwnSyntax, above: readonly string[], line: string, fault: Refused) {
  return lines.has({ above, line }) || forms.has(formIn(above, line)) || faults.has(faultOf(line, fault))
}

// What a switch says of each fault (docs/eos.md 1.4). Of real lines that the table was not made from each hits at most 3 of 1,000.
const SAID = {
  misspelt: 'Invalid input',
  ambiguous: 'Ambiguous command',
  'wrong-type': 'Invalid input',
  'out-of-range': 'Invalid input',
  incomplete: 'Incomplete command',
} as const

type Refused = LineJudgement & { readonly kind: keyof typeof SAID }

function isRefused(fault: LineJudgement): fault is Refused {
  return fault.kind in SAID
}

export interface OwnSyntax {
  readonly lines: OwnLines
  readonly forms: ReadonlySet<string>
  readonly faults: ReadonlySet<string>
}

export function ownSyntax(text: string): OwnSyntax {
  const forms = new Set<string>()
  const faults = new Set<string>()
  const walk = (nodes: readonly ConfigNode[], above: readonly string[]) => {
    for (const { line, children } of nodes) {
      const fault = judgeLine(above, line)
      forms.add(formIn(above, line))
      if (isRefused(fault)) faults.add(faultOf(line, fault))
      walk(children, [...above, line])
    }
  }
  walk(parseConfig(text).children, [])
  return { lines: new OwnLines(text), forms, faults }
}

function faultOf(line: string, fault: Refused) {
  if (fault.kind === 'misspelt') return fault.word
  const words = line.split(/\s+/)
  return typedWords('token' in fault ? words.slice(0, fault.token + 1) : words)
}

function isInterface(word: string) {
  const letters = /^[a-z-]+/i.exec(word)?.[0].toLowerCase()
  return letters !== undefined && INTERFACES.some((kind) => kind.startsWith(letters))
}

function numbersIn(list: string) {
  return list.split(/[,-]/).map(Number)
}

function isAddress(word: string) {
  const parts = word.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

function isAsNumber(word: string) {
  const parts = word.split('.').map(Number)
  const limit = parts.length === 1 ? 4_294_967_295 : 65_535
  return parts.length <= 2 && parts.every((part) => part <= limit) && parts.some((part) => part > 0)
}

/** They are no configuration: a session never changes them. */
export interface ConfigFrame {
  readonly header: readonly string[]
  readonly footer: readonly string[]
}

export interface FramedConfig {
  readonly frame: ConfigFrame
  readonly tree: ConfigTree
}

/** Reads a configuration text as a switch would at boot: header and `end` aside. */
export function readFramed(text: string): FramedConfig {
  const { children, tail } = parseConfig(text)
  const last = children.at(-1)
  const ended = last?.line === 'end' && last.indent === undefined
  const [first, ...rest] = ended ? children.slice(0, -1) : children
  const footer = ended ? [...last.lead, 'end', ...tail] : tail
  if (first === undefined) return { frame: { header: [], footer }, tree: { children: [], tail: [] } }
  return { frame: { header: first.lead, footer }, tree: { children: [{ ...first, lead: [] }, ...rest], tail: [] } }
}

/** The text of a configuration in its frame, as `show running-config` prints it. */
export function renderFramed(tree: ConfigTree, { header, footer }: ConfigFrame): string {
  return [printedLines(header), renderConfig(bare(tree)), printedLines(footer)].join('')
}

function bare(tree: ConfigTree) {
  const [first, ...rest] = tree.children
  if (first === undefined || first.lead.length === 0) return tree
  return { children: [{ ...first, lead: first.lead.filter((row) => row.trim() !== '!') }, ...rest], tail: tree.tail }
}
