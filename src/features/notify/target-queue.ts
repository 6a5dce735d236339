import type { AuditTrail } from '../../change/record/audit/audit-trail.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import { messageOf } from '../../model/error.ts'
import type { RecordApp } from '../../project/app/app.ts'
import type { TargetSettings } from '../../project/files/settings/notify-settings.ts'
import { trailOf } from '../../project/history/trail-of.ts'
import type { SilentCaller } from '../../project/identity/caller.ts'
import { addressedNotificationOf } from './addressed-notification.ts'
import type { DeliveryQueue } from './delivery-queue.ts'
import { type Notification, notificationOf } from './notice/message/notification.ts'
import { GIVES_UP_AFTER } from './notice/patience.ts'
import { isFor } from './notice/rules.ts'
import type { SendNotification } from './send-to.ts'
import type { Subjects } from './subjects.ts'

const AT_ONCE = 50

export const targetCursor = {
  told: (name: string) => `notify ${name}`,
  givenUp: (name: string) => `given up ${name}`,
} as const

export interface TargetQueueOptions {
  readonly app: RecordApp
  readonly by: SilentCaller
  readonly target: TargetSettings
  readonly subjects: Subjects
  readonly send: SendNotification
}

interface Told {
  readonly seq: number
  readonly notification: Notification | undefined
}

/** A target that gets its messages in the order of the record, each until it has acknowledged it. */
export class TargetQueue implements DeliveryQueue {
  readonly #options: TargetQueueOptions

  constructor(options: TargetQueueOptions) {
    this.#options = options
  }

  get name(): string {
    return this.#options.target.name
  }

  async round(): Promise<number> {
    const { app } = this.#options
    const trail = trailOf(app)
    let sent = 0
    for (let position = await this.#position(trail); ; ) {
      const told = await this.#toldBehind(trail, position)
      const last = told.at(-1)
      if (last === undefined) return sent
      for (const one of told) sent += await this.#sent(trail, one)
      position = last.seq
      await trail.delivered(this.#cursor, position)
      await app.clock.sleep(1)
    }
  }

  get #cursor(): string {
    return targetCursor.told(this.name)
  }

  async #position(trail: AuditTrail): Promise<number> {
    const known = (await trail.delivery(this.#cursor))?.position
    if (known !== undefined) return known
    const { seq } = await this.#options.app.store.head()
    await trail.delivered(this.#cursor, seq)
    return seq
  }

  async #toldBehind(trail: AuditTrail, position: number): Promise<readonly Told[]> {
    const { app, target, subjects } = this.#options
    const { rules } = app.project.settings.notify
    const told: Told[] = []
    for (const row of await trail.records(position + 1, AT_ONCE)) {
      const event = subjects.seen(row)
      const about = event.type === 'NotificationGivenUp' ? event.target : undefined
      // Whether it is wanted depends on nothing that must be read for it.
      const plain = notificationOf(event, undefined)
      const isWanted = plain !== undefined && isFor(rules, target.name, plain, about)
      told.push({ seq: row.seq, notification: isWanted ? notificationOf(event, await subjects.of(event)) : undefined })
    }
    return told
  }

  async #sent(trail: AuditTrail, { seq, notification }: Told): Promise<number> {
    if (notification === undefined) return 0
    const { app, target, send } = this.#options
    try {
      await send(await addressedNotificationOf(app, notification, target))
    } catch (error) {
      await this.#failed(trail, { seq, notification }, error)
    }
    await trail.delivered(this.#cursor, seq)
    return 1
  }

  async #failed(trail: AuditTrail, first: Told, error: unknown): Promise<never> {
    const reason = messageOf(error)
    await trail.delivered(this.#cursor, 0, reason)
    const old = await this.#tooOld(trail, first.seq)
    const last = old.at(-1)
    if (last !== undefined) {
      const { app, by } = this.#options
      const event: EventBody = {
        type: 'NotificationGivenUp',
        target: this.name,
        first: first.seq,
        last,
        count: old.length,
        reason,
      }
      const [record] = await app.journalAs(by.principal).append(undefined, [event])
      await trail.delivered(targetCursor.givenUp(this.name), record?.seq ?? 0, reason)
      await trail.delivered(this.#cursor, last, reason)
    }
    throw error
  }

  async #tooOld(trail: AuditTrail, from: number): Promise<readonly number[]> {
    const until = new Date(this.#options.app.clock.now() - GIVES_UP_AFTER).toISOString()
    const old: number[] = []
    for (let position = from - 1; ; ) {
      const told = await this.#toldBehind(trail, position)
      const last = told.at(-1)
      for (const { seq, notification } of told) {
        if (notification === undefined) continue
        if (notification.at > until) return old
        old.push(seq)
      }
      if (last === undefined) return old
      position = last.seq
      await this.#options.app.clock.sleep(1)
    }
  }
}
