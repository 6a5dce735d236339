import type { EventBody } from '../../change/record/event/event.ts'
import type { Schedule } from '../../change/schedule/schedule.ts'
import { instantsBetween, isSameWhen, type ScheduleTime } from '../../change/schedule/schedule-time.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import type { ProjectStore } from '../../project/app/store/project-store.ts'
import { type KnownSchedule, knownSchedules, UNKNOWN_SCHEDULE } from '../../project/history/schedules/known-schedule.ts'
import { missedRecords } from './schedule-events.ts'
import { schedulePrincipal } from './schedule-principal.ts'

export class ScheduleRecords {
  readonly #app: Pick<ProjectStore, 'store' | 'journalAs' | 'clock'>

  constructor(app: Pick<ProjectStore, 'store' | 'journalAs' | 'clock'>) {
    this.#app = app
  }

  async known(): Promise<ReadonlyMap<string, KnownSchedule>> {
    return knownSchedules(await this.#app.store.schedules())
  }

  async knownOf(name: string): Promise<KnownSchedule> {
    return (await this.known()).get(name) ?? UNKNOWN_SCHEDULE
  }

  async load(schedule: Schedule, known: KnownSchedule | undefined): Promise<boolean> {
    const { name, tz, cron, every } = schedule
    // An after-watch begins with the end of its change, and never again.
    if (schedule.after !== undefined) return false
    if (known?.when !== undefined && isSameWhen(known.when, schedule)) return false
    if (known?.when !== undefined) await this.missUnder(name, known.when, known.decided)
    const when = { tz, ...definedMembers({ cron, every }) }
    await this.append(name, { type: 'ScheduleChanged', schedule: name, change: 'loaded', ...when })
    return true
  }

  async missUnder(name: string, when: ScheduleTime, decided: number): Promise<void> {
    let after = decided
    for (let more = true; more; ) {
      const found = instantsBetween(when, after, this.#app.clock.now(), 1_000)
      more = found.more
      after = found.instants.at(-1) ?? after
      await this.append(name, ...missedRecords(name, found.instants, 'down'))
    }
  }

  async append(name: string, ...events: readonly EventBody[]): Promise<boolean> {
    try {
      if (events.length > 0) await this.#app.journalAs(schedulePrincipal(name)).append(undefined, events)
      return true
    } catch (error) {
      if (error instanceof EosflowError && error.kind === 'busy') return false
      throw error
    }
  }
}
