import type { Hint } from '../../../model/hint.ts'
import type { ProblemDocument } from '../../agents/agent-tools.ts'
import type { RequestFault } from '../request/fault.ts'

/** A command of ours, or an option: what is for a terminal, where no agent is. */
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
    ...(said === undefined ? {} : { hint: said }),
    ...(isShell ? { terminal: hint } : {}),
    ...(listed === undefined ? {} : { problems: listed }),
  }
}

function withoutShell(problem: object): object {
  const { hint, ...rest } = problem as { readonly hint?: string }
  return hint === undefined || OF_A_TERMINAL.test(hint) ? rest : problem
}

/** What an agent does next by its own tools; undefined where only a person does something. */
function agentHint(hint: Hint): string | undefined {
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
