import type { Workflow } from '../../change/workflow/definition/workflow.ts'
import { decided, requireAllowed } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import { workflowsIn } from '../files/files-of-project.ts'
import { loadWorkflow } from '../files/load-workflow.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { InputError } from '../system/process/input-error.ts'

type ListedWorkflow =
  | { readonly file: string; readonly workflow: Workflow }
  | { readonly file: string; readonly problems: number }

/** Throws `not-authorised` when there are some and none may be seen. */
export async function listWorkflows(app: RecordApp, caller: SilentCaller): Promise<readonly ListedWorkflow[]> {
  const files = workflowsIn(app.project.dir)
  const seen = files.filter((workflow) => decided(app, caller, 'workflow.list', { workflow }).effect === 'allow')
  const [first] = files
  if (first !== undefined && seen.length === 0) await requireAllowed(app, caller, 'workflow.list', { workflow: first })
  return seen.map((file) => {
    try {
      return { file, workflow: loadWorkflow(app.project, file) }
    } catch (error) {
      if (error instanceof InputError) return { file, problems: error.problems.length }
      throw error
    }
  })
}
