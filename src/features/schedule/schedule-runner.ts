import type { EventBody } from '../../change/record/event/event.ts'
import type { Claim } from '../../change/record/store/claims.ts'
import type { Store } from '../../change/record/store/store.ts'
import {
  delayOf,
  instantsBetween,
  isSameWhen,
  occurrenceKey,
  type Schedule,
  type ScheduleTime,
} from '../../change/schedule/schedule.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import type { ProjectStore } from '../../project/app/store/project-store.ts'
import {
  type FiredRecord,
  goneSchedules,
  isRunning,
  type KnownAfter,
  type KnownSchedule,
  keptAfters,
  knownSchedules,
  UNKNOWN_SCHEDULE,
} from '../../project/history/schedules/known-schedule.ts'
import { dueOf, judgeDue, type MissedBecause, nextDue, waitsUntil } from './judge.ts'
import { failureOf, type Occurrence, type OccurrenceEnd, scheduleCalledBy, schedulePrincipal } from './occurrence.ts'
import { nextLook } from './perform-after.ts'

// That an instant passes because of the occurrence before, or because of a window or a freeze.
function skippedRecord(name: string, instant: number, because: 'overlap' | 'outside', reason: string): EventBody {
  return { type: 'ScheduleSkipped', schedule: name, instant: isoOf(instant), because, reason }
}

function missedRecords(name: string, missed: readonly number[], because: MissedBecause): readonly EventBody[] {
  const instants = missed.map(isoOf)
  const instant = instants.at(-1)
  return instant === undefined ? [] : [{ type: 'ScheduleMissed', schedule: name, instant, instants, because }]
}

// That a schedule has left the settings, or for a reason that an after-watch is over.
function removedRecord(schedule: string, reason: string): EventBody {
  return { type: 'ScheduleChanged', schedule, change: 'removed', ...(reason === '' ? {} : { reason }) }
}

function isoOf(time: number) {
  return new Date(time).toISOString()
}

// How often another process is asked whether it is done with a schedule, and how long it is waited in between, in milliseconds.
const TRIES = 40
const ASKS_AGAIN = 50
const TRIES_WHILE_RUN = 3

interface WorkEnd<T> {
  readonly value: T
  readonly isKept: boolean
}

async function endOfLeft(
  store: Pick<Store, 'requested'>,
  { schedule, instant, does }: FiredRecord,
  after: KnownAfter | undefined,
): Promise<OccurrenceEnd> {
  if (after !== undefined) return { outcome: 'failed', reason: DIED, looked: unseen(after, instant) }
  const execution = (await store.requested(occurrenceKey(schedule, Date.parse(instant))))?.execution
  const begun = execution === undefined ? {} : { begun: execution }
  if (execution !== undefined && (does === 'plan' || does === 'run'))
    return { outcome: 'ok', reason: `execution ${execution} has begun`, ...begun }
  return { outcome: 'failed', reason: DIED, ...begun }
}

const DIED = 'the process ended before it was done'

function unseen({ subject, look }: KnownAfter, instant: string): OccurrenceEnd['looked'] & object {
  const { left = [], devices = subject.devices } = look ?? {}
  const unjudged = devices.map((device) => ({ device, says: DIED }))
  return nextLook(look, { instant, bad: [], unjudged, looked: devices.length, left, devices })
}

// When it is looked again at a schedule that another process decides about, in milliseconds.
const AGAIN = 1_000
const RUNS = 'the occurrence before still runs'

export interface ScheduleRunnerParts {
  readonly app: Pick<ProjectStore, 'store' | 'journalAs' | 'clock' | 'claims'>
  readonly schedules: readonly Schedule[]
  /** Whether occurrences may wait for the one before, or for a window: a process that ends at once lets none wait. */
  readonly mayWait: boolean
  readonly calledBy?: Principal
  perform(occurrence: Occurrence): Promise<OccurrenceEnd>
  /** Why an occurrence is outside of a window, or in a freeze; undefined where it is not. */
  outside(occurrence: Occurrence): Promise<string | undefined>
  over?(): void
  failed(what: string, error: unknown): void
}

