import { type VerifiedDecision, verifyDecision } from '../../app/approval/verify-decision.ts'
import { InputError } from '../../app/input-error.ts'
import { findProject } from '../../app/project.ts'
import { problemOf } from '../../model/problem.ts'
import { visibleLine } from '../../report/visible.ts'
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
  io.out(global.json ? `${JSON.stringify(document(verified))}\n` : `${verifiedText(verified)}\n`)
  return 0
}

function document({ statement, signature, by }: VerifiedDecision): object {
  const { plan, decision, notBefore, expires, maxRuns, comment } = statement
  const approver = { issuer: by.issuer, id: by.id, kind: by.kind }
  return { version: 1, decision, plan, signature, approver, notBefore, expires, maxRuns, comment }
}

function verifiedText({ statement, signature, by }: VerifiedDecision): string {
  const { plan, decision, notBefore, expires, maxRuns, comment } = statement
  const uses = maxRuns === 1 ? 'one execution' : `${maxRuns} executions`
  const past = decision === 'approve' ? `approved, for ${uses}, until ${expires}` : 'rejected'
  const who = `${visibleLine(by.id)} (${by.kind} of ${visibleLine(by.issuer)}, ${signature} signature)`
  const why = comment === '' ? '' : `\ncomment: ${visibleLine(comment)}`
  return `${plan}\n${past}\nby ${who}, at ${notBefore}${why}`
}

function requiredPlan(plan: unknown): string {
  if (typeof plan === 'string') return plan
  const hint = 'eosflow approval verify FILE --plan PLAN [--trust FILE]'
  throw new InputError([problemOf('--plan', 'no-plan', 'the plan that was decided about is needed', hint)])
}
