import { basename } from 'node:path'
import { isChangeFile } from '../../../change/workflow/change-file.ts'
import { holdsTypedSecret, redactTyped } from '../../../eos/config/secrets/short-secrets.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import { problemOf } from '../../../model/problem.ts'
import type { Project } from '../../files/project.ts'
import { InputError, inputError } from '../../system/process/input-error.ts'
import { requireInside, writeFiles } from '../scaffold/write-files.ts'
import type { LinesFor } from './kept-change.ts'
import { smallChangeText } from './workflow-text.ts'

export interface SavedChange {
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
