import { dirname } from 'node:path'
import type { AuditTrail } from '../../change/record/audit/audit-trail.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { recordIn } from '../../change/record/event/record-text.ts'
import { BrokenChainError, type ChainRow } from '../../change/record/seal/chain.ts'
import { codeOf } from '../../model/error.ts'
import type { App } from '../../project/app/app.ts'
import type { TargetSettings } from '../../project/files/settings/notify-settings.ts'
import { trailOf } from '../../project/history/trail-of.ts'
import type { SilentCaller } from '../../project/identity/caller-of.ts'
import { systemDisk } from '../../project/system/machine/disk-room.ts'
import { noSeams } from '../../project/system/process/seams.ts'
import type { AuditVerification } from '../../report/event-words/audit-verification.ts'
import { address } from '../../report/page/html.ts'
import { KIND_WORDS, type Notification } from './notice/message/notification.ts'
import { isFor } from './notice/rules.ts'
import { NOTHING_SEEN, type NoticeContext, neededFrom, noticesDue, recalled, watched } from './notice/watch.ts'
import { addressedNotificationOf, type SendNotification } from './send-to.ts'

const CURSOR = 'notices'
const AT_ONCE = 50
const MIB = 1024 * 1024
// How often disk and anchors are looked at, and how often the whole record is verified, in milliseconds.
const MEASURES = 60_000
const VERIFIES = 3_600_000

interface WatchingOptions {
  readonly verify?: (() => Promise<AuditVerification>) | undefined
  readonly read?: (row: ChainRow) => JournalEvent
}

export class NoticeWatcher {
  readonly #app: App
  readonly #by: SilentCaller
  readonly #verify: WatchingOptions['verify']
  readonly #read: (row: ChainRow) => JournalEvent
  #watch = NOTHING_SEEN
  #isBegun = false
  #kept: number | undefined
  #moment: Omit<NoticeContext, 'now'> = {}
  #measured = Number.NEGATIVE_INFINITY
  #verified: number
  #verification: UnderWay<AuditVerification> | undefined

  constructor(app: App, by: SilentCaller, { verify, read = recordIn }: WatchingOptions = {}) {
    this.#app = app
    this.#by = by
    this.#verify = verify
    this.#read = read
    this.#verified = app.clock.monotonic()
  }

