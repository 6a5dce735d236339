import type { Problem } from '../../model/problem.ts'
import { readLineGlob } from '../../text/source/line-glob.ts'
import { keyPlaceOf, type LocatedValue, textPlaceOf } from '../../text/source/located.ts'
import type { ChangeSource, Workflow } from './definition/workflow.ts'
import type { WorkflowOutline } from './definition/workflow-schema.ts'
import { type Files, readNamed } from './template/files.ts'
import { templateFileProblems, templateProblems } from './template/render.ts'

type ChangeOutline = WorkflowOutline['change']

/** The names under which templates see the switch that is changed, and all switches. */
export const SEEN = ['device', 'fabric']

/** A change: how it is made, where its lines come from, and what of a switch stays. */
export function changeOf(change: ChangeOutline, located: LocatedValue): Workflow['change'] {
  const { mode, vars, keep } = change
  return {
    mode,
    source: changeSourceOf(change, located),
    ...(vars === undefined ? {} : { vars }),
    ...(keep === undefined ? {} : { keep }),
  }
}

/** Where the lines of a change come from; the `file` path and each of `lines` are templates themselves. */
function changeSourceOf(change: ChangeOutline, located: LocatedValue): ChangeSource {
  const at = (member: string) => textPlaceOf(located, ['change', member])
  if (change.template !== undefined) return { from: 'template', path: change.template, at: at('template') }
  if (change.file !== undefined) return { from: 'file', path: change.file, at: at('file') }
  const lines = (change.lines ?? []).map((text, index) => ({
    text,
    at: textPlaceOf(located, ['change', 'lines', index]),
  }))
  return { from: 'lines', lines }
}

/**
 * What is wrong with `change:` before any value is known: no or two sources, a missing template, and of a template its syntax
 * and each filter, test and name that there is not. `params` are the names of the parameters.
 */
export function changeProblems(
  change: ChangeOutline,
  located: LocatedValue,
  workflowFile: string,
  files: Files,
  params: readonly string[],
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
  const kept = keepProblems(change, located)
  if (kept.length > 0) return kept
  const source = changeSourceOf(change, located)
  // The variables of hosts are known when a switch is: rendering says which are missing.
  const known = change.vars === undefined ? [...params, ...SEEN, 'rotated'] : undefined
  if (source.from === 'lines') return source.lines.flatMap(({ text, at }) => templateProblems(text, at, known))
  if (source.from === 'file') return templateProblems(source.path, source.at, known)
  const read = readNamed(source.path, source.at, workflowFile, files)
  if (!read.ok) return read.problems
  return templateFileProblems(read.value, known, files)
}

/** What is wrong with the globs of the lines that stay, each at its place. */
function keepProblems({ mode, keep = [] }: ChangeOutline, located: LocatedValue): readonly Problem[] {
  if (mode !== 'replace' && keep.length > 0) {
    const message = '`keep` is for `mode: replace`: a merge takes away what its own lines say'
    return [{ code: 'keep-in-merge', message, at: keyPlaceOf(located, ['change', 'keep']), hint: 'leave it out' }]
  }
  return keep.flatMap((text, index): Problem[] => {
    const read = readLineGlob(text)
    if (!('message' in read)) return []
    const place = textPlaceOf(located, ['change', 'keep', index])
    const at = { ...place, column: place.column + read.at }
    return [{ code: 'bad-keep', message: read.message, at, hint: read.hint }]
  })
}

function notOneSource(given: readonly string[], located: LocatedValue): Problem {
  const message =
    given.length === 0 ? '`change` does not say what changes' : `\`change\` has ${given.join(' and ')} at once`
  const hint = 'give exactly one of `template`, `lines` and `file`'
  return { code: 'change-source', message, at: keyPlaceOf(located, ['change']), hint }
}