/** Each instant is decided about once, on record, before anything is done about it: whatever ends the process, no occurrence begins twice, and what did not happen is on record with its reason (docs/adr/0064-schedules-are-decided-once.md). One process at a time decides about a schedule: it has the claim of it before it reads what it decides by, and keeps it until an occurrence has its end. */
export class ScheduleRunner {
  readonly #parts: ScheduleRunnerParts
  readonly #running = new Map<string, Promise<void>>()
  // The ends that the store has not taken, by the key of their occurrence: what is settled later has its true end.
  readonly #unwritten = new Map<string, OccurrenceEnd>()
  readonly #waiting = new Map<string, number>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: ScheduleRunnerParts) {
    this.#parts = parts
  }

  /** Gives when the next instant is, milliseconds since the epoch; undefined where there is none. */
  look(): Promise<number | undefined> {
    return this.#inTurn(() => this.#look())
  }

  /** Throws `busy` while one runs. */
  byHand(schedule: Schedule, by: Principal): Promise<Occurrence> {
    const { name } = schedule
    const work = async (claim: Claim | undefined): Promise<WorkEnd<Occurrence>> => {
      const known = await this.#decidedUntilNow(schedule, claim)
      const why = await this.#overlap(schedule, known, claim)
      if (claim === undefined || why !== undefined)
        throw new EosflowError('busy', `${name} is not begun: ${why ?? 'another process decides about it'}`)
      await this.#passOver(schedule, known)
      const instant = this.#parts.app.clock.now()
      const principal = schedulePrincipal(name, by)
      const occurrence = { schedule, instant, key: occurrenceKey(name, instant), principal }
      if (!(await this.#fire(occurrence, claim, by)))
        throw new EosflowError('busy', `${name} was begun by another process at this moment`)
      return { value: occurrence, isKept: true }
    }
    return this.#inTurn(() => this.#while(name, work))
  }

  async end(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values())
  }

  #inTurn<T>(work: () => Promise<T>) {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #look() {
    const { schedules } = this.#parts
    const known = await this.#known()
    for (const [name, reason] of goneSchedules(known, schedules)) await this.#remove(name, reason)
    const nexts: number[] = []
    for (const schedule of [...schedules, ...keptAfters(known)]) {
      const next = await this.#decide(schedule, known.get(schedule.name) ?? UNKNOWN_SCHEDULE)
      if (next !== undefined) nexts.push(next)
    }
    return nexts.length === 0 ? undefined : Math.min(...nexts)
  }

  async #decide(schedule: Schedule, seen: KnownSchedule) {
    const { name } = schedule
    const { clock } = this.#parts.app
    if (this.#isQuiet(schedule, seen)) {
      const behind = Math.max(seen.decided, clock.now() - delayOf(schedule))
      return nextDue(schedule, behind, seen.decided)
    }
    return this.#while(name, async (claim) => {
      const known = await this.#settledBy(schedule, claim)
      // A person has ended it meanwhile.
      if (known.when === undefined) return { value: undefined, isKept: false }
      // It is the other's that decides about it at this moment.
      if (claim === undefined && !isRunning(known)) return { value: clock.now() + AGAIN, isKept: false }
      return this.#judge(schedule, known, claim)
    })
  }

  #isQuiet(schedule: Schedule, known: KnownSchedule) {
    if (known.when === undefined || !isSameWhen(known.when, schedule)) return false
    if (isRunning(known) && !this.#running.has(schedule.name)) return false
    return dueOf(schedule, known, this.#parts.app.clock.now()).instants.length === 0
  }

  #remove(name: string, reason: string): Promise<void> {
    return this.#while(name, async (claim) => {
      const known = await this.#knownOf(name)
      if (claim !== undefined && known.when !== undefined) {
        await this.#settle(name, known)
        await this.#missUnder(name, known.when, known.decided)
        await this.#append(name, removedRecord(name, reason))
      }
      return { value: undefined, isKept: false }
    })
  }

  async #settledBy(schedule: Schedule, claim: Claim | undefined) {
    const { name } = schedule
    const found = await this.#knownOf(name)
    const isNew = await this.#load(schedule, found)
    const isSettled = claim !== undefined && (await this.#settle(name, found))
    return isNew || isSettled ? this.#knownOf(name) : found
  }

  async #settle(name: string, known: KnownSchedule) {
    const { fired } = known
    if (fired === undefined || !isRunning(known)) return false
    const key = occurrenceKey(name, Date.parse(fired.instant))
    const end = this.#unwritten.get(key) ?? (await endOfLeft(this.#parts.app.store, fired, known.after))
    await this.#append(name, { type: 'ScheduleFinished', schedule: name, instant: fired.instant, ...end })
    this.#unwritten.delete(key)
    return true
  }

  async #judge(schedule: Schedule, known: KnownSchedule, claim?: Claim): Promise<WorkEnd<number | undefined>> {
    const { open, decided } = await this.#missed(schedule, known)
    const now = this.#parts.app.clock.now()
    const became = open === undefined ? 'waits' : await this.#open(schedule, known, open, claim)
    const highest = open !== undefined && became !== 'waits' ? open : decided
    return {
      value: nextDue(schedule, Math.max(highest, now - delayOf(schedule)), highest),
      isKept: became === 'fired',
    }
  }

  async #missed(
    schedule: Schedule,
    known: KnownSchedule,
  ): Promise<{ readonly decided: number; readonly open?: number }> {
    const { name } = schedule
    let { decided } = known
    const { store, clock } = this.#parts.app
    const restored = Date.parse((await store.restored())?.at ?? '')
    for (;;) {
      const waiting = this.#waiting.get(name)
      const made = judgeDue(schedule, { decided, isPaused: known.isPaused, waiting, restored }, clock.now())
      const { passed, missed, open } = made
      if (passed !== undefined) this.#waiting.delete(name)
      // Together: of instants that are behind the highest on record nobody thinks again.
      const skipped = passed === undefined ? [] : [skippedRecord(name, passed, 'overlap', 'a later occurrence is due')]
      await this.#append(name, ...skipped, ...missedRecords(name, missed, made.because))
      decided = Math.max(decided, ...missed, passed ?? decided)
      if (!made.more) return { decided, ...definedMembers({ open }) }
    }
  }

  async #open(
    schedule: Schedule,
    known: KnownSchedule,
    instant: number,
    claim: Claim | undefined,
  ): Promise<'fired' | 'waits' | 'over'> {
    const { name, overlap, outside } = schedule
    const { mayWait, app, calledBy } = this.#parts
    const occurrence = {
      schedule,
      instant,
      key: occurrenceKey(name, instant),
      principal: scheduleCalledBy(name, calledBy),
    }
    const before = await this.#overlap(schedule, known, claim)
    const waits = (): 'waits' => {
      this.#waiting.set(name, instant)
      return 'waits'
    }
    if (before !== undefined && overlap === 'one' && mayWait) return waits()
    // Where that cannot be asked it begins, and what keeps it from that is its reason.
    const closed = before === undefined ? await this.#parts.outside(occurrence).catch(() => undefined) : undefined
    const isInTime = app.clock.now() <= waitsUntil(schedule, instant)
    if (closed !== undefined && outside === 'wait' && mayWait && isInTime) return waits()
    this.#waiting.delete(name)
    if (before !== undefined) await this.#append(name, skippedRecord(name, instant, 'overlap', before))
    else if (closed !== undefined) await this.#append(name, skippedRecord(name, instant, 'outside', closed))
    else if (claim !== undefined && (await this.#fire(occurrence, claim))) return 'fired'
    return 'over'
  }

  async #overlap({ name }: Schedule, known: KnownSchedule, claim: Claim | undefined) {
    const { store } = this.#parts.app
    const { fired } = known
    if (claim === undefined) return isRunning(known) ? RUNS : undefined
    if (fired === undefined) return undefined
    const begun = await store.requested(occurrenceKey(name, Date.parse(fired.instant)))
    if (begun?.execution === undefined) return undefined
    const open = await store.openExecutions()
    return open.some(({ id }) => id === begun.execution) ? `${RUNS}: execution ${begun.execution}` : undefined
  }

  async #fire(occurrence: Occurrence, claim: Claim, by?: Principal) {
    const { schedule, instant } = occurrence
    const { name, does } = schedule
    const isOurs = await this.#append(name, {
      type: 'ScheduleFired',
      schedule: name,
      instant: isoOf(instant),
      does,
      ...definedMembers({ principal: by }),
    })
    if (!isOurs) return false
    const done = this.#performed(occurrence).then(async () => {
      this.#running.delete(name)
      await claim.release()
      this.#parts.over?.()
    })
    this.#running.set(name, done)
    return true
  }

  async #performed(occurrence: Occurrence) {
    const { perform, failed } = this.#parts
    const { name } = occurrence.schedule
    const end = await perform(occurrence).catch(failureOf)
    const instant = isoOf(occurrence.instant)
    await this.#append(name, { type: 'ScheduleFinished', schedule: name, instant, ...end }).catch((error: unknown) => {
      this.#unwritten.set(occurrence.key, end)
      failed(name, error)
    })
  }

  async #decidedUntilNow(schedule: Schedule, claim: Claim | undefined) {
    const found = await this.#settledBy(schedule, claim)
    if (claim !== undefined) await this.#missed(schedule, found)
    return this.#knownOf(schedule.name)
  }

  async #passOver(schedule: Schedule, { decided, isPaused }: KnownSchedule) {
    const { name } = schedule
    const { instants } = instantsBetween(schedule, decided, this.#parts.app.clock.now(), 1_000)
    this.#waiting.delete(name)
    const events = isPaused
      ? missedRecords(name, instants, 'paused')
      : instants.map((one) => skippedRecord(name, one, 'overlap', 'it was started by hand'))
    await this.#append(name, ...events)
  }

  async #known() {
    return knownSchedules(await this.#parts.app.store.schedules())
  }

  async #knownOf(name: string) {
    return (await this.#known()).get(name) ?? UNKNOWN_SCHEDULE
  }

  async #load(schedule: Schedule, known: KnownSchedule | undefined) {
    const { name, tz, cron, every } = schedule
    // An after-watch begins with the end of its change, and never again.
    if (schedule.after !== undefined) return false
    if (known?.when !== undefined && isSameWhen(known.when, schedule)) return false
    if (known?.when !== undefined) await this.#missUnder(name, known.when, known.decided)
    const when = { tz, ...definedMembers({ cron, every }) }
    await this.#append(name, { type: 'ScheduleChanged', schedule: name, change: 'loaded', ...when })
    return true
  }

  async #missUnder(name: string, when: ScheduleTime, decided: number) {
    let after = decided
    for (let more = true; more; ) {
      const found = instantsBetween(when, after, this.#parts.app.clock.now(), 1_000)
      more = found.more
      after = found.instants.at(-1) ?? after
      await this.#append(name, ...missedRecords(name, found.instants, 'down'))
    }
  }

  async #append(name: string, ...events: readonly EventBody[]) {
    try {
      if (events.length > 0) await this.#parts.app.journalAs(schedulePrincipal(name)).append(undefined, events)
      return true
    } catch (error) {
      if (error instanceof EosflowError && error.kind === 'busy') return false
      throw error
    }
  }

  async #while<T>(name: string, work: (claim: Claim | undefined) => Promise<WorkEnd<T>>) {
    const claim = await this.#claimed(name)
    let isKept = false
    try {
      const held = await work(claim)
      isKept = held.isKept
      return held.value
    } finally {
      if (!isKept) await claim?.release()
    }
  }

  async #claimed(name: string) {
    const { claims, clock } = this.#parts.app
    for (let tries = 1; ; tries += 1) {
      const own = this.#running.get(name)
      if (own !== undefined) {
        if (await this.#isRunning(name)) return undefined
        // Its end is on record, and the claim is given up right behind that.
        await own
      }
      const claim = await claims.claim(`schedule-${name}`)
      if (await claim.renew()) return claim
      await claim.release()
      if (tries >= TRIES || (tries >= TRIES_WHILE_RUN && (await this.#isRunning(name)))) return undefined
      await clock.sleep(ASKS_AGAIN)
    }
  }

  async #isRunning(name: string) {
    return isRunning(await this.#knownOf(name))
  }
}
