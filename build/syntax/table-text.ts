import type { SyntaxTable } from '../../src/eos/config/syntax/modes.ts'
import type { Facts } from './facts.ts'
import { ANY, ENOUGH, type Grown, type GrownModes, OF_MANUAL, OF_SWITCH, valueText } from './grown-tree.ts'

/** The table that `src/eos/config/syntax` reads, out of grown trees. */
export function syntaxTable(modes: GrownModes, facts: Facts): SyntaxTable {
  const texts = [...modes].map(([mode, tree]) => [mode, modeText(mode, tree, facts)] as const)
  const kept = texts.filter(([mode, text]) => mode === '' || text !== '').toSorted(([a], [b]) => (a < b ? -1 : 1))
  const inTrees = new Set(kept.flatMap(([mode, text]) => `${mode} ${text}`.toLowerCase().match(/[a-z][\w.-]*/g) ?? []))
  const others = new Set(facts.words.map((word) => word.toLowerCase()).filter((word) => !inTrees.has(word)))
  return { modes: Object.fromEntries(kept), words: [...others].toSorted().join(' ') }
}

function modeText(mode: string, tree: Grown, facts: Facts): string {
  const isSeldom = tree.sources.size < 2
  const text = treeText(tree, facts, { isVague: false, isSeldom, isEither: !OF_FAMILY.test(mode) })
  return text !== '' && isSeldom ? `~ ${text}` : text
}

/** What is said of IPv4, or of IPv6. */
const OF_FAMILY = /\bip(?:v[46])?\b/

/** What is known of a place by the words before it. */
interface Behind {
  /** A value of which too few are known: what may follow depends on it. */
  readonly isVague: boolean
  /** One source alone has it. */
  readonly isSeldom: boolean
  /** No word of IPv4 or IPv6: where addresses of one stand, those of the other may. */
  readonly isEither: boolean
}

function treeText(tree: Grown, facts: Facts, behind: Behind): string {
  const items = [...tree.words]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, next]) =>
      itemText(word, next, facts, { ...behind, isEither: behind.isEither && !OF_FAMILY.test(word) }),
    )
  if (tree.value === undefined) return items.join(' ')
  const type = behind.isVague ? ANY : valueText(tree.value, facts, behind.isEither)
  const isFew = type === ANY && tree.value.seen.size < ENOUGH
  return [...items, itemText(type, tree.value, facts, { ...behind, isVague: behind.isVague || isFew })].join(' ')
}

function itemText(name: string, next: Grown, facts: Facts, behind: Behind): string {
  const isSeldom = behind.isSeldom || behind.isVague || next.sources.size < 2
  const inner = treeText(next, facts, { ...behind, isSeldom })
  const seldom = isSeldom && !behind.isSeldom ? '~' : ''
  return inner === '' ? `${name}${seldom}` : `${name}${mayEnd(next) ? '$' : ''}${seldom}(${inner})`
}

/** Whether lines may end here: that those of one collection alone do says nothing where many others go on, unless it is the manual or a switch. */
function mayEnd({ ends, sources }: Grown): boolean {
  return ends.size > 1 || ends.has(OF_MANUAL) || ends.has(OF_SWITCH) || (ends.size === 1 && sources.size < MANY)
}

const MANY = 4

/** The text of `src/eos/config/syntax/table.ts`: one line for each mode. */
export function tableModule({ modes, words }: SyntaxTable): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const rows = Object.entries(modes).map(([mode, text]) => `    ${quoted(mode)}: ${quoted(text)},`)
  return `${HEAD}export const TABLE: SyntaxTable = {\n  modes: {\n${rows.join('\n')}\n  },\n  words: ${quoted(words)},\n}\n`
}

const HEAD = `// Made by \`npm run syntax\` (docs/syntax.md): not written by hand.
import type { SyntaxTable } from './modes.ts'

/**
 * The lines that EOS takes, by mode.
 *
 * Source: facts of syntax, no text: the keywords, places of values, enumerations and ranges of the templates and the schema of arista.avd
 * (eos_cli_config_gen, Apache-2.0), the keywords of Batfish's Arista lexer (Apache-2.0), and the forms of the lines of public
 * configurations (docs/syntax.md names them).
 */
`
