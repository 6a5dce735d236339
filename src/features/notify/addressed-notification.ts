import { readRecordedPlan } from '../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../change/plan/stored-plan.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { planText } from '../../report/plan/text.ts'
import { plain } from '../../report/text/visible.ts'
import type { AddressedNotification } from './notice/format/addressed-notification.ts'
import type { Notification } from './notice/message/notification.ts'

export async function addressedNotificationOf(
  app: RecordApp,
  notification: Notification,
  { withDiff }: { readonly withDiff: boolean },
): Promise<AddressedNotification> {
  const { notify, server } = app.project.settings
  const base = notify.link ?? server.publicUrl
  const diff = withDiff ? await planWords(app, notification.plan) : undefined
  return {
    notification,
    origin: app.store.id,
    ...(base === undefined ? {} : { link: `${base}${notification.path}` }),
    ...definedMembers({ diff }),
  }
}

async function planWords({ store }: RecordApp, digest: string | undefined) {
  if (digest === undefined) return undefined
  const made = await store.planMade(digest)
  return made === undefined
    ? undefined
    : planText(readRecordedPlan(await storedPlan(store, made.plan)), plain, { details: true })
}
