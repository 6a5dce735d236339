import { relative } from 'node:path'
import type { Plan } from '../../change/plan/plan.ts'
import type { PreparedChange } from '../../change/plan/prepare.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import { fabricFolders, readFabric, withVouchedForms } from '../../project/files/fabric-folder.ts'
import type { Project } from '../../project/files/project.ts'
import { projectAt } from '../../project/history/bundle/project-at.ts'
import { askedBy, preparedAgain } from '../../project/plan/definition/definition-of.ts'
import { askedFor, switchesOf } from '../../project/plan/planning.ts'
import type { Host } from '../../project/system/process/host.ts'
import { InputError, orProblems } from '../../project/system/process/input-error.ts'
import { filesAt } from '../../text/source/files.ts'

export interface Subject {
  readonly prepared: PreparedChange
  readonly fabric: Fabric
}

/** Throws InputError where that is missing, or has not every switch of the change. */
export function onTwin(host: FabricHost, project: Project, prepared: PreparedChange, folder?: string): Subject {
  const { typed, fabric } = fabricFor(host, project, folder)
  const missing = prepared.devices.filter(({ name }) => !fabric.devices.some((device) => device.name === name))
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ')
    throw new InputError([
      bad(typed, `the fabric has no twin of ${names}`, 'Record those switches too, or narrow the rehearsal with -t.'),
    ])
  }
  return { prepared, fabric: orProblems(withVouchedForms(fabric, project.files)) }
}

/** Throws InputError, and `stale` when a file of the change is not as it was. */
export function preparedFrom(project: Project, plan: Plan): PreparedChange {
  const { workflow, devices, leftOut } = plan.content
  const asked = askedBy(plan.content)
  const prepared = preparedAgain(project, asked, switchesOf(plan), askedFor(plan))
  if (prepared.digest === workflow.digest) {
    if (leftOut === undefined) return prepared
    return preparedAgain(
      project,
      asked,
      devices.map(({ name }) => name),
      { exact: true },
    )
  }
  throw new EosflowError('stale', 'the workflow or one of its files has changed since the plan was made', {
    hint: 'Plan again and rehearse the new plan.',
  })
}

export async function projectOf(host: Pick<Host, 'env'>, folder: Project, plan: Plan): Promise<Project> {
  const { commit } = plan.content.workflow
  if (commit === undefined) return folder
  const { files, ...project } = await projectAt(host, folder, commit)
  return { ...project, files: filesAt(files, (path) => path) }
}

type FabricHost = Parameters<typeof readFabric>[0]

function fabricFor(io: FabricHost, project: Project, named: string | undefined) {
  if (named !== undefined) return { typed: named, fabric: readFabric(io, named) }
  const folders = fabricFolders(project)
  const [only] = folders
  if (only !== undefined && folders.length === 1) return { typed: relative(io.cwd, only), fabric: readFabric(io, only) }
  const hint = 'Name one with --fabric DIR; `eosflow record -o DIR` makes one of your switches.'
  const found = folders.length === 0 ? 'no fabric' : `${folders.length} fabrics`
  throw new InputError([bad('--fabric', `the project has ${found} under fabrics/`, hint)])
}

function bad(file: string, message: string, hint: string) {
  return problemOf(file, 'bad-usage', message, hint)
}
