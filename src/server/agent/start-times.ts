import type { App } from '../../app/app.ts'
import { freezesInForce } from '../../app/freeze/in-force.ts'
import { decided } from '../../app/policy/authority.ts'
import { aboutPlan } from '../../app/policy/entry.ts'
import { freezeWords } from '../../journal/freeze.ts'
import { bounded, fitting } from '../../mcp/untrusted.ts'
import type { Principal } from '../../model/principal.ts'
import type { ShownPlan } from '../../plan/plan.ts'
import { comingUp } from '../pages/coming-up.ts'

/** Bytes of JSON that the words about freezes and windows have. */
const MOST = 2_000

/** Whether a plan can be started now, as far as freezes and windows go, and what is known of the next days: an agent says so before it asks a person. */
export async function startTimes(app: App, sender: Principal, plan: ShownPlan) {
  const closed = await closedBy(app, sender, plan)
  const coming = comingUp(app, app.clock.now(), []).map(({ title, detail, at }) =>
    [title, detail, at === undefined ? '' : new Date(at).toISOString()].filter((word) => word !== '').join(' '),
  )
  return {
    ...(closed === undefined ? {} : { untrusted_closed: bounded(closed, MOST) }),
    untrusted_coming: [
      ...fitting(
        coming.map((one) => bounded(one, MOST / 4)),
        MOST,
      ),
    ],
  }
}

/** What keeps whoever sends a plan from that now, though they have the right. */
async function closedBy(app: App, sender: Principal, plan: ShownPlan): Promise<string | undefined> {
  const [freeze] = await freezesInForce(app)
  if (freeze !== undefined) return freezeWords(freeze)
  const ruled = (['execution.start', 'task.push'] as const).map((action) => {
    const made = decided(app, { principal: sender }, action, aboutPlan(plan))
    return made.ground === 'closed' ? made.reason : undefined
  })
  return ruled.find((one) => one !== undefined)
}
