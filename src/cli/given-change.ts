import { orProblems } from '../app/input-error.ts'
import { loadWorkflow } from '../app/project/load-workflow.ts'
import type { Project } from '../app/project/project.ts'
import { workflowsIn } from '../app/validate/files-of-project.ts'
import { type PreparedChange, prepare } from '../plan/prepare.ts'
import { givenParams } from './given-params.ts'
import type { Invocation } from './io.ts'

/** The change that a command line names by a workflow's file, its parameters and `-t`. Throws InputError. */
export function givenChange(invocation: Invocation, project: Project, word: string): PreparedChange {
  const { target } = invocation.options
  const workflow = loadWorkflow(project, project.pathOf(word), workflowsIn(project.dir))
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
