import { renderedChange } from '../../../change/plan/rendered.ts'
import { vouchedForms } from '../../../change/plan/taken-forms.ts'
import { typedBlocks, type UnclearLine } from '../../../eos/config/guard/typed-blocks.ts'
import { redactTyped } from '../../../eos/config/secrets/short-secrets.ts'
import { type Place, type Problem, problemOf } from '../../../model/problem.ts'
import { readText } from '../../../text/source/text.ts'
import type { Project } from '../../files/project.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError, orProblems } from '../../system/process/input-error.ts'

export interface GivenLines {
  readonly file?: string
  readonly content: string | Uint8Array
}

/** The lines of a change in their blocks, after every guard that needs no switch. Throws InputError with everything that is wrong, each thing at its line. */
export function givenLines(
  { scrubber }: Pick<Host, 'scrubber'>,
  project: Project,
  { file, content }: GivenLines,
): readonly string[] {
  const name = file ?? 'LINE'
  const given = orProblems(readText(content, name)).split(/\r?\n/)
  const { lines, places, unclear } = typedBlocks(given)
  if (lines.length === 0) throw new InputError([noLines(name)])
  const placeOf = (index: number): Place =>
    file === undefined ? { file: `line ${index + 1}`, line: 1, column: 1 } : { file, line: index + 1, column: 1 }
  const problemAt = (index: number, code: string, message: string, hint: string): Problem => ({
    ...problemOf(name, code, message, hint),
    at: placeOf(index),
  })
  const known = orProblems(vouchedForms(project.files))
  const judged = renderedChange({ mode: 'merge', lines, file: name }, [], known.forms)
  const problems = [
    ...given.flatMap((line, index) => templateIn(line).map((mark) => problemAt(index, ...templated(mark)))),
    ...given.flatMap((line, index) => (scrubber.scrub(line) === line ? [] : [problemAt(index, ...SECRET)])),
    ...unclear.map((one) => problemAt(one.index, ...twoReadings(one))),
    ...(judged.ok ? [] : judged.problems.map((one) => ({ ...one, at: placeOf(places[one.at.line - 1] ?? 0) }))),
  ]
  if (problems.length > 0) throw new InputError(problems)
  return lines
}

const templateIn = (line: string) => line.match(/\{[{%#]/)?.slice(0, 1) ?? []

type Said = readonly [code: string, message: string, hint: string]

const templated = (mark: string): Said => [
  'template',
  `\`${mark}\` begins a template, and these lines are sent as they are typed`,
  'Write the values, or write a workflow: a workflow renders its lines for each switch.',
]

const SECRET: Said = [
  'secret-line',
  'the line holds a secret of this project',
  'Lines are shown to approvers. Write a secret in the form in which the switch prints it.',
]

function twoReadings({ line, inside }: UnclearLine): Said {
  const block = inside.map((one) => `\`${redactTyped(one)}\``).join(' > ')
  return [
    'unclear-block',
    `\`${redactTyped(line)}\` can be a line of ${block}, or of the root`,
    'Indent each line that belongs to a block, or write `exit` before a line that does not.',
  ]
}

function noLines(file: string) {
  const hint = "Give each line as an argument ('interface Ethernet10' 'description X'), or `-`, or --file FILE."
  return problemOf(file, 'no-lines', 'there is no line to be sent', hint)
}
