import { isExecAlone } from '../config/guard.ts'
import type { InventoryDevice } from '../inventory/inventory.ts'
import type { Problem } from '../model/problem.ts'
import { judgedLines } from '../plan/rendered.ts'
import { changeLines } from '../workflow/change.ts'
import type { Files } from '../workflow/files.ts'
import { type ChangeText, changeText } from '../workflow/habit/change-text.ts'
import { type Warning, warning } from '../workflow/habit/warning.ts'
import { type GivenParams, readParams } from '../workflow/param/read.ts'
import type { Workflow } from '../workflow/workflow.ts'

/** What is wrong with the lines of a change before a switch is asked, and what the plan will ask a switch about. */
export interface JudgedChange {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
}

/**
 * Judges the lines of a workflow's change: rendered for each of its switches where the parameters have values, given or by
 * default, and as they are written where they have none. A line of which a parameter decides the first word can only be
 * judged rendered.
 */
export function judgedChange(
  workflow: Workflow,
  given: GivenParams,
  devices: readonly InventoryDevice[],
  files: Files,
): JudgedChange {
  const params = readParams(workflow, given)
  const rendered = params.ok
    ? devices.flatMap((device) => {
        const change = changeLines(workflow, params.value, device, files)
        if (!change.ok) return []
        const file = `${change.value.sources[0]?.file ?? workflow.file} (rendered for ${device.name})`
        return [judgedLines({ ...change.value, file }, workflow.allow)]
      })
    : []
  const typed = Object.keys(given).length > 0 && !params.ok ? params.problems : []
  const judged = rendered.length > 0 ? rendered : [asWritten(workflow, files)]
  return {
    problems: once([...typed, ...judged.flatMap(({ problems }) => problems)]),
    warnings: once(judged.flatMap(({ warnings }) => warnings)).map(({ code, message, at, hint }) =>
      warning(code, message, at, hint ?? ''),
    ),
  }
}

const VALUE = /\{\{[\s\S]*?\}\}/g
/** What stands for a value that is not known yet: a word that is short for no other. */
const ANY = 'x1'

/** The lines as their file has them; of one that holds a value only what stands before it is judged. */
function asWritten(workflow: Workflow, files: Files): { problems: readonly Problem[]; warnings: readonly Problem[] } {
  const { source } = workflow.change
  const texts = changeText({ ...workflow, change: { mode: 'merge', source } }, files)
  const lines = texts.map(({ text }) => text.replace(VALUE, ANY))
  const { problems, warnings } = judgedLines({ mode: workflow.change.mode, lines, file: '' }, workflow.allow)
  return {
    problems: problems.filter((one) => isConstant(texts, one)).map((one) => placed(texts, one)),
    warnings: warnings.filter(({ at }) => !hasValue(texts[at.line - 1])).map((one) => placed(texts, one)),
  }
}

const hasValue = (text: ChangeText | undefined): boolean => text === undefined || text.text.includes('{{')

/**
 * Whether no value can make a good line of it: its first two words are written, or the first one and it begins exec commands
 * alone.
 */
function isConstant(texts: readonly ChangeText[], { at }: Problem): boolean {
  const written = texts[at.line - 1]?.text.split('{{', 1)[0] ?? ''
  const first = /^\s*(?:(?:no|default)\s+)*(\S+)\s/.exec(written)?.[1] ?? ''
  return !hasValue(texts[at.line - 1]) || /^\s*\S+\s+\S+\s/.test(written) || isExecAlone(first)
}

function placed<P extends Problem>(texts: readonly ChangeText[], problem: P): P {
  return { ...problem, at: texts[problem.at.line - 1]?.at ?? problem.at }
}

/** What is wrong with a line is told for the first switch that has it. */
function once(problems: readonly Problem[]): readonly Problem[] {
  const keyed = problems.map((one) => [JSON.stringify([one.code, one.message, one.at.line]), one] as const)
  return [...new Map(keyed.toReversed()).values()].toReversed()
}
