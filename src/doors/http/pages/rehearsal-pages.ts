import type { ShownPlan } from '../../../change/plan/plan.ts'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import type { Note } from '../../../report/page/approval-notes.ts'
import { type RehearsalData, rehearsalPage } from '../../../report/page/rehearsal.ts'
import { rehearsalVerdict } from '../../../report/rehearsal/verdict.ts'
import { planOnRecord } from '../act/plan-on-record.ts'
import { definePage, tokenOf } from '../context/define-page.ts'
import type { FrontContext } from '../context/front-context.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { askerOf, defineRoute, type Route } from '../context/route.ts'
import { rehearsalOf } from '../context/shown-rehearsal.ts'
import type { RehearsalOfPlan } from '../jobs/rehearsals.ts'

export const rehearsalPages: readonly Route[] = [
  definePage({
    path: '/plans/{digest}/rehearsal',
    action: 'plan.create',
    summary: 'The rehearsal of a plan',
    show: async (front, { caller, path }) => {
      const { app } = front
      const { plan } = await planOnRecord(app, caller, path.digest ?? '', 'plan.create')
      const found = await rehearsalOf(front, caller, plan.digest)
      return rehearsalPage({
        now: app.clock.now(),
        csrf: tokenOf(caller),
        plan: plan.digest,
        mayRehearse: mayRehearse(front, caller, plan),
        found: found === undefined ? undefined : shown(found),
      })
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/plans/{plan}/rehearsal',
    action: 'plan.create',
    summary: 'What the form posts: the plan is rehearsed',
    answer: async ({ acts }, { caller, path }) => {
      const plan = path.plan ?? ''
      await acts.ask('rehearse', askerOf(caller), { plan })
      return { status: 303, headers: { location: `/plans/${encodeURIComponent(plan)}/rehearsal` } }
    },
  }),
]

function shown({ fault, ...known }: RehearsalOfPlan): NonNullable<RehearsalData['found']> {
  return { ...known, ...(fault === undefined ? {} : { because: fault.message }) }
}

function mayRehearse({ app }: FrontContext, caller: IdentifiedCaller, plan: ShownPlan) {
  return decided(app, caller, 'plan.create', aboutPlan(plan)).effect === 'allow'
}

export async function rehearsalNotes(
  front: FrontContext,
  caller: IdentifiedCaller,
  plan: ShownPlan,
): Promise<readonly Note[]> {
  const found = await rehearsalOf(front, caller, plan.digest)
  if (found === undefined) return [{ kind: 'open', text: 'Nobody has rehearsed it under faults' }]
  const { standing, done, of, rehearsal } = found
  if (rehearsal !== undefined) {
    const isGood = rehearsal.cells.every(({ ok }) => ok)
    return [{ kind: isGood ? 'good' : 'note', text: `Rehearsed on simulated switches: ${rehearsalVerdict(rehearsal)}` }]
  }
  if (standing === 'failed') return [{ kind: 'open', text: 'It could not be rehearsed on simulated switches' }]
  return [{ kind: 'open', text: `It is being rehearsed: ${done} of ${of} trials` }]
}
