import type { YAMLError } from 'yaml'
import type { Place, Problem } from '../../model/error.ts'
import { type LocatedValue, placeOfOffset } from './located.ts'
import { lookalikeIn } from './lookalike.ts'

const HINTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'quote the text if the asterisk belongs to it',
  BAD_DQ_ESCAPE: 'use single quotes: nothing is an escape in them',
  BAD_INDENT: 'begin it in the same column as the lines beside it; if a bracket is open above, close it',
  BAD_SCALAR_START: 'put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put a value that holds `: ` in quotes, or begin a new line',
  BLOCK_IN_FLOW: 'close the bracket, or write the list with one item per line',
  MISSING_CHAR: 'add the missing quote, bracket, comma or value',
  MULTILINE_IMPLICIT_KEY: 'write `key: value`, with a blank after the colon, or mend the indent of this line',
  MULTIPLE_DOCS: 'keep one document: delete the `---` and what follows it',
  TAB_AS_INDENT: 'write spaces in place of the tab',
  TAG_RESOLVE_FAILED: 'delete the tag, or quote the text if the exclamation mark belongs to it',
  UNEXPECTED_TOKEN: 'check quotes, brackets and indentation here and on the line above',
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/same column/, 'this line does not begin in the column of the lines beside it'],
  [/^implicit keys need to be on a single line/i, 'this line has no `: `'],
  [/^nested mappings are not allowed in compact/i, 'this line has two `: `'],
  [/^flow (?:sequence|map).* end with a \]/i, 'a `[` before this place is not closed'],
  [/^flow (?:sequence|map).* end with a \}/i, 'a `{` before this place is not closed'],
  [/^missing , or : between flow/i, 'a `,` is missing, or the value needs quotes'],
  [/^missing closing ['"]/i, 'this quote is not closed'],
]

type Lines = Pick<LocatedValue, 'file' | 'lineStarts'>

/** What follows a bracket, a quote or a key that has no end is a guess of the parser, so only the first of these is given. */
export function yamlProblems(faults: readonly YAMLError[], text: string, lines: Lines): readonly Problem[] {
  const sorted = faults.toSorted((a, b) => a.pos[0] - b.pos[0])
  const open = sorted.findIndex(({ code, message }) => OPEN.has(code) || message.startsWith('Flow '))
  return sorted
    .slice(0, open < 0 ? undefined : open + 1)
    .map((fault) => explained(fault, text, lines))
    .filter(firstOfLine)
}

const OPEN: ReadonlySet<YAMLError['code']> = new Set([
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
  'BLOCK_AS_IMPLICIT_KEY',
])

function firstOfLine(problem: Problem, index: number, all: readonly Problem[]) {
  return all.findIndex((other) => other.at.line === problem.at.line) === index
}

function explained(fault: YAMLError, text: string, lines: Lines): Problem {
  const at = placeOfOffset(lines, fault.pos[0])
  const line = lineOf(text, lines, at.line)
  return (
    strangeCharacter(text, lines, at) ??
    openQuote(fault, text, lines) ??
    template(fault, line, at) ?? {
      code: 'yaml-syntax',
      message: `not valid YAML: ${plain(fault.message)}`,
      at,
      hint:
        closing(fault.message) ??
        colonHint(fault, line) ??
        HINTS[fault.code] ??
        'check quotes, brackets and indentation',
    }
  )
}

function lineOf(text: string, { lineStarts }: Lines, line: number) {
  return text.slice(lineStarts[line - 1] ?? 0, lineStarts[line] ?? text.length).replace(/\r?\n$/, '')
}

function strangeCharacter(text: string, lines: Lines, at: Place): Problem | undefined {
  for (const line of [at.line, at.line - 1]) {
    if (line < 1) continue
    const found = lookalikeIn(lineOf(text, lines, line).replace(/(?:^|\s)#.*$/, ''))
    if (found === undefined) continue
    const { message, hint, index } = found
    return { code: 'yaml-syntax', message: `here is ${message}`, at: { ...at, line, column: index + 1 }, hint }
  }
  return undefined
}

function openQuote({ message }: YAMLError, text: string, lines: Lines): Problem | undefined {
  const [, quote] = /^Missing closing (['"])/.exec(message) ?? []
  if (quote === undefined) return undefined
  const begins = new RegExp(`(?:^|[\\s\\[{,])${quote}(?=[^${quote}]*(?:${quote}${quote}[^${quote}]*)*$)`, 'm')
  const found = begins.exec(text)
  const offset = found === null ? text.length : found.index + found[0].length - 1
  const hint = `close it with ${quote} at the end of the value, in the same line`
  return { code: 'yaml-syntax', message: 'this quote is not closed', at: placeOfOffset(lines, offset), hint }
}

function template({ code }: YAMLError, line: string, at: Place): Problem | undefined {
  const braces = /\{\{.*?\}\}/.exec(line)
  if (braces === null || /'[^']*\{\{/.test(line) || !BRACES.has(code)) return undefined
  const value = /\[([^\]]*)\]/.exec(line)?.[1] ?? line.replace(/^[\s-]*(?:[\w-]+:\s)?/, '')
  const isList = /\[[^\]]*\{\{/.test(line)
  const quoted = `'${value.trim().replaceAll("'", "''")}'`
  return {
    code: 'yaml-syntax',
    message: 'YAML takes {{ for a mapping here',
    at: { ...at, column: braces.index + 1 },
    hint: `put a line with {{ }} in quotes: ${isList ? `[${quoted}]` : quoted}`,
  }
}

const BRACES: ReadonlySet<YAMLError['code']> = new Set([
  'MISSING_CHAR',
  'NON_STRING_KEY',
  'BLOCK_IN_FLOW',
  'UNEXPECTED_TOKEN',
  'BAD_INDENT',
])

function closing(message: string) {
  const [, bracket] = /^Flow .* end with a ([\]}])/.exec(message) ?? []
  return bracket === undefined ? undefined : `write \`${bracket}\` before this place`
}

function colonHint({ code }: YAMLError, line: string) {
  if (code !== 'MULTILINE_IMPLICIT_KEY') return undefined
  const [, key, value] = /^\s*([A-Za-z][\w-]*):(\S.*)$/.exec(line) ?? []
  if (key !== undefined) return `a blank is missing after the colon: \`${key}: ${value}\``
  const [, word, rest] = /^\s*([A-Za-z][\w-]*) +(\S.*)$/.exec(line) ?? []
  if (word !== undefined) return `write \`${word}: ${rest}\`, or mend the indent of this line`
  const [, alone] = /^\s*([A-Za-z][\w-]*)\s*$/.exec(line) ?? []
  return alone === undefined ? undefined : `write \`- ${alone}\` where it is an item of a list, or \`${alone}: VALUE\``
}

function plain(message: string): string {
  const known = WORDS.find(([pattern]) => pattern.test(message))?.[1]
  return known ?? `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replace(/; please use .*$/, '')
}
