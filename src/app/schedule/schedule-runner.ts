import type { EventBody } from '../../journal/event.ts'
import { EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import { judgeDue, waitsUntil } from '../../schedule/judge.ts'
import { delayOf, occurrenceKey, type Schedule } from '../../schedule/schedule.ts'
import { type Instants, instantsBetween, isSameWhen, nextInstant, type When } from '../../schedule/when.ts'
import type { App } from '../app.ts'
import { type KnownSchedule, knownSchedules, UNKNOWN_SCHEDULE } from './known-schedule.ts'
import { failureOf, type Occurrence, type OccurrenceEnd } from './occurrence.ts'
import { isoOf, missedRecords, skippedRecord } from './schedule-events.ts'
import { scheduleCalledBy, schedulePrincipal } from './schedule-principal.ts'

/** What runs schedules, and what it asks of the rest. */
export interface ScheduleRunnerParts {
  readonly app: Pick<App, 'store' | 'journalAs' | 'clock' | 'claims'>
  readonly schedules: readonly Schedule[]
  /** Whether occurrences may wait for the one before, or for a window: a process that ends at once lets none wait. */
  readonly mayWait: boolean
  /** Who has called a process that runs what is due and ends; a server is nobody. */
  readonly calledBy?: Principal
  /** Does what an occurrence is for. What it throws is the reason of its failure. */
  perform(occurrence: Occurrence): Promise<OccurrenceEnd>
  /** Why an occurrence is outside of a window, or in a freeze; undefined where it is not. */
  outside(occurrence: Occurrence): Promise<string | undefined>
  /** An occurrence is over. */
  over?(): void
  failed(what: string, error: unknown): void
}

/**
 * Runs the schedules of a project. Each instant is decided about once, on record, before anything is done about it: whatever ends the
 * process, no occurrence begins twice, and what did not happen is on record with its reason (docs/adr/0064-schedules-are-decided-once.md).
 */
export class ScheduleRunner {
  readonly #parts: ScheduleRunnerParts
  readonly #running = new Map<string, Promise<void>>()
  /** The instants that wait, by the name of their schedule. */
  readonly #waiting = new Map<string, number>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: ScheduleRunnerParts) {
    this.#parts = parts
  }

  /** Decides about everything that is due. Gives when the next instant is, milliseconds since the epoch; undefined where there is none. */
  look(): Promise<number | undefined> {
    return this.#inTurn(() => this.#look())
  }

  /** Begins an occurrence now, for somebody who may. Throws `busy` while one runs. */
  byHand(schedule: Schedule, by: Principal): Promise<Occurrence> {
    return this.#inTurn(async () => {
      const known = await this.#decidedUntilNow(schedule)
      const why = await this.#overlap(schedule, known)
      if (why !== undefined) throw new EosflowError('busy', `${schedule.name} is not begun: ${why}`)
      await this.#passOver(schedule, known)
      const instant = this.#parts.app.clock.now()
      const principal = schedulePrincipal(schedule.name, by)
      const occurrence = { schedule, instant, key: occurrenceKey(schedule.name, instant), principal }
      if (!(await this.#fire(occurrence, by)))
        throw new EosflowError('busy', `${schedule.name} was begun by another process at this moment`)
      return occurrence
    })
  }

  /** Resolves when no occurrence runs any more. */
  async end(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values())
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #look(): Promise<number | undefined> {
    const { schedules } = this.#parts
    const known = await this.#loadAll()
    const nexts: number[] = []
    for (const schedule of schedules) {
      const one = known.get(schedule.name) ?? UNKNOWN_SCHEDULE
      await this.#settle(schedule.name, one)
      const next = await this.#judge(schedule, one)
      if (next !== undefined) nexts.push(next)
    }
    return nexts.length === 0 ? undefined : Math.min(...nexts)
  }

  async #known(): Promise<ReadonlyMap<string, KnownSchedule>> {
    return knownSchedules(await this.#parts.app.store.schedules())
  }

  /** Puts on record which schedules there are: instants before that are nobody's. Gives what is on record then. */
  async #loadAll(): Promise<ReadonlyMap<string, KnownSchedule>> {
    const { schedules } = this.#parts
    const known = await this.#known()
    let isAsBefore = true
    for (const schedule of schedules) {
      if (await this.#load(schedule, known.get(schedule.name))) isAsBefore = false
    }
    for (const [name, one] of known) {
      if (one.when === undefined || schedules.some((other) => other.name === name)) continue
      isAsBefore = false
      await this.#settle(name, one)
      await this.#missUnder(name, one.when, one.decided)
      await this.#append(name, { type: 'ScheduleChanged', schedule: name, change: 'removed' })
    }
    return isAsBefore ? known : this.#known()
  }

  /** Puts on record when a schedule is due, where that is new. */
  async #load(schedule: Schedule, known: KnownSchedule | undefined): Promise<boolean> {
    const { name, tz, cron, every } = schedule
    if (known?.when !== undefined && isSameWhen(known.when, schedule)) return false
    if (known?.when !== undefined) await this.#missUnder(name, known.when, known.decided)
    const when = { tz, ...(cron === undefined ? {} : { cron }), ...(every === undefined ? {} : { every }) }
    await this.#append(name, { type: 'ScheduleChanged', schedule: name, change: 'loaded', ...when })
    return true
  }

  /** Those instants of a schedule that was changed while nobody ran schedules. */
  async #missUnder(name: string, when: When, decided: number): Promise<void> {
    let after = decided
    for (let more = true; more; ) {
      const found: Instants = instantsBetween(when, after, this.#parts.app.clock.now(), 1_000)
      more = found.more
      after = found.instants.at(-1) ?? after
      await this.#append(name, ...missedRecords(name, found.instants, 'down'))
    }
  }

  /** An occurrence that a process has left in the middle: it is not begun again. */
  async #settle(name: string, { fired, finished }: KnownSchedule): Promise<void> {
    if (fired === undefined || finished !== undefined || this.#running.has(name)) return
    const { app } = this.#parts
    if (await app.claims.isClaimed(claimOf(name))) return
    const execution = (await app.store.requested(occurrenceKey(name, Date.parse(fired.instant))))?.execution
    const begun = execution === undefined ? {} : { begun: execution }
    const isBegun = execution !== undefined && (fired.does === 'plan' || fired.does === 'run')
    const end: OccurrenceEnd = isBegun
      ? { outcome: 'ok', reason: `execution ${execution} has begun`, ...begun }
      : { outcome: 'failed', reason: 'the process ended before it was done', ...begun }
    await this.#append(name, { type: 'ScheduleFinished', schedule: name, instant: fired.instant, ...end })
  }

  /** Decides about the instants of one schedule that are due. Gives when it is due next. */
  async #judge(schedule: Schedule, known: KnownSchedule): Promise<number | undefined> {
    const { open, decided } = await this.#missed(schedule, known)
    const now = this.#parts.app.clock.now()
    const highest = open !== undefined && (await this.#open(schedule, known, open)) ? open : decided
    return nextOf(schedule, Math.max(highest, now - delayOf(schedule)), highest)
  }

  /** Puts on record which instants pass without an occurrence. Gives the highest of them, and the one that may begin now. */
  async #missed(
    schedule: Schedule,
    known: KnownSchedule,
  ): Promise<{ readonly decided: number; readonly open?: number }> {
    const { name } = schedule
    let { decided } = known
    for (;;) {
      const waiting = this.#waiting.get(name)
      const made = judgeDue(schedule, { decided, isPaused: known.isPaused, waiting }, this.#parts.app.clock.now())
      const { passed, missed, open } = made
      if (passed !== undefined) this.#waiting.delete(name)
      // Together: of instants that are behind the highest on record nobody thinks again.
      const skipped = passed === undefined ? [] : [skippedRecord(name, passed, 'overlap', 'a later occurrence is due')]
      await this.#append(name, ...skipped, ...missedRecords(name, missed, made.because))
      decided = Math.max(decided, ...missed, passed ?? decided)
      if (!made.more) return { decided, ...(open === undefined ? {} : { open }) }
    }
  }

  /** Begins an occurrence, leaves it out, or lets it wait. False where it waits. */
  async #open(schedule: Schedule, known: KnownSchedule, instant: number): Promise<boolean> {
    const { name, overlap, outside } = schedule
    const { mayWait, app, calledBy } = this.#parts
    const occurrence = {
      schedule,
      instant,
      key: occurrenceKey(name, instant),
      principal: scheduleCalledBy(name, calledBy),
    }
    const before = await this.#overlap(schedule, known)
    const waits = (): false => {
      this.#waiting.set(name, instant)
      return false
    }
    if (before !== undefined && overlap === 'one' && mayWait) return waits()
    // Where that cannot be asked it begins, and what keeps it from that is its reason.
    const closed = before === undefined ? await this.#parts.outside(occurrence).catch(() => undefined) : undefined
    const isInTime = app.clock.now() <= waitsUntil(schedule, instant)
    if (closed !== undefined && outside === 'wait' && mayWait && isInTime) return waits()
    this.#waiting.delete(name)
    if (before !== undefined) await this.#append(name, skippedRecord(name, instant, 'overlap', before))
    else if (closed !== undefined) await this.#append(name, skippedRecord(name, instant, 'outside', closed))
    else await this.#fire(occurrence)
    return true
  }

  /** Why the occurrence before still runs; undefined where it does not. */
  async #overlap({ name }: Schedule, { fired }: KnownSchedule): Promise<string | undefined> {
    const { store, claims } = this.#parts.app
    const runs = 'the occurrence before still runs'
    if (this.#running.has(name) || (await claims.isClaimed(claimOf(name)))) return runs
    if (fired === undefined) return undefined
    const begun = await store.requested(occurrenceKey(name, Date.parse(fired.instant)))
    if (begun?.execution === undefined) return undefined
    const open = await store.openExecutions()
    return open.some(({ id }) => id === begun.execution) ? `${runs}: execution ${begun.execution}` : undefined
  }

  /** Puts on record that an occurrence begins, and begins it. False where another process has decided about it. */
  async #fire(occurrence: Occurrence, by?: Principal): Promise<boolean> {
    const { schedule, instant } = occurrence
    const { name, does } = schedule
    const claim = await this.#parts.app.claims.claim(claimOf(name))
    const isOurs = await this.#append(name, {
      type: 'ScheduleFired',
      schedule: name,
      instant: isoOf(instant),
      does,
      ...(by === undefined ? {} : { principal: by }),
    }).catch(async (error: unknown) => {
      await claim.release()
      throw error
    })
    if (!isOurs) {
      await claim.release()
      return false
    }
    const done = this.#performed(occurrence).then(async () => {
      this.#running.delete(name)
      await claim.release()
      this.#parts.over?.()
    })
    this.#running.set(name, done)
    return true
  }

  async #performed(occurrence: Occurrence): Promise<void> {
    const { perform, failed } = this.#parts
    const { name } = occurrence.schedule
    const end = await perform(occurrence).catch(failureOf)
    const instant = isoOf(occurrence.instant)
    await this.#append(name, { type: 'ScheduleFinished', schedule: name, instant, ...end }).catch((error: unknown) =>
      failed(name, error),
    )
  }

  /** Has everything decided about that one schedule has missed. What is due of others is left alone: whoever starts this one may not start them. */
  async #decidedUntilNow(schedule: Schedule): Promise<KnownSchedule> {
    const { name } = schedule
    const known = async (): Promise<KnownSchedule> => (await this.#known()).get(name) ?? UNKNOWN_SCHEDULE
    await this.#load(schedule, (await this.#known()).get(name))
    const found = await known()
    await this.#settle(name, found)
    await this.#missed(schedule, found)
    return known()
  }

  /** Instants that are undecided when somebody begins an occurrence by hand: that one takes their place. */
  async #passOver(schedule: Schedule, { decided, isPaused }: KnownSchedule): Promise<void> {
    const { name } = schedule
    const { instants } = instantsBetween(schedule, decided, this.#parts.app.clock.now(), 1_000)
    this.#waiting.delete(name)
    const events = isPaused
      ? missedRecords(name, instants, 'paused')
      : instants.map((one) => skippedRecord(name, one, 'overlap', 'it was started by hand'))
    await this.#append(name, ...events)
  }

  /** False where another process has decided about the same instant. */
  async #append(name: string, ...events: readonly EventBody[]): Promise<boolean> {
    try {
      if (events.length > 0) await this.#parts.app.journalAs(schedulePrincipal(name)).append(undefined, events)
      return true
    } catch (error) {
      if (error instanceof EosflowError && error.kind === 'busy') return false
      throw error
    }
  }
}

/** When a schedule is due next, behind what is due already: with `every` by the time since the last instant that was decided about. */
function nextOf(schedule: Schedule, behind: number, decided: number): number | undefined {
  const { every } = schedule
  const from = every === undefined ? behind : decided + Math.floor((behind - decided) / (every * 1000)) * every * 1000
  const next = nextInstant(schedule, from)
  return next === undefined ? undefined : next + delayOf(schedule)
}

/** What a process holds while an occurrence of a schedule runs. */
function claimOf(name: string): string {
  return `schedule-${name}`
}
