import { decided } from '../../project/access/policy/authority.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { afterOf } from '../../project/history/schedules/known-schedule.ts'
import { SERVER_CLAIM } from '../../project/system/process/server-claim.ts'
import { duration } from '../../report/text/text.ts'
import { afterView } from '../../report/view/after-words.ts'
import { schedulePrincipal } from './occurrence.ts'

/** A promise that nobody keeps is said before anything else: that no server runs schedules here, and that the policy lets nobody read. */
export async function whoLooks(app: RecordApp, execution: string): Promise<readonly string[]> {
  const standing = await afterOf(app, execution)
  if (standing === undefined || afterView(standing, app.clock.now()).state !== 'watching') return []
  const { subject, every } = standing
  const kept = `checks are kept until ${subject.until}, every ${duration(every)}`
  const principal = schedulePrincipal('after')
  const unread = subject.devices.filter(
    (device) => decided(app, { principal }, 'task.snapshot', { devices: [device] }).effect === 'deny',
  )
  const isServed = await app.claims.isClaimed(SERVER_CLAIM)
  return [
    isServed ? `after: ${kept}, by the server of this store` : `after: ${kept}, by whoever runs schedules`,
    ...(isServed ? [] : [`! Nobody looks now: no server serves this store. ${app.words({ code: 'run-schedules' })}`]),
    ...(unread.length === 0
      ? []
      : [`! The policy does not let ${principal.id} read ${unread.join(', ')}: allow it task.snapshot`]),
  ]
}
