import { carries, differenceWords } from '../../change/plan/carries.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { storePlan } from '../../change/plan/stored-plan.ts'
import { judgeApprovals } from '../../change/policy/approval.ts'
import { MOST_CARRIES } from '../../change/policy/window.ts'
import { EosflowError } from '../../model/error.ts'
import { count, short } from '../../report/text/count.ts'
import { visibleLine } from '../../report/text/visible.ts'
import { policyNow } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import type { Caller } from '../identity/caller-of.ts'
import { recordedCase } from './case.ts'

/** Throws `stale` by the name of what hinders. */
export async function carryApprovals(
  app: RecordApp,
  { principal, tell }: Caller,
  approved: Plan,
  made: Plan,
): Promise<Plan> {
  if (made.content.devices.every(({ diff }) => diff.length === 0))
    throw hindered(['the switches run the change already'], 'There is nothing to do: somebody has made the change.')
  const verdict = carries(approved, made)
  const { obstacles, differences } = verdict
  if (obstacles.length > 0) throw hindered(obstacles)
  if (differences.length === 0) {
    tell('the switches run what the plan was approved on: it is run as it is\n')
    return approved
  }
  const condition = await policyNow(app)
  const facts = await recordedCase(app, made, '', principal, { approved, verdict })
  if (facts.demands.length === 0) throw hindered(['nobody has to approve it: there is nothing to carry'])
  const judged = judgeApprovals(facts)
  if (judged.status !== 'approved') throw hindered([judged.reason])
  const rules = facts.demands.map(({ by }) => by)
  const nonces = [...new Set([...judged.approvals, ...judged.uses].map(({ nonce }) => nonce))]
  const before = await app.store.carried(approved.digest, 'toSend')
  const last = before.at(-1)
  if (last?.to !== made.digest || !nonces.every((nonce) => last.nonces.includes(nonce))) {
    if (before.length >= MOST_CARRIES) throw hindered([`its approvals have carried ${MOST_CARRIES} times already`])
    const record = {
      type: 'ApprovalCarried',
      plan: approved.digest,
      to: made.digest,
      approved: await storePlan(app.store, approved),
      nth: before.length + 1,
      nonces,
      rules,
      policy: made.content.policy ?? '',
      differences,
      principal,
    } as const
    await app.journalAs(principal).append(undefined, [record], [condition])
  }
  const whose = judged.approvals.map(({ approver }) => approver.id).join(', ')
  const told = `plan ${short(made.digest)} rebases ${short(approved.digest)}: ${count(judged.approvals.length, 'approval')} carried by ${rules.join(', ')} (${whose})`
  for (const line of [told, ...differences.map(differenceWords)]) tell(`${visibleLine(line)}\n`)
  return made
}

export function hindered(
  reasons: readonly string[],
  hint = 'Plan again and have the new plan approved.',
): EosflowError {
  const why = reasons.join('\n  ')
  return new EosflowError('stale', `the approvals do not carry to a plan that is made again: ${why}`, { hint })
}
