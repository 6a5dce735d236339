import type { AuditTrail } from '../../change/record/audit/audit-trail.ts'
import type { EventBody, JournalEvent } from '../../change/record/event/event.ts'
import { ofType, recordIn } from '../../change/record/event/record-text.ts'
import type { ChainRow } from '../../change/record/seal/chain.ts'
import type { Store } from '../../change/record/store/store.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import { requireAllowed } from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { whileLeading } from '../../project/execution/resume/leader.ts'
import type { SinkSettings } from '../../project/files/settings/audit-settings.ts'
import type { TargetSettings } from '../../project/files/settings/notify-settings.ts'
import { trailOf } from '../../project/history/trail-of.ts'
import type { Caller, SilentCaller } from '../../project/identity/caller-of.ts'
import { sendTo as exportTo, type Send } from '../../project/record/audit/export.ts'
import { receiversOf } from '../../project/record/audit/receivers.ts'
import { type RecordedTraces, recordedTraces } from '../../project/record/audit/recorded-traces.ts'
import { sourceOf } from '../../project/record/audit/records.ts'
import type { AuditVerification } from '../../report/event-words/audit-verification.ts'
import { targetCursor } from './given-up.ts'
import {
  executionOf,
  type Notification,
  notificationOf,
  type Subject,
  subjectOf,
} from './notice/message/notification.ts'
import { GIVES_UP_AFTER, isFor, restAfter } from './notice/rules.ts'
import { BrokenRecord, NoticeWatcher } from './notice-watcher.ts'
import { addressedNotificationOf, type SendNotification, sendTo } from './send-to.ts'

interface DeliveryQueue {
  readonly name: string
  // Throws what keeps it from taking more; the rest waits.
  round(): Promise<number>
}

interface DeliveryQueueHost {
  readonly clock: Clock
  readonly stop: AbortSignal
  // How often the record is looked at for something to send, in milliseconds.
  readonly every: number
  failed(what: string, error: unknown): void
}

async function keepSending(queue: DeliveryQueue, { clock, stop, every, failed }: DeliveryQueueHost) {
  let failures = 0
  while (!stop.aborted) {
    try {
      await queue.round()
      failures = 0
    } catch (error) {
      failures += 1
      if (failures === 1) failed('outbox', error)
    }
    await clock.sleep(failures === 0 ? every : restAfter(failures), stop).catch(() => undefined)
  }
}

// A sink of the settings that has all records, as `audit export --to` would send them, with the same cursor. It is never given up.
class SinkQueue implements DeliveryQueue {
  readonly #app: App
  readonly #by: Caller
  readonly #sink: SinkSettings
  readonly #traces: RecordedTraces
  #isOnRecord = false

  constructor(app: App, by: Caller, sink: SinkSettings) {
    this.#app = app
    this.#by = by
    this.#sink = sink
    this.#traces = recordedTraces(app.store)
  }

  get name() {
    return this.#sink.name
  }

