import { importDecision } from '../../app/approval/import.ts'
import type { Choice } from '../../app/approval/statement-of.ts'
import { InputError } from '../../app/input-error.ts'
import { planNamed } from '../../app/plan-source.ts'
import { foldAll } from '../../engine/fold.ts'
import type { SignedStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import type { Plan } from '../../plan/plan.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import { visibleLine } from '../../report/visible.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { readApprovalFile } from './approval-file.ts'

/** Puts a signed decision from a file on record. The plan is the named one, or the one of the digest that an execution here has made. */
export async function importOn(invocation: Invocation, decision: Choice['decision'], file: string): Promise<number> {
  const { io, args, global } = invocation
  const signed = readApprovalFile(io, file)
  const { statement } = signed
  if (statement.decision !== decision) throw otherDecision(file, statement.decision)
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const [word = ''] = args
    const plan = word === '' ? await planOfDigest(context, statement.plan) : (await planNamed(app, word)).plan
    await importDecision(app, caller, plan, signed)
    await requireUnused(context, plan, signed)
    const answer = { version: 1, decision, plan: plan.digest, approver: statement.approver.id }
    const past = decision === 'approve' ? 'approved' : 'rejected'
    io.out(
      global.json
        ? `${JSON.stringify(answer)}\n`
        : `${past} ${plan.digest} as ${visibleLine(answer.approver)}, from ${file}\n`,
    )
    return 0
  })
}

/** Throws `not-approved` for a decision that is on record and can approve nothing any more: executions have used it. */
async function requireUnused({ app }: CommandContext, { digest }: Plan, { statement }: SignedStatement): Promise<void> {
  const uses = (await app.store.approvalUses(digest)).filter(({ nonce }) => nonce === statement.nonce)
  if (uses.length < statement.maxRuns) return
  const by = uses.map(({ execution = 'an execution' }) => execution).join(', ')
  throw new EosflowError('not-approved', `the approval is used already, by ${by}`, {
    hint: 'Nothing more is approved by it: have the plan approved again.',
  })
}

/** The plan of a digest, newest execution first. Throws `stale` when none here has made it. */
async function planOfDigest({ app }: CommandContext, digest: string): Promise<Plan> {
  for (const id of await app.store.executionIds()) {
    const { plan } = foldAll(id, await app.store.read(id))
    if (plan?.digest === digest) return readRecordedPlan(await storedPlanText(app.store, plan.ref))
  }
  throw new EosflowError('stale', `no execution here has the plan ${visibleLine(digest)}`, {
    hint: 'Name the plan file as well: eosflow approve PLAN --import FILE',
  })
}

function otherDecision(file: string, decision: Choice['decision']): InputError {
  return new InputError([
    problemOf(
      file,
      'other-decision',
      `the file holds a decision to ${decision}`,
      `eosflow ${decision} --import ${file}`,
    ),
  ])
}
