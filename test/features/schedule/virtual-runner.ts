import { Cron } from 'croner'
import { cursorBehind } from '../../../src/change/record/event/cursor.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import type { ScheduleRecord } from '../../../src/change/record/event/schedule.ts'
import type { SqliteStore } from '../../../src/change/record/sqlite/open-store.ts'
import { type Claims, noClaims } from '../../../src/change/record/store/claims.ts'
import type { Journal } from '../../../src/change/record/store/journal.ts'
import type { Schedule } from '../../../src/change/schedule/schedule.ts'
import type { Occurrence } from '../../../src/features/schedule/occurrence.ts'
import { ScheduleRunner, type ScheduleRunnerParts } from '../../../src/features/schedule/schedule-runner.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'
import { openForTest } from '../../change/record/sqlite/open-for-test.ts'

/** What a process that is killed ends with. */
export class Killed extends Error {}

/** Behind or before which append of its life a process is killed. */
export interface Kill {
  readonly append: number
  readonly isWritten: boolean
}

/** The schedules of a project and the store that outlives its processes, on a clock that only tests move. */
export class VirtualSchedules {
  readonly clock: VirtualClock
  readonly store: SqliteStore
  schedules: readonly Schedule[]
  /** How often each occurrence was begun. */
  readonly begun = new Map<string, number>()
  /** How many appends there were, of all processes. */
  appends = 0
  /** How long an occurrence takes, in milliseconds. */
  takes: (occurrence: Occurrence) => number = () => 0
  /** Which process has which claim. */
  readonly #claimed = new Map<string, object>()
  /** Waits before each answer of the store: others get their turn. */
  turn: () => Promise<void> = async () => undefined
  /** Why an occurrence is outside of a window. */
  outside: (now: number) => string | undefined = () => undefined

  constructor(schedules: readonly Schedule[], clock: VirtualClock, store: SqliteStore) {
    this.clock = clock
    this.store = store
    this.schedules = schedules
  }

  /** A process: it lives until it is killed or left. `isBeside`: others live at the same time, and see what it claims. */
  process({
    kill,
    mayWait = true,
    isBeside = false,
  }: {
    readonly kill?: Kill
    readonly mayWait?: boolean
    readonly isBeside?: boolean
  } = {}): ScheduleRunner {
    let isDead = false
    const me = {}
    const die = () => {
      isDead = true
      for (const [name, owner] of this.#claimed) if (owner === me) this.#claimed.delete(name)
    }
    const append: Journal['append'] = async (execution, events, after) => {
      await this.turn()
      if (isDead) throw new Killed()
      const isLast = kill !== undefined && this.appends === kill.append
      this.appends += 1
      if (isLast) die()
      if (isLast && !kill.isWritten) throw new Killed()
      const written = await this.store.as(SOMEBODY).append(execution, events as readonly EventBody[], after)
      if (isLast) throw new Killed()
      return written
    }
    const journal: Journal = { append, read: (execution) => this.store.read(execution) }
    const parts: ScheduleRunnerParts = {
      app: {
        store: this.#slowStore(),
        clock: this.clock,
        claims: isBeside ? this.#claimsOf(me, () => isDead) : noClaims,
        journalAs: () => journal,
      },
      schedules: this.schedules,
      mayWait,
      perform: async (occurrence) => {
        this.begun.set(occurrence.key, (this.begun.get(occurrence.key) ?? 0) + 1)
        const takes = this.takes(occurrence)
        if (takes > 0) await this.clock.sleep(takes)
        return { outcome: 'ok', reason: 'done' }
      },
      outside: async () => this.outside(this.clock.now()),
      failed: () => undefined,
    }
    return new ScheduleRunner(parts)
  }

  #slowStore(): SqliteStore {
    return new Proxy(this.store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        if (name !== 'schedules') return member.bind(target)
        return async () => {
          await this.turn()
          const found = await target.schedules()
          await this.turn()
          return found
        }
      },
    })
  }

  /** The claims of one process: the operating system gives them up when it dies. */
  #claimsOf(me: object, isDead: () => boolean): Claims {
    const claimed = this.#claimed
    return {
      claim: async (name) => {
        await this.turn()
        const renew = async () => {
          if (isDead()) throw new Killed()
          if (!claimed.has(name)) claimed.set(name, me)
          return claimed.get(name) === me
        }
        await renew()
        return {
          renew,
          release: async () => {
            if (claimed.get(name) === me) claimed.delete(name)
          },
        }
      },
      isClaimed: async (name) => claimed.has(name),
    }
  }

  /** Lets a process run schedules until a time; it looks at least as often as `longestSleep`, in milliseconds. Throws {@link Killed} when it is killed. */
  async live(runner: ScheduleRunner, until: number, longestSleep = 86_400_000) {
    const { clock } = this
    while (clock.now() < until) {
      const next = (await runner.look()) ?? until
      await clock.advance(Math.max(1, Math.min(next, until, clock.now() + longestSleep) - clock.now()))
    }
  }

  /** Somebody pauses a schedule, or continues it. */
  async change(schedule: string, change: 'paused' | 'continued') {
    await this.store.as(SOMEBODY).append(undefined, [{ type: 'ScheduleChanged', schedule, change }])
  }

  /** Every record about schedules, in order. */
  async records(): Promise<readonly ScheduleRecord[]> {
    const { events } = await this.everything()
    return events.filter((one): one is ScheduleRecord => one.type.startsWith('Schedule'))
  }

  private async everything(): Promise<{ readonly events: readonly JournalEvent[] }> {
    const events: JournalEvent[] = []
    let cursor = cursorBehind(undefined)
    for (;;) {
      const tail = await this.store.tail(cursor)
      if (tail.events.length === 0) return { events }
      events.push(...tail.events)
      cursor = tail.cursor
    }
  }
}

/** The schedules of a text of settings, on a clock that starts at a time. */
export async function virtualSchedules(settings: string, start: string): Promise<VirtualSchedules> {
  const clock = new VirtualClock(Date.parse(start))
  return new VirtualSchedules(schedulesOf(settings), clock, await openForTest(':memory:', clock))
}

const SOMEBODY = { issuer: 'schedule', id: 'schedule:test', auth: 'os' } as const

/** The schedules of a text of settings. */
export function schedulesOf(settings: string): readonly Schedule[] {
  const read = parseSettings(settings, 'eosflow.yaml')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value.schedules
}

/** What each instant of a schedule became: every one is there once. */
export function decisionsOf(records: readonly ScheduleRecord[], name: string): ReadonlyMap<string, string> {
  const decided = new Map<string, string>()
  const decide = (instant: string, what: string) => {
    if (decided.has(instant)) throw new Error(`${name} ${instant}: ${decided.get(instant)} and ${what}`)
    decided.set(instant, what)
  }
  for (const record of records) {
    if (record.schedule !== name) continue
    if (record.type === 'ScheduleFired') decide(record.instant, 'fired')
    if (record.type === 'ScheduleSkipped') decide(record.instant, `skipped ${record.because}`)
    if (record.type === 'ScheduleMissed')
      for (const instant of record.instants) decide(instant, `missed ${record.because}`)
  }
  return decided
}

/** The instants of a pattern between two times, by croner itself. */
export function oracle(cron: string, timezone: string, after: number, until: number) {
  const job = new Cron(cron, { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true })
  const found: string[] = []
  for (let next = job.nextRun(new Date(after)); next !== null && next.getTime() <= until; next = job.nextRun(next))
    found.push(next.toISOString())
  return found
}
