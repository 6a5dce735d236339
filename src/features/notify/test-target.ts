import { problemOf } from '../../model/problem.ts'
import { requireAllowed } from '../../project/access/policy/authority.ts'
import type { App } from '../../project/app/app.ts'
import type { TargetSettings } from '../../project/files/settings/notify-settings.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { address } from '../../report/page/html.ts'
import { addressedNotificationOf } from './addressed-notification.ts'
import { sendTo } from './send-to.ts'

export interface TestMessageResult {
  readonly name: string
  readonly answer: string
}

/** Throws InputError for a name that the settings do not have, `not-authorised`, and what keeps the target from taking it. */
export async function testTarget(app: App, by: Caller, name: string): Promise<TestMessageResult> {
  await requireAllowed(app, by, 'audit.export')
  const { targets } = app.project.settings.notify
  const target = targets.find((one) => one.name === name)
  if (target === undefined) {
    const known = targets.map((one) => one.name).join(', ')
    throw new InputError([
      problemOf(
        name,
        'unknown-target',
        `notify: of the settings names no target ${name}`,
        known === '' ? 'Write one under notify: targets: in eosflow.yaml.' : `It names ${known}.`,
      ),
    ])
  }
  const now = app.clock.now()
  const notification = {
    what: 'notification.test',
    severity: 'info',
    // No record says it: the time tells one from the next.
    seq: now,
    at: new Date(now).toISOString(),
    title: 'A test of eosflow',
    text: `Somebody tries whether messages reach ${name}. Nothing has happened, and nothing is to be done.`,
    facts: [],
    path: address.overview,
  } as const
  await sendTo(app, by, target)(await addressedNotificationOf(app, notification, { withDiff: false }))
  return { name, answer: answerOf(target) }
}

function answerOf(target: TargetSettings): string {
  if ('exec' in target) return 'the program ended with 0'
  return 'email' in target ? 'the mail server accepted it' : 'it answered with a status of success (2xx)'
}
