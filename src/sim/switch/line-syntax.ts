import { judgeLine, type LineFault, type LineJudgement } from '../../config/syntax/judge-line.ts'
import type { ConfigNode } from '../../config/tree.ts'

/** A word of a command that EOS checks while it is typed. */
interface CheckedWord {
  /** The command, with the word as its first group. */
  readonly line: RegExp
  /** The place of the word, from 0, `no` and `default` aside. */
  readonly token: number
  readonly fits: (word: string) => boolean
  /** The modes in which the line means this; all without it. */
  readonly modes?: readonly string[]
}

/** Above 4094 no VLAN is usable, yet generated configurations name 4096, and no recording shows that EOS refuses it. */
const VLAN_LIMIT = 4096

/** The kinds of interfaces, and the words that stand in a name's place. */
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
  { line: /^mtu (\d+)$/, token: 1, fits: (word) => Number(word) >= 68 && Number(word) <= 65_535 },
  { line: /^router bgp ([\d.]+)$/, token: 2, fits: isAsNumber },
]

/**
 * The place, from 0, of the first word of a line that EOS does not take there: a VLAN that cannot be, an address that
 * is none, an interface of no kind. Undefined for a line without fault, and for all that is not checked here.
 */
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

/**
 * What a switch says of a line with a misspelt word, or with a number that cannot be. What else the table of the syntax finds is taken: a table
 * knows less than a switch (docs/syntax.md). `own`: words that this switch has all the same.
 */
export function syntaxRefusal(
  above: readonly string[],
  line: string,
  own: () => ReadonlySet<string>,
): string | undefined {
  const fault = judgeLine(above, line)
  if (!isRefused(fault) || own().has(fault.word)) return undefined
  return `Invalid input (at token ${fault.token}: '${fault.word}')`
}

function isRefused(fault: LineJudgement): fault is LineFault {
  return fault.kind === 'misspelt' || fault.kind === 'out-of-range'
}

/** The words of a configuration that no line of the table has at their places. */
export function ownWords(nodes: readonly ConfigNode[], above: readonly string[] = []): ReadonlySet<string> {
  const found = nodes.flatMap(({ line, children }) => {
    const fault = judgeLine(above, line)
    return [...(isRefused(fault) ? [fault.word] : []), ...ownWords(children, [...above, line])]
  })
  return new Set(found)
}

/** A name may be shortened: `et1`, `Po10`, `lo0`. */
function isInterface(word: string): boolean {
  const letters = /^[a-z-]+/i.exec(word)?.[0].toLowerCase()
  return letters !== undefined && INTERFACES.some((kind) => kind.startsWith(letters))
}

function numbersIn(list: string): readonly number[] {
  return list.split(/[,-]/).map(Number)
}

function isAddress(word: string): boolean {
  const parts = word.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

/** Plain (`4200000000`) or dotted (`65000.1`). */
function isAsNumber(word: string): boolean {
  const parts = word.split('.').map(Number)
  const limit = parts.length === 1 ? 4_294_967_295 : 65_535
  return parts.length <= 2 && parts.every((part) => part <= limit) && parts.some((part) => part > 0)
}
