import { messageOf } from '../../model/error.ts'
import type { App } from '../../project/app/app.ts'
import type { SinkSettings } from '../../project/files/settings/audit-settings.ts'
import { trailOf } from '../../project/history/trail-of.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { type Send, sendTo } from '../../project/record/audit/export.ts'
import { receiversOf } from '../../project/record/audit/receivers.ts'
import { RecordedTraces } from '../../project/record/audit/recorded-traces.ts'
import { sourceOf } from '../../project/record/audit/records.ts'
import type { DeliveryQueue } from './delivery-queue.ts'

// So many records are sent at once: making their text must not hold the process up.
const AT_ONCE = 50

/** A sink of the settings that has all records, as `audit export --to` would send them, with the same cursor. It is never given up. */
export class SinkQueue implements DeliveryQueue {
  readonly #app: App
  readonly #by: Caller
  readonly #sink: SinkSettings
  readonly #traces: RecordedTraces
  #isOnRecord = false

  constructor(app: App, by: Caller, sink: SinkSettings) {
    this.#app = app
    this.#by = by
    this.#sink = sink
    this.#traces = new RecordedTraces(app.store)
  }

  get name(): string {
    return this.#sink.name
  }

  async round(): Promise<number> {
    const trail = trailOf(this.#app)
    const cursor = `sink ${this.name}`
    let sent = 0
    const known = await trail.delivery(cursor)
    // Another try at the same records is no other export.
    this.#isOnRecord ||= known?.fault !== undefined
    let send: Send | undefined
    for (let position = known?.position ?? 0; ; ) {
      const rows = await trail.records(position + 1, AT_ONCE)
      const last = rows.at(-1)
      if (last === undefined) return sent
      send ??= await this.#opened(position + 1)
      try {
        await send(rows)
      } catch (error) {
        await trail.delivered(cursor, 0, messageOf(error))
        throw error
      }
      position = last.seq
      await trail.delivered(cursor, position)
      sent += rows.length
      await this.#app.clock.sleep(1)
    }
  }

  async #opened(first: number): Promise<Send> {
    const app = this.#app
    const { name: to, format } = this.#sink
    if (!this.#isOnRecord)
      await app.journalAs(this.#by.principal).append(undefined, [{ type: 'AuditExported', format, to, first }])
    this.#isOnRecord = true
    return sendTo(this.#sink, trailOf(app), sourceOf(app), receiversOf(app, this.#by), this.#traces)
  }
}
