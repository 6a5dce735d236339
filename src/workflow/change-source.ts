import type { Problem } from '../model/problem.ts'
import { keyPlaceOf, type Located, textPlaceOf } from '../source/located.ts'
import { type Files, readNamed } from './files.ts'
import type { WorkflowOutline } from './schema.ts'
import { templateFault } from './template/render.ts'
import type { ChangeSource } from './workflow.ts'

type ChangeOutline = WorkflowOutline['change']

/** Where the lines of a change come from; the `file` path and each of `lines` are templates themselves. */
export function changeSourceOf(change: ChangeOutline, located: Located): ChangeSource {
  const at = (member: string) => textPlaceOf(located, ['change', member])
  if (change.template !== undefined) return { from: 'template', path: change.template, at: at('template') }
  if (change.file !== undefined) return { from: 'file', path: change.file, at: at('file') }
  const lines = (change.lines ?? []).map((text, index) => ({
    text,
    at: textPlaceOf(located, ['change', 'lines', index]),
  }))
  return { from: 'lines', lines }
}

/** What is wrong with `change:` before any value is known: no or two sources, a missing template, a template's syntax. */
export function changeProblems(
  change: ChangeOutline,
  located: Located,
  workflowFile: string,
  files: Files,
): readonly Problem[] {
  const given = (['template', 'lines', 'file'] as const).filter((member) => change[member] !== undefined)
  if (given.length !== 1) return [notOneSource(given, located)]
  if (change.mode === 'replace' && change.lines !== undefined) {
    const hint = 'use `file:` or `template:` with the whole configuration, or `mode: merge`'
    return [
      {
        code: 'replace-with-lines',
        message: '`mode: replace` needs a whole configuration, not lines',
        at: keyPlaceOf(located, ['change', 'lines']),
        hint,
      },
    ]
  }
  const source = changeSourceOf(change, located)
  if (source.from === 'lines')
    return source.lines.map(({ text, at }) => templateFault(text, at)).filter((fault) => fault !== undefined)
  if (source.from === 'file') return [templateFault(source.path, source.at)].filter((fault) => fault !== undefined)
  const read = readNamed(source.path, source.at, workflowFile, files)
  if (!read.ok) return read.problems
  return [templateFault(read.value.text, { file: read.value.file, line: 1, column: 1 })].filter(
    (fault) => fault !== undefined,
  )
}

function notOneSource(given: readonly string[], located: Located): Problem {
  const message =
    given.length === 0 ? '`change` does not say what changes' : `\`change\` has ${given.join(' and ')} at once`
  const hint = 'give exactly one of `template`, `lines` and `file`'
  return { code: 'change-source', message, at: keyPlaceOf(located, ['change']), hint }
}
