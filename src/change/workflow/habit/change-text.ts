import type { Place } from '../../../model/problem.ts'
import type { Workflow } from '../definition/workflow.ts'
import { type Files, readNamed } from '../template/files.ts'

export interface ChangeText {
  readonly text: string
  readonly at: Place
}

/** The lines of a change that can be seen before a switch and the parameters are known: `lines`, a template without its statements and comments, or a file whose name is constant. */
export function changeText({ change, file }: Pick<Workflow, 'change' | 'file'>, files: Files): readonly ChangeText[] {
  const { mode, source } = change
  if (mode === 'replace') return []
  if (source.from === 'lines')
    return source.lines.flatMap(({ text, at }) => linesOf(text).map((line) => ({ ...line, at })))
  if (source.path.includes('{{')) return []
  const read = readNamed(source.path, source.at, file, files)
  if (!read.ok) return []
  const { file: named, text } = read.value
  return linesOf(text).map(({ text: line, number }) => ({ text: line, at: { file: named, line: number, column: 1 } }))
}

// Lines with their numbers; statements and comments of the template language are blanked, so that the numbers stay.
function linesOf(text: string) {
  const plain = text.replace(/\{[%#][\s\S]*?[%#]\}/g, (statement) => statement.replace(/[^\n]/g, ''))
  return plain.split('\n').map((line, index) => ({ text: line.replace(/[ \t\r]+$/, ''), number: index + 1 }))
}
