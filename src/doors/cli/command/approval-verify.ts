import { verifyDecision } from '../../../project/approval/ssh-signing.ts'
import { findProject } from '../../../project/files/project.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { decisionJson, decisionText } from '../../../report/phrases/decision.ts'
import { text } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

/** Verifies a signed decision about a plan with nothing but files: its digest, its signature, whose key that is, and its time. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const plan = requiredPlan(options.plan)
  const trust = text(options.trust)
  const project = trust === undefined ? findProject(io, global) : undefined
  const verified = await verifyDecision(io, project, { decision: args[0] ?? '', plan, trust })
  io.out(global.json ? `${decisionJson(verified)}\n` : `${decisionText(verified)}\n`)
  return 0
}

function requiredPlan(plan: unknown) {
  if (typeof plan === 'string') return plan
  throw inputError(
    '--plan',
    'no-plan',
    'the plan that was decided about is needed',
    'eosflow approval verify FILE --plan PLAN [--trust FILE]',
  )
}
