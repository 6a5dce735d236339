import type { Principal, Scope } from '../../model/principal.ts'

export interface PolicyDecision {
  readonly effect: 'allow' | 'deny'
  readonly rule: 'local-person' | 'local-read-and-plan' | 'local-person-only'
  readonly reason: string
}

const READ_AND_PLAN: ReadonlySet<Scope> = new Set<Scope>([
  'workflow.list',
  'plan.create',
  'plan.read',
  'approval.request',
  'execution.read',
  'task.snapshot',
  'task.plan',
])

/** Decides without a policy file (docs/policy.md): a person may do everything, agents and services only plan and read. */
export function decideLocal(principal: Principal, scope: Scope): PolicyDecision {
  if (principal.kind === 'person') {
    return { effect: 'allow', rule: 'local-person', reason: 'without a policy the local user may do everything' }
  }
  if (READ_AND_PLAN.has(scope)) {
    return {
      effect: 'allow',
      rule: 'local-read-and-plan',
      reason: `without a policy any ${principal.kind} may read and plan`,
    }
  }
  return {
    effect: 'deny',
    rule: 'local-person-only',
    reason: `without a policy only a person may ${scope}, and ${principal.id} is ${article(principal.kind)}`,
  }
}

function article(kind: Principal['kind']) {
  return kind === 'agent' ? 'an agent' : `a ${kind}`
}
