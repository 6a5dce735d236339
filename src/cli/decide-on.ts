import { EosflowError } from '../model/error.ts'
import { planText } from '../report/plan-text.ts'
import { colored, plain } from '../report/style.ts'
import { decide, requireSameDigest, saysYes } from './approvals.ts'
import { atBench } from './bench.ts'
import type { Invocation } from './io.ts'
import { planNamed } from './plan-source.ts'

/**
 * Shows a plan and puts the caller's decision about its digest on record. At a terminal `yes` is asked for; without
 * one the typed command is the decision, about the very digest it prints.
 */
export async function decideOn(invocation: Invocation, decision: 'approve' | 'reject'): Promise<number> {
  const { io, args, options, global } = invocation
  const [word = ''] = args
  return atBench(invocation, async (bench) => {
    const { plan, execution } = await planNamed(bench, word)
    if (typeof options.digest === 'string') requireSameDigest(plan, options.digest)
    if (!global.json) io.out(`${planText(plan, io.color ? colored : plain)}\n`)
    if (io.interactive && !(await saysYes(io, `Type yes to ${decision} this plan: `))) {
      throw new EosflowError('not-approved', 'no decision was made', { hint: 'Nothing was written.' })
    }
    await decide(bench.desk, plan, decision, typeof options.comment === 'string' ? options.comment : '')
    const done = decision === 'approve' ? 'approved' : 'rejected'
    if (global.json) {
      io.out(`${JSON.stringify({ version: 1, decision, plan: plan.digest, approver: bench.desk.actor.id })}\n`)
      return 0
    }
    io.out(`${done} ${plan.digest} as ${bench.desk.actor.id}\n`)
    const next = execution === undefined ? `eosflow run ${word}` : `eosflow resume ${execution}`
    io.out(
      decision === 'approve' ? `Next: ${next}\n` : 'Next: plan another change; this plan can no longer be approved\n',
    )
    return 0
  })
}
