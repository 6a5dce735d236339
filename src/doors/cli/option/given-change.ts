import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type PreparedChange, prepare } from '../../../change/plan/prepare.ts'
import { isChangeFile } from '../../../change/workflow/change-file.ts'
import { changeGiven } from '../../../project/files/change-given.ts'
import { workflowsIn } from '../../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../../project/files/load-workflow.ts'
import type { Project } from '../../../project/files/project.ts'
import { inputError, orProblems } from '../../../project/system/process/input-error.ts'
import { readGiven } from '../../../project/system/process/read-given.ts'
import type { Invocation } from '../terminal/io.ts'
import { givenParams } from './given-params.ts'

/** The change that a command line names by a change file, or by a workflow's file, its parameters and `-t`. Throws InputError. */
export function givenChange(invocation: Invocation, project: Project, word: string): PreparedChange {
  const { target } = invocation.options
  const path = project.pathOf(word)
  if (isChangeFile(path)) {
    requireNothingBeside(word, invocation.options)
    return changeGiven(invocation.io, project, path)
  }
  const workflow = loadWorkflow(project, path, workflowsIn(project.dir))
  return orProblems(
    prepare({
      workflow,
      given: givenParams(invocation)(workflow.params),
      inventory: project.inventory(),
      ...(typeof target === 'string' ? { only: target } : {}),
      files: project.files,
    }),
  )
}

/** The bytes of a workflow, a change file or a saved plan: what is not at its path from the working folder may be a file of the project. Throws InputError. */
export function bytesGiven(io: Invocation['io'], project: Project, word: string): Uint8Array {
  const inProject = existsSync(resolve(io.cwd, word)) ? undefined : project.files(project.pathOf(word))
  return inProject === undefined ? readGiven(io, word) : Buffer.from(inProject)
}

const SAID_BY_FILE = { target: '-t', param: '-p', params: '--params' } as const

/** Throws InputError where switches or values are given beside a change file: which of both is meant, nobody could see later. */
export function requireNothingBeside(file: string, options: Invocation['options']): void {
  const given = Object.entries(SAID_BY_FILE).filter(([name]) => [options[name] ?? []].flat().length > 0)
  if (given.length === 0) return
  const flags = given.map(([, flag]) => flag).join(', ')
  throw inputError(
    file,
    'bad-usage',
    `${flags}: a change file says its switches and values itself`,
    'Write them into the change file, or name the workflow.',
  )
}
