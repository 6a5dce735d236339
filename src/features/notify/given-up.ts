import type { EventOf } from '../../change/record/event/event.ts'
import { ofType, recordIn } from '../../change/record/event/record-text.ts'
import type { RecordApp } from '../../project/app/app.ts'

export const targetCursor = {
  told: (name: string) => `notify ${name}`,
  givenUp: (name: string) => `given up ${name}`,
} as const

// For so long, in milliseconds, it is shown that something was given up.
const SHOWN = 7 * 86_400_000

/** Throws `store`. */
export async function givenUp({
  audit,
  clock,
  project,
}: Pick<RecordApp, 'audit' | 'clock' | 'project'>): Promise<readonly EventOf<'NotificationGivenUp'>[]> {
  if (audit === undefined) return []
  const found = await Promise.all(
    project.settings.notify.targets.map(async ({ name }) => {
      const known = await audit.delivery(targetCursor.givenUp(name))
      if (known === undefined || clock.now() - Date.parse(known.at) > SHOWN) return []
      const rows = await audit.records(known.position, 1)
      return ofType('NotificationGivenUp', rows.map(recordIn))
    }),
  )
  return found.flat()
}
