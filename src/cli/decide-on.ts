import { EosflowError } from '../model/error.ts'
import type { Plan } from '../plan/plan.ts'
import { planText } from '../report/plan-text.ts'
import { colored, plain } from '../report/style.ts'
import { decide, requireSameDigest, saysYes } from './approvals.ts'
import { atBench } from './bench.ts'
import type { Invocation, Io } from './io.ts'
import { planNamed } from './plan-source.ts'
import { shellWord } from './shell-word.ts'

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
    show(invocation, plan)
    await requireYes(io, decision)
    await decide(bench.desk, plan, decision, typeof options.comment === 'string' ? options.comment : '')
    const approver = bench.desk.actor.id
    if (global.json) io.out(`${JSON.stringify({ version: 1, decision, plan: plan.digest, approver })}\n`)
    else
      io.out(
        decided(
          decision,
          plan.digest,
          approver,
          execution === undefined ? `run ${shellWord(word)}` : `resume ${execution}`,
        ),
      )
    return 0
  })
}

/** Whoever is asked sees what about; with `--json` stdout is kept for the answer. */
function show({ io, global }: Invocation, plan: Plan): void {
  const text = `${planText(plan, io.color ? colored : plain)}\n`
  if (!global.json) io.out(text)
  else if (io.interactive) io.err(text)
}

async function requireYes(io: Io, decision: string): Promise<void> {
  if (!io.interactive || (await saysYes(io, `Type yes to ${decision} this plan: `))) return
  throw new EosflowError('not-approved', 'no decision was made', { hint: 'Nothing was written.' })
}

function decided(decision: 'approve' | 'reject', digest: string, approver: string, next: string): string {
  if (decision === 'approve') return `approved ${digest} as ${approver}\nNext: eosflow ${next}\n`
  return `rejected ${digest} as ${approver}\nNext: plan another change; this plan can no longer be approved\n`
}
