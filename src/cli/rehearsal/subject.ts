import { relative } from 'node:path'
import { fabricFolders, readFabric } from '../../app/fabric-folder.ts'
import { InputError } from '../../app/input-error.ts'
import { isPlanFile, readPlanFile } from '../../app/plan-source.ts'
import { preparedAgain, switchesOf } from '../../app/planning.ts'
import type { Project } from '../../app/project.ts'
import { readGiven } from '../../app/read-given.ts'
import { EosflowError } from '../../model/error.ts'
import { type Problem, problemOf } from '../../model/problem.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Prepared } from '../../plan/prepare.ts'
import type { Fabric } from '../../sim/fabric/fabric.ts'
import { givenChange } from '../given-change.ts'
import type { Invocation } from '../io.ts'

/** What is rehearsed, and on which twin. */
export interface Subject {
  readonly prepared: Prepared
  readonly fabric: Fabric
}

/**
 * The change that a command line names, prepared as `run` prepares it, and the twin of its switches. A saved plan stands
 * for its workflow, parameters and switches: the twin makes a plan of its own. Throws InputError, and `stale` for a plan whose files
 * have changed.
 */
export function subjectOf(invocation: Invocation, project: Project): Subject {
  const { io, args } = invocation
  const [word = ''] = args
  const bytes = readGiven(io, word)
  const prepared = isPlanFile(word, bytes)
    ? fromPlan(project, readPlanFile(io, word))
    : givenChange(invocation, project, word)
  return onTwin(prepared, fabricFor(io, project, invocation.options.fabric))
}

/** The same for a plan that is on record, on the only fabric of the project. Throws as {@link subjectOf} does. */
export function subjectOfPlan(host: FabricHost, project: Project, plan: Plan): Subject {
  return onTwin(fromPlan(project, plan), fabricFor(host, project, undefined))
}

function onTwin(prepared: Prepared, { typed, fabric }: { readonly typed: string; readonly fabric: Fabric }): Subject {
  const missing = prepared.devices.filter(({ name }) => !fabric.devices.some((device) => device.name === name))
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ')
    throw new InputError([
      bad(typed, `the fabric has no twin of ${names}`, 'Record those switches too, or narrow the rehearsal with -t.'),
    ])
  }
  return { prepared, fabric }
}

function fromPlan(project: Project, plan: Plan): Prepared {
  const { workflow, devices, leftOut } = plan.content
  const prepared = preparedAgain(project, workflow, switchesOf(plan))
  if (prepared.digest === workflow.digest) {
    if (leftOut === undefined) return prepared
    return preparedAgain(
      project,
      workflow,
      devices.map(({ name }) => name),
    )
  }
  throw new EosflowError('stale', 'the workflow or one of its files has changed since the plan was made', {
    hint: 'Plan again and rehearse the new plan.',
  })
}

type FabricHost = Parameters<typeof readFabric>[0]

function fabricFor(io: FabricHost, project: Project, named: unknown): { typed: string; fabric: Fabric } {
  if (typeof named === 'string') return { typed: named, fabric: readFabric(io, named) }
  const folders = fabricFolders(project)
  const [only] = folders
  if (only !== undefined && folders.length === 1) return { typed: relative(io.cwd, only), fabric: readFabric(io, only) }
  const hint = 'Name one with --fabric DIR; `eosflow record -o DIR` makes one of your switches.'
  const found = folders.length === 0 ? 'no fabric' : `${folders.length} fabrics`
  throw new InputError([bad('--fabric', `the project has ${found} under fabrics/`, hint)])
}

function bad(file: string, message: string, hint: string): Problem {
  return problemOf(file, 'bad-usage', message, hint)
}