  /** Throws `store`. */
  async look(): Promise<void> {
    const trail = trailOf(this.#app)
    if (!this.#isBegun) await this.#begin(trail)
    await this.#catchUp(trail)
    await this.#measure(trail)
    await this.#verifyInTime()
    const due = noticesDue(this.#watch, { ...this.#moment, now: this.#app.clock.now() })
    if (due.length > 0) await this.#app.journalAs(this.#by.principal).append(undefined, due)
    if (due.length > 0) await this.#catchUp(trail)
    await this.#keep(trail)
  }

  async #keep(trail: AuditTrail) {
    const position = neededFrom(this.#watch) - 1
    if (position === this.#kept) return
    await trail.delivered(CURSOR, position)
    this.#kept = position
  }

  async #begin(trail: AuditTrail) {
    const { store } = this.#app
    const known = (await trail.delivery(CURSOR))?.position
    this.#watch = { ...NOTHING_SEEN, seq: known ?? (await store.head()).seq }
    if (known === undefined) for (const { id } of await store.openExecutions()) await this.#recall(id)
    this.#isBegun = true
  }

  async #recall(execution: string) {
    const events = await this.#app.store.read(execution)
    const known = events.filter(({ seq }) => seq <= this.#watch.seq)
    this.#watch = recalled(this.#watch, execution, known)
  }

  async #catchUp(trail: AuditTrail) {
    for (;;) {
      const rows = await trail.records(this.#watch.seq + 1, AT_ONCE)
      if (rows.length === 0) return
      for (const row of rows) await this.#take(this.#read(row))
      await this.#app.clock.sleep(1)
    }
  }

  async #take(event: JournalEvent) {
    const { execution, type } = event
    this.#watch = watched(this.#watch, event)
    if (type === 'ExecutionRedriven' && execution !== undefined) await this.#recall(execution)
  }

  async #measure(trail: AuditTrail) {
    const { clock, project, seams = noSeams } = this.#app
    if (clock.monotonic() - this.#measured < MEASURES) return
    this.#measured = clock.monotonic()
    const least = project.settings.notify.diskFreeMiB * MIB
    const { free } = (seams.disk ?? systemDisk).fileSystemOf(dirname(project.store))
    const anchors = await Promise.all(
      project.settings.audit.anchors.map(async ({ name }) => ({ name, lacksSince: await lacksSince(trail, name) })),
    )
    this.#moment = { disk: { free, least }, anchors }
  }

  // Reading all of the record takes seconds: nothing waits for it, and what it finds counts from the next look on. Throws what kept it from
  // reading.
  async #verifyInTime() {
    const { clock } = this.#app
    const verification = this.#verification
    if (verification !== undefined && verification.ended === undefined) return
    this.#verification = undefined
    if (verification?.ended !== undefined) await this.#record(await verification.ended)
    if (this.#verify === undefined || clock.monotonic() - this.#verified < VERIFIES) return
    this.#verified = clock.monotonic()
    this.#verification = underWay(this.#verify())
  }

  async #record({ fault, to, root, anchors }: AuditVerification) {
    if ((fault === undefined) === (this.#watch.tampered === undefined)) return
    const reason = fault === undefined ? {} : { reason: `record ${fault.seq}: ${fault.reason}` }
    const outcome = fault === undefined ? 'intact' : 'tampered'
    await this.#app
      .journalAs(this.#by.principal)
      .append(undefined, [{ type: 'AuditVerified', size: to, root, outcome, anchors, ...reason }])
    await this.#catchUp(trailOf(this.#app))
  }
}

interface UnderWay<T> {
  ended?: Promise<T>
}

function underWay<T>(work: Promise<T>): UnderWay<T> {
  const one: UnderWay<T> = {}
  const over = () => {
    one.ended = work
  }
  work.then(over, over)
  return one
}

// Since when an anchor lacks a checkpoint, in milliseconds since the epoch; undefined where it has every one.
async function lacksSince(trail: AuditTrail, anchor: string) {
  const position = (await trail.delivery(`anchor ${anchor}`))?.position ?? 0
  const [first, second] = await trail.checkpoints(Math.max(0, position - 1))
  const isTaken = first?.id === position
  if (isTaken && second === undefined) return undefined
  return first === undefined ? undefined : Date.parse(first.at)
}

const TOLD = 'record not intact'

interface Addressee {
  readonly target: TargetSettings
  readonly send: SendNotification
}

/**
 * Tells targets once that the record itself is broken, so that nothing about it can be put on record, and once that it can be read again. Each is
 * tried once: there is no cursor to try again by.
 */
export class BrokenRecord {
  readonly #app: App
  readonly #addressees: readonly Addressee[]
  #isTold: boolean | undefined

  constructor(app: App, addressees: readonly Addressee[]) {
    this.#app = app
    this.#addressees = addressees
  }

  async heard(error: unknown): Promise<void> {
    const fault = faultIn(error)
    this.#isTold ??= (await this.#kept())?.fault !== undefined
    if (error !== undefined && fault === undefined) return
    if ((fault !== undefined) === this.#isTold) return
    this.#isTold = fault !== undefined
    await Promise.all([this.#keep(fault), ...this.#addressees.map((one) => this.#tell(one, fault))])
  }

  async #tell({ target, send }: Addressee, fault: string | undefined) {
    const notification = this.#notification(fault)
    if (!isFor(this.#app.project.settings.notify.rules, target.name, notification)) return
    await quietly(async () => send(await addressedNotificationOf(this.#app, notification, { withDiff: false })))
  }

  #notification(fault: string | undefined): Notification {
    const now = this.#app.clock.now()
    const kind = 'record-not-intact'
    const words = KIND_WORDS[kind]
    return {
      what: fault === undefined ? 'notice.closed' : 'notice.opened',
      severity: 'page',
      // No record says it: the time tells one from the next.
      seq: now,
      at: new Date(now).toISOString(),
      title: fault === undefined ? `Over: ${words}` : words,
      text: fault ?? 'It can be read again.',
      facts: [],
      path: address.record,
      notice: { kind, cause: kind },
    }
  }

  async #kept() {
    return quietly(() => trailOf(this.#app).delivery(TOLD))
  }

  async #keep(fault: string | undefined) {
    await quietly(() => trailOf(this.#app).delivered(TOLD, 1, fault))
  }
}

function faultIn(error: unknown) {
  if (!(error instanceof Error)) return undefined
  const code = codeOf(error.cause, '')
  return error instanceof BrokenChainError || /^SQLITE_(?:CORRUPT|NOTADB)/.test(code) ? error.message : undefined
}

async function quietly<T>(work: () => Promise<T>) {
  try {
    return await work()
  } catch {
    return undefined
  }
}
