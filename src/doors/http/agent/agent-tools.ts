import { parametersSchema } from '../../../change/workflow/param/json-schema.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Hint } from '../../../model/hint.ts'
import type { JsonObject } from '../../../model/json.ts'
import { scopes } from '../../../model/principal.ts'
import { decided, requireAllowed } from '../../../project/access/policy/authority.ts'
import { listWorkflows } from '../../../project/authoring/list-workflows.ts'
import { workflowsIn } from '../../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../../project/files/load-workflow.ts'
import type { AgentTools, ProblemDocument } from '../../agents/agent-tools.ts'
import { pageOf } from '../../agents/page.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { faultOf, type RequestFault } from '../request/fault.ts'
import { notThere } from '../request/not-there.ts'
import { problemOfFault } from '../request/problem-document.ts'
import { unnamed } from '../request/readable.ts'
import type { AgentFront } from './agent-front.ts'
import { eventsSeen, executionsSeen, reportSeen, statusSeen, whySeen } from './execution-answers.ts'
import { approvalRequested, diffSeen, planExplained, planMade, rehearsalBegun, rehearsalFound } from './plan-answers.ts'
import { driftChecked, driftSeen, switchesSeen, switchSeen } from './switch-answers.ts'

const OF_A_TERMINAL = /\beosflow [a-z]|(?:^|[\s(`])--?[A-Za-z][\w-]*/

/** A refusal in the words of an agent: a hint names a tool or is left out, and what is for a terminal is `terminal`, for the person. */
export function inAgentWords(fault: Pick<RequestFault, 'next'>, document: ProblemDocument): ProblemDocument {
  const { hint, problems, ...rest } = document
  const own = fault.next === undefined ? undefined : agentHint(fault.next)
  const isShell = hint !== undefined && OF_A_TERMINAL.test(hint)
  const said = own ?? (isShell ? undefined : hint)
  const listed = Array.isArray(problems) ? problems.map((one: object) => withoutShell(one)) : undefined
  return {
    ...(rest as ProblemDocument),
    ...definedMembers({ hint: said }),
    ...(isShell ? { terminal: hint } : {}),
    ...definedMembers({ problems: listed }),
  }
}

function withoutShell(problem: object): object {
  const { hint, ...rest } = problem as { readonly hint?: string }
  return hint === undefined || OF_A_TERMINAL.test(hint) ? rest : problem
}

function agentHint(hint: Hint) {
  switch (hint.code) {
    case 'watch':
    case 'watch-or-stop':
    case 'wait-for':
    case 'resume':
    case 'resume-or-stop':
      return `execution_status shows where ${hint.execution} is.`
    case 'history':
    case 'show-unread':
    case 'show-what-was-not-read':
      return `execution_events of ${hint.execution} says what happened, execution_explain why.`
    case 'show-and-plan-again':
      return `execution_explain of ${hint.execution} says why; plan_create under another key makes another plan.`
    case 'plan':
    case 'run-again':
      return `plan_create with ${hint.workflow} makes a plan.`
    case 'list-executions':
      return 'executions_list lists them.'
    case 'list-switches':
      return 'switches_list lists them.'
    case 'leave-out-or-list':
      return 'Leave them out: `targets` of plan_create names the others.'
    case 'explain-policy':
      return 'The resource eosflow://policy says what this agent may do.'
    case 'plan-online':
      return 'plan_create makes a plan with the switches.'
    default:
      return undefined
  }
}

const MCP = '/mcp'

export function agentToolsFor(front: AgentFront, caller: IdentifiedCaller): AgentTools {
  const { app } = front
  return {
    answers: {
      workflows_list: async (page) => {
        const listed = await unnamed(() => listWorkflows(app, caller))
        const { shown, ...more } = pageOf(listed, page, {
          nameOf: ({ file }) => file,
          isMeant: () => true,
          shown: (one) => ('workflow' in one ? { file: one.file, name: one.workflow.name } : { ...one }),
        })
        return { workflows: [...shown], ...more }
      },
      workflow_describe: async ({ file, parameter }) => {
        await requireAllowed(app, caller, 'workflow.list', { workflow: file })
        if (!workflowsIn(app.project.dir).includes(file)) throw notThere('workflow')
        const workflow = loadWorkflow(app.project, file)
        const named = Object.entries(workflow.params).filter(([name]) => parameter === undefined || name === parameter)
        if (parameter !== undefined && named.length === 0) throw notThere('parameter')
        const only = Object.fromEntries(named)
        return { file, name: workflow.name, untrusted_params: { ...parametersSchema(only) } }
      },
      switches_list: (input) => switchesSeen(front, caller, input),
      switch_standing: ({ name }) => switchSeen(front, caller, name),
      drift_list: (input) => driftSeen(front, caller, input),
      drift_check: ({ switches }) => driftChecked(front, caller, switches),
      plan_create: (input, trace) => planMade(front, caller, input, trace),
      plan_diff: (input) => diffSeen(front, caller, input),
      plan_explain: ({ digest }) => planExplained(front, caller, digest),
      rehearsal_start: ({ digest }) => rehearsalBegun(front, caller, digest),
      rehearsal_result: ({ digest }) => rehearsalFound(front, caller, digest),
      approval_request: (input) => approvalRequested(front, caller, input),
      executions_list: (input) => executionsSeen(front, caller, input),
      execution_status: (input) => statusSeen(front, caller, input),
      execution_events: (input) => eventsSeen(front, caller, input),
      execution_explain: ({ id }) => whySeen(front, caller, id),
    },
    policy: async () => rightsOf(front, caller),
    report: (id) => reportSeen(front, caller, id),
    requireAllowance: () => front.allowance.require(caller.principal, READ),
    problemOf: (thrown) => {
      const fault = faultOf(thrown)
      if (fault.kind === 'bug') front.failed('mcp', thrown)
      return inAgentWords(fault, problemOfFault(fault, MCP, front.exitCodeOf(fault.kind)).document)
    },
    scrub: front.scrub,
  }
}

const READ = { method: 'GET', path: MCP, action: 'own' } as const

function rightsOf({ app }: AgentFront, caller: IdentifiedCaller): JsonObject {
  const rights = scopes.map((action) => {
    const { effect, rules } = decided(app, caller, action)
    return { action, effect, rules: [...rules] }
  })
  return { version: 1, digest: app.project.policy()?.digest ?? null, rights }
}
