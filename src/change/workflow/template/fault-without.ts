import type { Place, Problem } from '../../../model/problem.ts'
import { readText } from '../../../text/source/text.ts'
import type { Workflow } from '../definition/workflow.ts'
import type { Files } from './files.ts'

/**
 * Whether the part of a template in which a fault is, `{{ … }}` or `{% … %}`, uses none of these parameters, and no name that the
 * template gives a value itself: then no value of theirs mends it.
 */
export function isFaultWithout(
  names: readonly string[],
  { at }: Problem,
  { change: { source } }: Pick<Workflow, 'change'>,
  files: Files,
): boolean {
  const template = source.from === 'lines' ? writtenLine(source.lines, at) : templateAt(at, files)
  const part = template === undefined ? undefined : partAt(template)
  return part !== undefined && !namesAny(part, [...names, ...ownNames(template?.text ?? '')])
}

export function namesAny(text: string, names: readonly string[]): boolean {
  return names.some((name) => new RegExp(`\\b${name}\\b`).test(text))
}

interface Fault {
  readonly text: string
  readonly offset: number
}

function writtenLine(lines: readonly { readonly text: string; readonly at: Place }[], at: Place): Fault | undefined {
  const line = lines.findLast((one) => one.at.line === at.line && one.at.column <= at.column)
  return line === undefined || line.text.includes('\n')
    ? undefined
    : { text: line.text, offset: at.column - line.at.column }
}

function templateAt({ file, line, column }: Place, files: Files): Fault | undefined {
  const content = files(file)
  const read = content === undefined ? undefined : readText(content, file)
  if (read?.ok !== true) return undefined
  const before = read.value.split('\n').slice(0, line - 1)
  return { text: read.value, offset: before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1 }
}

function partAt({ text, offset }: Fault) {
  for (const { 0: part, index } of text.matchAll(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g)) {
    if (index <= offset && offset < index + part.length) return part
  }
  return undefined
}

function ownNames(text: string) {
  const statements = text.match(/\{%-?\s*(?:set|for|macro|call|with|import|from)\b[\s\S]*?%\}/g) ?? []
  return statements.flatMap(
    (statement) =>
      (/^\{%-?\s*(?:set|for)\s+([^=]*?)(?:=|\bin\b|%\})/.exec(statement)?.[1] ?? statement).match(/[A-Za-z_]\w*/g) ??
      [],
  )
}
