import { Modes } from '../syntax/modes.ts'
import { fitOf, type SyntaxNode } from '../syntax/syntax-tree.ts'
import { TABLE } from '../syntax/table.ts'
import { typeOf } from '../syntax/value-type.ts'
import { type Draft, isNegated } from './draft.ts'
import { wordsOf } from './pattern.ts'
import { meaningOf } from './rules.ts'

const modes = new Modes(TABLE)

const isKeyword = (word: string) => word === word.toLowerCase() && modes.hasWord(word)

// The places in a line of its values, from 0.
function valuesFrom(above: readonly string[], words: readonly string[]): readonly number[] {
  const mode = modes.opened(above)
  let node: SyntaxNode | undefined = mode === undefined ? undefined : modes.tree(mode)
  return words.flatMap((word, at) => {
    const keyword = node?.words.get(word)
    const value = keyword === undefined ? node?.values.find((edge) => fitOf(edge, word) === 'fits') : undefined
    const isName = value !== undefined && !isKeyword(word)
    const isValue = keyword === undefined && (isName || typeOf(word) !== 'word')
    node = keyword ?? value?.next
    return isValue ? [at] : []
  })
}

/** The lines of a block that begin with the words of a command and go on, and which of them `no` before it means: none if they are of several kinds. */
export interface BegunLines {
  readonly lines: readonly Draft[]
  readonly meant: readonly Draft[]
}

/**
 * The lines of a block that a shorter command begins. It means them if they are of one kind; of several it means the setting of which it is all
 * but the value: `ip address` and not `ip address virtual` (docs/eos.md 4.8).
 *
 * @param above the commands that open the block, outermost first
 */
export function begunLines(block: Draft, line: string, above: readonly string[]): BegunLines {
  const head = `${line} `
  const lines = block.children.filter((child) => oneBlank(child.line).startsWith(head))
  if (lines.length < 2) return { lines, meant: lines }
  const given = wordsOf(line).length
  const kinds = lines.map((child) => kindBehind(block.mode, child.line, given, above))
  const isOneKind = kinds.every((kind) => kind === kinds[0])
  return { lines, meant: isOneKind ? lines : lines.filter((child) => isSettingOf(block.mode, child.line, given)) }
}

const oneBlank = (line: string) => (line.includes('  ') ? wordsOf(line).join(' ') : line)

function isSettingOf(mode: string, line: string, given: number) {
  const { kind, pattern } = meaningOf(mode, line)
  const parts = pattern?.words.map((word) => word.kind) ?? []
  if (parts.slice(0, given).includes('value') || parts.length < given) return false
  const behind = parts.slice(given)
  return kind === 'line'
    ? behind[0] === 'value' && behind.length > 1
    : behind.every((part) => part === 'value' || part === 'end')
}

function kindBehind(mode: string, line: string, given: number, above: readonly string[]) {
  const words = wordsOf(line)
  const { kind, pattern } = meaningOf(mode, line)
  const ruled = pattern?.words ?? []
  const isLine = kind === 'line' || kind === 'unknown'
  const values = isLine ? new Set(valuesFrom(above, words)) : undefined
  const isKept = (at: number) => {
    const part = ruled[at]?.kind
    return part === 'value' ? values?.has(at) === false : part !== 'end'
  }
  const kept = words.slice(0, ruled.length).map((word, at) => (at >= given && isKept(at) ? word : ''))
  if (values === undefined) return kept.join(' ').trim()
  const from = Math.max(given, ruled.length)
  const end = words.findIndex((_, at) => at >= from && values.has(at))
  return [...kept, ...words.slice(from, end < 0 ? undefined : end)].join(' ').trim()
}

/** Whether a line of a block begins with the words of a command. */
export function isBegun(block: Draft, line: string): boolean {
  return (
    block.withLine(line) !== undefined || block.children.some((child) => oneBlank(child.line).startsWith(`${line} `))
  )
}

/** The lines of a block that begin so with or without `no`. */
export function allBegun(block: Draft, line: string): Draft[] {
  const head = `${line} `
  return block.children.filter(({ line: other }) => {
    const bare = isNegated(other) ? other.slice(3) : other
    return bare === line || bare.startsWith(head)
  })
}
