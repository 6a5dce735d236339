import type { Inventory } from '../../change/inventory/inventory.ts'
import { type PreparedChange, prepare } from '../../change/plan/prepare.ts'
import { type FiledChange, judgedChange, otherTicket } from '../../change/workflow/change-file.ts'
import type { Workflow } from '../../change/workflow/definition/workflow.ts'
import { type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { acceptUnless, problemsOf } from '../../text/source/located.ts'
import type { Host } from '../system/process/host.ts'
import { InputError, orProblems } from '../system/process/input-error.ts'
import { changeFilesIn, workflowsIn } from './files-of-project.ts'
import { loadWorkflow } from './load-workflow.ts'
import { paramsWithSecret } from './params-with-secret.ts'
import type { Project } from './project.ts'

export interface ChangeWithWorkflow {
  readonly filed: FiledChange
  readonly workflow: Workflow
}

export interface ChangeGround {
  readonly project: Project
  readonly scrubber?: Host['scrubber'] | undefined
}

/** Throws InputError with all that is wrong. */
export function changeGiven({ scrubber }: Pick<Host, 'scrubber'>, project: Project, path: string): PreparedChange {
  const { filed, workflow } = changeFileOf({ project, scrubber }, path)
  return orProblems(preparedOf(project, filed, workflow, project.inventory()))
}

/** Throws InputError. */
export function changeFileOf({ project, scrubber }: ChangeGround, path: string): ChangeWithWorkflow {
  const { problems, good } = judgedChange(project.files, path, changeFilesIn(project.dir))
  const filed = orProblems(
    acceptUnless([...problems, ...problemsBeside(project, problems, good)], () => good as FiledChange),
  )
  const { read } = filed
  const secret = scrubber === undefined ? [] : paramsWithSecret({ scrubber }, read.params)
  if (secret.length > 0) throw new InputError(secret.map((name) => secretIn(filed, name)))
  return { filed, workflow: workflowOf(project, filed) }
}

function problemsBeside(project: Project, problems: readonly Problem[], good: FiledChange | undefined) {
  if (problems.length === 0 || good === undefined) return []
  const { read } = good
  const isBeside = ({ code, at }: Problem) =>
    at.file === read.file && (code !== 'missing-parameter' || Object.keys(read.params).length > 0)
  try {
    return problemsOf(preparedOf(project, good, workflowOf(project, good), project.inventory())).filter(isBeside)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems.filter(isBeside)
  }
}

export function preparedOf(
  project: Pick<Project, 'files'>,
  { read, terms, sources }: FiledChange,
  workflow: Workflow,
  inventory: Inventory,
): ValueOrProblems<PreparedChange> {
  const prepared = prepare({
    workflow,
    given: read.params,
    inventory,
    files: project.files,
    changeFile: { terms, sources },
    ...(read.targets === undefined ? {} : { only: read.targets.expression, onlyAt: read.targets.at }),
  })
  if (!prepared.ok) {
    const problems = prepared.problems.map((one) =>
      one.code === 'missing-parameter' ? { ...one, ...place(read) } : one,
    )
    return acceptUnless(problems, () => undefined as never)
  }
  return acceptUnless(otherTicket(read, prepared.value.around), () => prepared.value)
}

function place({ paramsAt }: FiledChange['read']): Pick<Problem, 'at' | 'hint'> {
  return { at: paramsAt, hint: 'write it under `params:`' }
}

function workflowOf(project: Project, { read: { workflow } }: FiledChange) {
  const known = workflowsIn(project.dir)
  try {
    return loadWorkflow(project, workflow.path, known)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(
      error.problems.map((one) =>
        one.at.file === workflow.path && one.code === 'no-such-file' ? { ...one, at: workflow.at } : one,
      ),
    )
  }
}

function secretIn({ read: { file, paramsAt } }: FiledChange, name: string): Problem {
  const hint = 'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.'
  return {
    ...problemOf(file, 'secret-parameter', `the parameter \`${name}\` holds a secret of this project`, hint),
    at: paramsAt,
  }
}
