import { listWorkflows } from '../../app/list-workflows.ts'
import { loadWorkflow } from '../../app/load-workflow.ts'
import { decided, requireAllowed } from '../../app/policy/authority.ts'
import { workflowsIn } from '../../app/validate/files-of-project.ts'
import type { Office } from '../../mcp/office.ts'
import { type ToolName, tools } from '../../mcp/tools.ts'
import type { JsonObject } from '../../model/json.ts'
import { scopes } from '../../model/principal.ts'
import { planAs } from '../../report/plan/formats.ts'
import { parametersSchema } from '../../workflow/param/json-schema.ts'
import { planOnRecord } from '../act/plan-on-record.ts'
import { executionDocument } from '../execution-document.ts'
import { faultOf } from '../fault.ts'
import type { Known } from '../known.ts'
import { notThere } from '../not-there.ts'
import { problemOfFault } from '../problem-document.ts'
import { unnamed } from '../readable.ts'
import { shownExecution } from '../routes/shown.ts'
import type { AgentFront } from './agent-front.ts'
import { eventsSeen, reportSeen, statusSeen, whySeen } from './execution-answers.ts'
import { approvalRequested, diffSeen, planExplained, planMade, rehearsalBegun, rehearsalFound } from './plan-answers.ts'
import { driftSeen, switchesSeen, switchSeen } from './switch-answers.ts'

const MCP = '/mcp'

/** What answers one agent: each tool asks the policy where the route and the command of the same thing do. */
export function agentOffice(front: AgentFront, caller: Known): Office {
  const { app } = front
  return {
    answers: {
      workflows_list: async () => {
        const listed = await unnamed(() => listWorkflows(app, caller))
        return {
          workflows: listed.map((one) =>
            'workflow' in one ? { file: one.file, name: one.workflow.name } : { ...one },
          ),
        }
      },
      workflow_describe: async ({ file }) => {
        await requireAllowed(app, caller, 'workflow.list', { workflow: file })
        if (!workflowsIn(app.project.dir).includes(file)) throw notThere('workflow')
        const workflow = loadWorkflow(app.project, file)
        return { file, name: workflow.name, params: { ...parametersSchema(workflow.params) } }
      },
      switches_list: () => switchesSeen(front, caller),
      switch_standing: ({ name }) => switchSeen(front, caller, name),
      drift_list: ({ name }) => driftSeen(front, caller, name),
      plan_create: (input, trace) => planMade(front, caller, input, trace),
      plan_diff: (input) => diffSeen(front, caller, input),
      plan_explain: ({ digest }) => planExplained(front, caller, digest),
      rehearsal_start: ({ digest }) => rehearsalBegun(front, caller, digest),
      rehearsal_result: ({ digest }) => rehearsalFound(front, caller, digest),
      approval_request: (input) => approvalRequested(front, caller, input),
      execution_status: ({ id }) => statusSeen(front, caller, id),
      execution_events: (input) => eventsSeen(front, caller, input),
      execution_explain: ({ id }) => whySeen(front, caller, id),
    },
    policy: async () => rightsOf(front, caller),
    execution: async (id) => {
      const { state, events } = await shownExecution(front, caller, id)
      return executionDocument(app, state, events)
    },
    report: (id) => reportSeen(front, caller, id),
    plan: async (digest) => {
      const { plan, execution } = await planOnRecord(app, caller, digest, 'plan.read')
      return { ...(JSON.parse(planAs.json(plan)) as JsonObject), execution }
    },
    requireAllowance: (tool) => front.allowance.require(caller.principal, costOf(tool)),
    problemOf: (thrown) => {
      const fault = faultOf(thrown)
      if (fault.kind === 'bug') front.failed('mcp', thrown)
      return problemOfFault(fault, MCP, front.exitCodeOf(fault.kind)).document
    },
    scrub: front.scrub,
  }
}

/** What costs the switches or the machine minutes counts as a plan, as its route does. */
const AS_PLAN: readonly (ToolName | undefined)[] = ['plan_create', 'rehearsal_start']

/** A call as the allowance counts the requests of agents: what plans or rehearses is a plan, everything else a read. */
function costOf(tool: ToolName | undefined) {
  const action = tool === undefined ? 'plan.read' : tools[tool].action
  return { method: AS_PLAN.includes(tool) ? 'POST' : 'GET', path: MCP, action }
}

/** The policy by its digest, and what it lets an agent do where no switch is named; null without a policy. */
function rightsOf({ app }: AgentFront, caller: Known): JsonObject {
  const rights = scopes.map((action) => {
    const { effect, rules } = decided(app, caller, action)
    return { action, effect, rules: [...rules] }
  })
  return { version: 1, digest: app.project.policy()?.digest ?? null, rights }
}
