import type { SyntaxTable } from '../../src/config/syntax/modes.ts'
import type { Facts } from './facts.ts'
import { type Grown, type GrownModes, valueText } from './grown-tree.ts'

/** The table that `src/config/syntax` reads, out of grown trees. */
export function syntaxTable(modes: GrownModes, facts: Facts): SyntaxTable {
  const texts = [...modes].map(([mode, tree]) => [mode, treeText(tree, facts)] as const)
  const kept = texts.filter(([mode, text]) => mode === '' || text !== '').toSorted(([a], [b]) => (a < b ? -1 : 1))
  const inTrees = new Set(kept.flatMap(([mode, text]) => `${mode} ${text}`.toLowerCase().match(/[a-z][\w.-]*/g) ?? []))
  const others = new Set(facts.words.map((word) => word.toLowerCase()).filter((word) => !inTrees.has(word)))
  return { modes: Object.fromEntries(kept), words: [...others].toSorted().join(' ') }
}

function treeText(tree: Grown, facts: Facts): string {
  const items = [...tree.words]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, next]) => itemText(word, next, facts))
  const value = tree.value === undefined ? [] : [itemText(valueText(tree.value, facts), tree.value, facts)]
  return [...items, ...value].join(' ')
}

function itemText(name: string, next: Grown, facts: Facts): string {
  const inner = treeText(next, facts)
  return inner === '' ? name : `${name}${next.isEnd ? '$' : ''}(${inner})`
}

/** The text of `src/config/syntax/table.ts`: one line for each mode. */
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