  async round() {
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

  async #opened(first: number) {
    const app = this.#app
    const { name: to, format } = this.#sink
    if (!this.#isOnRecord)
      await app.journalAs(this.#by.principal).append(undefined, [{ type: 'AuditExported', format, to, first }])
    this.#isOnRecord = true
    return exportTo(this.#sink, trailOf(app), sourceOf(app), receiversOf(app, this.#by), this.#traces)
  }
}

const MOST = 500

// Their beginnings are learned as they pass by; an older one is read once.
class Subjects {
  readonly #store: Pick<Store, 'read'>
  readonly #known = new Map<string, Subject>()

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store
  }

  // Throws `store`.
  seen(row: ChainRow) {
    const event = recordIn(row)
    if (event.type === 'ExecutionStarted') this.#keep(subjectOf(event))
    return event
  }

  // Throws `store`.
  async of(event: JournalEvent) {
    const id = executionOf(event)
    if (id === undefined || this.#known.has(id)) return this.#known.get(id ?? '')
    const [started] = ofType('ExecutionStarted', await this.#store.read(id))
    return started === undefined ? undefined : this.#keep(subjectOf(started))
  }

  #keep(subject: Subject) {
    this.#known.set(subject.id, subject)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest)
    return subject
  }
}

// So many records are sent at once: making their text must not hold the process up.
const AT_ONCE = 50

interface TargetQueueOptions {
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

// A target that gets its messages in the order of the record, each until it has acknowledged it.
class TargetQueue implements DeliveryQueue {
  readonly #options: TargetQueueOptions

  constructor(options: TargetQueueOptions) {
    this.#options = options
  }

  get name() {
    return this.#options.target.name
  }

  async round() {
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

  get #cursor() {
    return targetCursor.told(this.name)
  }

  async #position(trail: AuditTrail) {
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

  async #tooOld(trail: AuditTrail, from: number) {
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

// Whoever sends claims the store under this name: what two would send would arrive twice.
const CLAIM = 'outbox'
// How often the record is looked at, in milliseconds.
const LOOK = 1_000
// How long the last round may take when the process ends, in milliseconds.
const LAST_ROUND = 3_000

interface OutboxOptions {
  readonly app: App
  readonly by: Caller
  failed(what: string, error: unknown): void
  readonly verify?: () => Promise<AuditVerification>
  readonly send?: (target: TargetSettings) => SendNotification
  // How often the record is looked at, in milliseconds. Default: each second.
  readonly every?: number
}

export interface Outbox {
  end(): Promise<void>
}

interface DeliveryResult {
  readonly name: string
  readonly sent: number
  readonly failure?: unknown
}

interface Parts {
  readonly queues: readonly DeliveryQueue[]
  look(): Promise<void>
}

function partsOf({ app, by, verify, send = (target) => sendTo(app, by, target) }: OutboxOptions): Parts | undefined {
  const { notify, audit } = app.project.settings
  if (app.audit === undefined || notify.targets.length + audit.sinks.length === 0) return undefined
  const subjects = new Subjects(app.store)
  const addressees = notify.targets.map((target) => ({ target, send: send(target) }))
  const broken = new BrokenRecord(app, addressees)
  const watching = new NoticeWatcher(app, by, { verify, read: (row) => subjects.seen(row) })
  const look = async () => {
    const fault = await watching.look().then(
      () => undefined,
      (error: unknown) => error,
    )
    await broken.heard(fault)
    if (fault !== undefined) throw fault
  }
  return {
    queues: [
      ...addressees.map((one) => new TargetQueue({ app, by, subjects, ...one })),
      ...audit.sinks.map((sink) => new SinkQueue(app, by, sink)),
    ],
    look: notify.targets.length === 0 ? async () => undefined : look,
  }
}

/** Keeps targets and sinks told beside whatever else the process does: each for itself, so that a slow one delays no other and nothing else. */
export function openOutbox(options: OutboxOptions): Outbox {
  const { app, failed, every = LOOK } = options
  if (partsOf(options) === undefined) return { end: async () => undefined }
  const over = new AbortController()
  const stop = over.signal
  const { clock } = app
  const goOn = async (term: AbortSignal) => {
    // What was sent meanwhile another process has sent: whoever begins reads how far that is.
    const parts = partsOf(options)
    if (parts === undefined) return
    const host: DeliveryQueueHost = { clock, stop: term, every, failed }
    await Promise.all([keepLooking(parts, host), ...parts.queues.map((queue) => keepSending(queue, host))])
    if (stop.aborted) await lastRound(app, parts)
  }
  // What goes on behind the end has no store any more: the next process sends it again.
  const leading = { ...app, name: CLAIM, failed }
  const done = whileLeading(leading, stop, goOn).catch((error: unknown) =>
    stop.aborted ? undefined : failed('outbox', error),
  )
  return {
    end: async () => {
      over.abort()
      await within(clock, 2 * LAST_ROUND, done)
    },
  }
}

async function keepLooking(parts: Parts, { clock, stop, every, failed }: DeliveryQueueHost) {
  let isFailing = false
  while (!stop.aborted) {
    try {
      await parts.look()
      isFailing = false
    } catch (error) {
      if (!isFailing) failed('notices', error)
      isFailing = true
    }
    await clock.sleep(every, stop).catch(() => undefined)
  }
}

async function lastRound({ clock }: RecordApp, { queues, look }: Parts) {
  const work = async () => {
    await look()
    await Promise.allSettled(queues.map((queue) => queue.round()))
  }
  await within(
    clock,
    LAST_ROUND,
    work().catch(() => undefined),
  )
}

// Waits for some work, at most so many milliseconds.
async function within(clock: Clock, milliseconds: number, work: Promise<void>) {
  const over = new AbortController()
  const late = clock.sleep(milliseconds, over.signal).catch(() => undefined)
  await Promise.race([work, late])
  over.abort()
}

/** Does once what an outbox keeps doing: for a timer, where no server runs. Each receiver is tried once. */
export async function deliverOnce(options: Omit<OutboxOptions, 'failed'>): Promise<readonly DeliveryResult[]> {
  const { app, by } = options
  await requireAllowed(app, by, 'audit.export')
  const claim = (await app.claims.isClaimed(CLAIM)) ? undefined : await app.claims.claim(CLAIM)
  if (claim === undefined || !(await claim.renew())) {
    throw new EosflowError('busy', 'another process sends notifications from this store', {
      hint: 'A server does that by itself: nothing more is needed.',
    })
  }
  try {
    const parts = partsOf({ ...options, failed: () => undefined })
    if (parts === undefined) return []
    await parts.look()
    return await Promise.all(
      parts.queues.map(async (queue) => {
        try {
          return { name: queue.name, sent: await queue.round() }
        } catch (failure) {
          return { name: queue.name, sent: 0, failure }
        }
      }),
    )
  } finally {
    await claim.release()
  }
}
