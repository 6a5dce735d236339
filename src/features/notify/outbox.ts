import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import { requireAllowed } from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { whileLeading } from '../../project/execution/resume/leader.ts'
import type { TargetSettings } from '../../project/files/settings/notify-settings.ts'
import type { Caller } from '../../project/identity/caller.ts'
import type { AuditVerification } from '../../report/event-words/audit-verification.ts'
import { BrokenRecord } from './broken-record.ts'
import { type DeliveryQueue, type DeliveryQueueHost, keepSending } from './delivery-queue.ts'
import { NoticeWatcher } from './notice-watcher.ts'
import { type SendNotification, sendTo } from './send-to.ts'
import { SinkQueue } from './sink-queue.ts'
import { Subjects } from './subjects.ts'
import { TargetQueue } from './target-queue.ts'

// Whoever sends claims the store under this name: what two would send would arrive twice.
const CLAIM = 'outbox'
// How often the record is looked at, in milliseconds.
const LOOK = 1_000
// How long the last round may take when the process ends, in milliseconds.
const LAST_ROUND = 3_000

export interface OutboxOptions {
  readonly app: App
  readonly by: Caller
  failed(what: string, error: unknown): void
  readonly verify?: () => Promise<AuditVerification>
  readonly send?: (target: TargetSettings) => SendNotification
  /** How often the record is looked at, in milliseconds. Default: each second. */
  readonly every?: number
}

export interface Outbox {
  end(): Promise<void>
}

export interface DeliveryResult {
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
