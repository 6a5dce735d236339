import { requireIntact } from '../../change/plan/make-plan.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { parsePlan } from '../../change/plan/plan-schema.ts'
import { type PreparedChange, prepare } from '../../change/plan/prepare.ts'
import { isChangeFile } from '../../change/workflow/change-file.ts'
import { readParamsFile } from '../../change/workflow/param/read.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { problemOf } from '../../model/problem.ts'
import { changeGiven } from '../../project/files/change-given.ts'
import { workflowsIn } from '../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../project/files/load-workflow.ts'
import { paramsWithSecret } from '../../project/files/params-with-secret.ts'
import { readPlanFile } from '../../project/history/plans/plan-source.ts'
import { InputError, orProblems } from '../../project/system/process/input-error.ts'
import type { SavedPlan, WorkflowRequest } from './requests.ts'
import type { Visit } from './visit.ts'

/** The plan of a request, and what it is called where it is not good. What was changed in it since it was made is found. Throws InputError and `stale`. */
export function planGiven(
  { app }: Visit,
  plan: SavedPlan | { readonly file: string },
): readonly [name: string, plan: Plan] {
  if ('file' in plan) return [plan.file, readPlanFile(app, plan.file)]
  return [GIVEN_PLAN, requireIntact(orProblems(parsePlan(JSON.stringify(plan), GIVEN_PLAN)))]
}

const GIVEN_PLAN = 'plan'

/** The change that a request names by its workflow. Throws InputError. */
export async function preparedBy(
  { app, target }: Visit,
  { workflow: file, params = {}, target: expression }: WorkflowRequest,
): Promise<PreparedChange> {
  const { project } = app
  const path = project.pathOf(file)
  if (isChangeFile(path)) {
    if (Object.keys(params).length > 0 || expression !== undefined) throw besideChangeFile(file)
    return changeGiven(app, project, path)
  }
  const given = orProblems(readParamsFile(JSON.stringify(params), 'params'))
  const secret = paramsWithSecret(app, given)
  if (secret.length > 0) throw secretInParams(secret)
  const only = await target(expression)
  const workflow = loadWorkflow(project, path, workflowsIn(project.dir))
  const inventory = project.inventory()
  return orProblems(prepare({ workflow, given, inventory, ...definedMembers({ only }), files: project.files }))
}

function besideChangeFile(file: string) {
  const message = 'a change file says its switches and values itself'
  return new InputError([
    problemOf(file, 'bad-usage', message, 'Write them into the change file, or name the workflow.'),
  ])
}

function secretInParams(names: readonly string[]) {
  const hint = 'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.'
  return new InputError(
    names.map((name) =>
      problemOf(`params ${name}`, 'secret-parameter', `the parameter \`${name}\` holds a secret of this project`, hint),
    ),
  )
}
