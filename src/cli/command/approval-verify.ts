import { signerOf } from '../../app/approval/signer.ts'
import { readTrust, trustOf } from '../../app/approval/trust.ts'
import { InputError } from '../../app/input-error.ts'
import { readPlanFile } from '../../app/plan-source.ts'
import { findProject } from '../../app/project.ts'
import { readGiven } from '../../app/read-given.ts'
import { noSeams } from '../../app/seams.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import { visibleLine } from '../../report/visible.ts'
import { readApprovalFile } from '../approval/approval-file.ts'
import type { Invocation } from '../io.ts'

/**
 * Verifies a signed decision about a plan with nothing but files: its digest, its signature, whose key that is, and its time.
 * Whether a policy lets that person decide is for whoever runs the plan to judge.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const [file = ''] = args
  const planFile = requiredPlan(options.plan)
  const { statement, signature } = readApprovalFile(io, file)
  const plan = readPlanFile(io, planFile)
  const now = (io.seams ?? noSeams).clock.now()
  const { EOSFLOW_KEY: key } = io.env
  const signer = await signerOf(statement, signature, {
    signers: signersOf(invocation),
    ...(key === undefined ? {} : { key }),
    programs: { env: io.env },
    now,
  })
  if (statement.plan !== plan.digest) throw bad(`it is of the plan ${statement.plan}, and this plan is ${plan.digest}`)
  if (signer.status !== 'proved') throw bad(signer.reason)
  if (now < Date.parse(statement.notBefore)) throw bad(`it holds only from ${statement.notBefore} on`)
  if (statement.decision === 'approve' && now >= Date.parse(statement.expires)) {
    throw bad(`it expired at ${statement.expires}`)
  }
  const { decision, notBefore, expires, maxRuns, comment } = statement
  const { issuer, id, kind } = signer.principal
  if (global.json) {
    const good = { version: 1, decision, plan: plan.digest, signature: signature.kind, approver: { issuer, id, kind } }
    io.out(`${JSON.stringify({ ...good, notBefore, expires, maxRuns, comment })}\n`)
    return 0
  }
  const uses = maxRuns === 1 ? 'one execution' : `${maxRuns} executions`
  const why = comment === '' ? '' : `\ncomment: ${visibleLine(comment)}`
  const past = decision === 'approve' ? `approved, for ${uses}, until ${expires}` : 'rejected'
  io.out(
    `${plan.digest}\n${past}\nby ${visibleLine(id)} (${kind} of ${visibleLine(issuer)}, ${signature.kind} signature), at ${notBefore}${why}\n`,
  )
  return 0
}

function signersOf({ io, options, global }: Invocation): ReturnType<typeof trustOf> {
  if (typeof options.trust === 'string') return readTrust(readGiven(io, options.trust), options.trust)
  const project = findProject(io, global)
  return project === undefined ? [] : trustOf(project)
}

function requiredPlan(plan: unknown): string {
  if (typeof plan === 'string') return plan
  const hint = 'eosflow approval verify FILE --plan PLAN [--trust FILE]'
  throw new InputError([problemOf('--plan', 'no-plan', 'the plan that was decided about is needed', hint)])
}

function bad(reason: string): EosflowError {
  return new EosflowError('not-approved', `the decision is not good: ${visibleLine(reason)}`, {
    hint: 'Do not run the plan with this decision.',
  })
}
