import { verifyDecision } from '../../app/approval/verify-decision.ts'
import { InputError } from '../../app/input-error.ts'
import { findProject } from '../../app/project/project.ts'
import { problemOf } from '../../model/problem.ts'
import { decisionJson, decisionText } from '../../report/decision.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'

/**
 * Verifies a signed decision about a plan with nothing but files: its digest, its signature, whose key that is, and its time.
 * Whether a policy lets that person decide is for whoever runs the plan to judge.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const plan = requiredPlan(options.plan)
  const trust = text(options.trust)
  const project = trust === undefined ? findProject(io, global) : undefined
  const verified = await verifyDecision(io, project, { decision: args[0] ?? '', plan, trust })
  io.out(global.json ? `${decisionJson(verified)}\n` : `${decisionText(verified)}\n`)
  return 0
}

function requiredPlan(plan: unknown): string {
  if (typeof plan === 'string') return plan
  const hint = 'eosflow approval verify FILE --plan PLAN [--trust FILE]'
  throw new InputError([problemOf('--plan', 'no-plan', 'the plan that was decided about is needed', hint)])
}
