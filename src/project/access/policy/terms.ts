import { rolesOf } from '../../../change/policy/policy.ts'
import type { BreakGlass } from '../../../change/policy/rule-match.ts'
import { passedSince } from '../../../change/policy/window.ts'
import { EosflowError } from '../../../model/error.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { InputError } from '../../system/process/input-error.ts'
import { type ApprovalTerms, localTerms } from './approval-terms.ts'
import { decidedFor, type PolicyContext } from './authority.ts'
import { demandsOn } from './demands.ts'

export function termsOf(app: PolicyContext, caller: SilentCaller, breakGlass?: BreakGlass): ApprovalTerms {
  const loaded = policyNow(app)
  if (loaded === undefined) return localTerms
  if ('fault' in loaded) return unreadableTerms(loaded.fault)
  return {
    policy: loaded.digest,
    anyStore: loaded.policy.approvals === 'anyStore',
    demandsOn: (plan, isAsked, at) => demandsOn(app, caller, plan, { isAsked, breakGlass, ...at }),
    mayDecide: ({ decision, notBefore }, principal, { content }) => {
      const action = decision === 'approve' ? 'plan.approve' : 'plan.reject'
      const about = { devices: content.waves.flat(), workflow: content.workflow.file }
      return decidedFor(app, { principal, at: Date.parse(notBefore) }, action, about)
    },
    passedSince: (first, now) => passedSince(loaded.policy, first, now),
    rolesOf: (principal, at) => rolesOf(loaded.policy, principal, at),
  }
}

function unreadableTerms(reason: string): ApprovalTerms {
  return {
    policy: 'unreadable',
    anyStore: false,
    demandsOn: () => [],
    mayDecide: () => ({ effect: 'deny', reason }),
    passedSince: () => reason,
    rolesOf: () => [],
  }
}

function policyNow({ project, words }: Pick<PolicyContext, 'project' | 'words'>) {
  try {
    return project.policy()
  } catch (error) {
    if (error instanceof InputError) return { fault: `the policy is not good: ${words({ code: 'validate' })}` }
    if (error instanceof EosflowError && error.kind === 'not-authorised') return { fault: error.message }
    throw error
  }
}
