import { freezeWords } from '../../journal/freeze.ts'
import type { Scope } from '../../model/principal.ts'
import type { ScheduledAct } from '../../schedule/schedule.ts'
import type { App } from '../app.ts'
import { freezesInForce } from '../freeze/in-force.ts'
import { decided } from '../policy/authority.ts'
import type { Occurrence } from './occurrence.ts'
import { aboutSchedule } from './scheduled-change.ts'

/** What the policy is asked about an occurrence before it begins. */
export const NEEDED: Readonly<Record<ScheduledAct, Scope>> = {
  drift: 'task.snapshot',
  check: 'task.verify',
  snapshot: 'task.snapshot',
  rehearse: 'plan.create',
  plan: 'plan.create',
  run: 'execution.start',
}

/** Why an occurrence is outside of the windows of the policy, or in a freeze; undefined where it is not. What is denied for another reason is refused when it begins. */
export async function outsideWindow(app: App, { schedule, principal }: Occurrence): Promise<string | undefined> {
  const { does } = schedule
  const [freeze] = does === 'run' ? await freezesInForce(app) : []
  if (freeze !== undefined) return freezeWords(freeze)
  const made = decided(app, { principal }, NEEDED[does], aboutSchedule(app, schedule))
  return made.ground === 'closed' ? made.reason : undefined
}
