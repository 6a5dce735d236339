import { z } from 'zod'
import type { Workflow } from '../../../change/workflow/definition/workflow.ts'
import { parametersSchema } from '../../../change/workflow/param/json-schema.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { listWorkflows } from '../../../project/authoring/list-workflows.ts'
import { workflowsIn } from '../../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../../project/files/load-workflow.ts'
import { defineRoute, type Route } from '../context/route.ts'
import { notThere } from '../request/not-there.ts'
import { unnamed } from '../request/readable.ts'
import { document } from './shown-execution.ts'

export const workflowRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/workflows',
    action: 'workflow.list',
    summary: 'The workflows of the project',
    output: document('Workflows', {
      workflows: z.array(
        z.looseObject({ file: z.string(), name: z.string().optional(), problems: z.int().optional() }),
      ),
    }),
    answer: async ({ app }, { caller }) => {
      const listed = await unnamed(() => listWorkflows(app, caller))
      const workflows = listed.map((one) => ('workflow' in one ? headOf(one.file, one.workflow) : one))
      return { json: { version: 1, workflows } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/workflows/{file+}',
    action: 'workflow.list',
    summary: 'One workflow, with its parameters as JSON Schema',
    output: document('Workflow', { file: z.string(), name: z.string(), params: z.record(z.string(), z.unknown()) }),
    answer: async ({ app }, { caller, path }) => {
      const file = path.file ?? ''
      await requireAllowed(app, caller, 'workflow.list', { workflow: file })
      if (!workflowsIn(app.project.dir).includes(file)) throw notThere('workflow')
      const workflow = loadWorkflow(app.project, file)
      return { json: { version: 1, ...headOf(file, workflow), params: parametersSchema(workflow.params) } }
    },
  }),
]

function headOf(file: string, { name }: Workflow) {
  return { file, name }
}
