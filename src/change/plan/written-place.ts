import type { KnownForm } from '../../eos/config/guard/guard.ts'
import type { Problem } from '../../model/problem.ts'
import type { Workflow } from '../workflow/definition/workflow.ts'
import { changeText } from '../workflow/habit/change-text.ts'
import type { ChangeLines } from '../workflow/template/change.ts'
import type { Files } from '../workflow/template/files.ts'
import { renderedChange } from './rendered.ts'

const VALUE = /\\\{\\\{[\s\S]*?\\\}\\\}/g
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g

/** What a change is rendered within. */
interface Rendering {
  readonly workflow: Workflow
  readonly files: Files
  readonly device: string
  readonly forms: readonly KnownForm[]
}

/**
 * The change of a switch, by its rendered lines. A problem of a line has the place where the line is written, where a line of the file can
 * become it; another one keeps its place in what was rendered.
 */
export function renderedAsWritten(
  given: ChangeLines,
  { workflow, files, device, forms }: Rendering,
): ReturnType<typeof renderedChange> {
  const file = `${given.sources[0]?.file ?? workflow.file} (rendered for ${device})`
  const change = renderedChange({ ...given, file }, workflow.allow, forms)
  if (change.ok) return change
  const texts = changeText(workflow, files).map((one) => ({ ...one, pattern: patternOf(one.text) }))
  const [first, ...rest] = change.problems.map((problem) => {
    const line = problem.at.file === file ? given.lines[problem.at.line - 1] : undefined
    const written = line === undefined ? undefined : texts.find(({ pattern }) => pattern?.test(line.trim()))
    if (written === undefined) return problem
    const indent = written.text.length - written.text.trimStart().length
    return { ...problem, at: { ...written.at, column: written.at.column + indent } }
  })
  return first === undefined ? change : { ok: false, problems: [first, ...rest] }
}

/** What a line of a file can become: its values are any text. Undefined for a line that is a value alone. */
function patternOf(text: string): RegExp | undefined {
  const words = text.trim()
  if (words.replace(/\{\{[\s\S]*?\}\}/g, '').trim() === '') return undefined
  return new RegExp(`^${words.replace(SPECIAL, '\\$&').replace(VALUE, '.*')}$`)
}

/** Problems without those that say the same at the same place for another switch. */
export function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [JSON.stringify([one.code, one.message, one.at]), one])).values()]
}
