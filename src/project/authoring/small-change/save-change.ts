import { basename } from 'node:path'
import { renderedChange } from '../../../change/plan/rendered.ts'
import { vouchedForms } from '../../../change/plan/taken-forms.ts'
import { isChangeFile } from '../../../change/workflow/change-file.ts'
import { typedBlocks, type UnclearLine } from '../../../eos/config/guard/typed-blocks.ts'
import { holdsTypedSecret, redactTyped } from '../../../eos/config/secrets/secrets.ts'
import { EosflowError, messageOf, type Place, type Problem, problemOf } from '../../../model/error.ts'
import { readText } from '../../../text/source/located.ts'
import type { Project } from '../../files/project.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError, inputError, orProblems } from '../../system/process/input-error.ts'
import { requireInside, writeFiles } from '../scaffold/write-files.ts'
import type { LinesFor } from './kept-change.ts'
import { smallChangeText } from './workflow-text.ts'

interface SavedChange {
  readonly name: string
  readonly changeFile: string
  readonly workflow: string
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Throws InputError where one is there already, or it is no place for one. */
export function placeOfSaved(project: Project, typed: string): SavedChange {
  const changeFile = project.pathOf(typed)
  const name = basename(changeFile).replace(/\.ya?ml$/, '')
  if (!isChangeFile(changeFile) || !NAME.test(name) || project.files.isLinked?.(changeFile) === true)
    throw new InputError([noPlace(typed)])
  const workflow = `workflows/${name}.yaml`
  const there = [changeFile, workflow].filter((path) => project.stands(path))
  if (there.length > 0) throw new InputError(there.map(isThere))
  requireInside(project.dir, [changeFile, workflow])
  return { name, changeFile, workflow }
}

/** Throws InputError for lines that hold a secret: a file of the project would have it in clear, for all who read the project. */
export function requireNoSecret({ workflow }: SavedChange, lines: readonly string[]): void {
  const holding = lines.filter(holdsTypedSecret)
  if (holding.length === 0 && !holdsTypedSecret(lines.join('\n'))) return
  const shown = holding.map((line) => `\`${redactTyped(line).trim()}\``)
  const which = shown.length === 0 ? 'a private key' : shown.join(', ')
  const message = `these lines hold a secret, which is saved in no file: ${which}`
  throw inputError(workflow, 'secret-line', message, NO_SECRET)
}

const NO_SECRET =
  'Leave out --save, or write a workflow that takes the secret from the inventory: {{ device.vars.NAME }}.'

/** Writes a change as a change file and its workflow, after its plan was made: what fails now takes nothing of it back. Throws `store`. */
export async function saveChange(
  project: Project,
  { name, changeFile, workflow }: SavedChange,
  { lines, target }: LinesFor,
  switches: number,
): Promise<void> {
  const files = new Map([
    [workflow, smallChangeText({ name, lines, switches })],
    [changeFile, `version: 1\nworkflow: ${name}\ntargets: '${target.replaceAll("'", "''")}'\n`],
  ])
  const kept = await writeFiles(project.dir, files).then(
    (written) => written.kept,
    (cause: unknown) => {
      throw new EosflowError('store', `${changeFile} was not saved: ${messageOf(cause)}`, { cause })
    },
  )
  if (kept.length > 0) throw new EosflowError('store', `${kept.join(', ')}: ${THERE}`)
}

const THERE = 'there is such a file already, and it is left as it is'

function isThere(path: string) {
  return problemOf(path, 'not-writable', THERE, 'Choose another name.')
}

function noPlace(typed: string) {
  const hint = 'Name a file that is not there yet, for example changes/uplink-text.yaml.'
  return problemOf(typed, 'no-change-file', 'a change is saved as changes/NAME.yaml of the project', hint)
}

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
