import type { ScheduleDecision, ScheduleRecord } from '../../../change/record/event/schedule.ts'
import { afterName, afterWatch, type Schedule, type ScheduleTime } from '../../../change/schedule/schedule.ts'
import type { AfterLook, AfterSubject } from '../../../model/after.ts'
import type { AfterStanding } from '../../../report/view/after-words.ts'
import type { RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

export type FiredRecord = ScheduleRecord & { readonly type: 'ScheduleFired' }

export interface KnownSchedule {
  /** When it is due, as it was loaded last; undefined once it has left the settings. */
  readonly when: ScheduleTime | undefined
  /** The highest instant that was decided about, or when it was loaded: milliseconds since the epoch. */
  readonly decided: number
  readonly isPaused: boolean
  readonly fired: FiredRecord | undefined
  readonly finished: (ScheduleRecord & { readonly type: 'ScheduleFinished' }) | undefined
  readonly newest: ScheduleDecision | undefined
  readonly after: KnownAfter | undefined
}

export interface KnownAfter {
  readonly subject: AfterSubject
  readonly every: number
  /** When it began, ISO 8601 in UTC. */
  readonly begun: string
  readonly look?: AfterLook & { readonly instant: string }
  readonly ended?: { readonly at: string; readonly reason: string }
}

export const UNKNOWN_SCHEDULE: KnownSchedule = {
  when: undefined,
  decided: Number.NEGATIVE_INFINITY,
  isPaused: false,
  fired: undefined,
  finished: undefined,
  newest: undefined,
  after: undefined,
}

export function isRunning({ fired, finished }: Pick<KnownSchedule, 'fired' | 'finished'>): boolean {
  return fired !== undefined && finished === undefined
}

/** `records` are in order. */
export function knownSchedules(records: readonly ScheduleRecord[]): ReadonlyMap<string, KnownSchedule> {
  const known = new Map<string, KnownSchedule>()
  for (const record of records) {
    known.set(record.schedule, withRecord(known.get(record.schedule) ?? UNKNOWN_SCHEDULE, record))
  }
  return known
}

function withRecord(known: KnownSchedule, record: ScheduleRecord): KnownSchedule {
  if (record.type === 'ScheduleChanged') return changed(known, record)
  const decided = Math.max(known.decided, Date.parse(record.instant))
  if (record.type === 'ScheduleFinished') {
    const isOfLast = known.fired?.instant === record.instant
    const after = lookedAt(known.after, record)
    return { ...known, decided, ...(isOfLast ? { finished: record } : {}), after }
  }
  const newest = { decided, newest: record }
  if (record.type !== 'ScheduleFired') return { ...known, ...newest }
  return { ...known, ...newest, fired: record, finished: undefined }
}

function lookedAt(
  after: KnownAfter | undefined,
  { instant, looked }: ScheduleRecord & { readonly type: 'ScheduleFinished' },
) {
  return after === undefined || looked === undefined ? after : { ...after, look: { ...looked, instant } }
}

function changed(known: KnownSchedule, record: ScheduleRecord & { readonly type: 'ScheduleChanged' }): KnownSchedule {
  const { change, at, tz = 'UTC', cron, every, after, reason = '', principal } = record
  if (change === 'removed')
    return {
      ...known,
      when: undefined,
      after: known.after && {
        ...known.after,
        ended: {
          at,
          reason:
            principal === undefined ? reason : `${principal.id} has ended it${reason === '' ? '' : `: ${reason}`}`,
        },
      },
    }
  if (change !== 'loaded') return { ...known, isPaused: change === 'paused' }
  const until = after === undefined ? undefined : Date.parse(after.until)
  return {
    ...known,
    when: { tz, cron, every, until },
    decided: Math.max(known.decided, Date.parse(at)),
    ...(after === undefined || every === undefined ? {} : { after: { subject: after, every, begun: at } }),
  }
}

/** The after-watches on record whose end is not, as schedules, in the order in which they began. */
export function keptAfters(known: ReadonlyMap<string, KnownSchedule>): readonly Schedule[] {
  return [...known.values()].flatMap(({ when, after }) =>
    when === undefined || after === undefined ? [] : [afterWatch(after.subject, after.every)],
  )
}

/** The schedules of the project, and behind them the after-watches that are not over. */
export async function allSchedules({
  project,
  store,
}: Pick<RecordApp, 'project' | 'store'>): Promise<readonly Schedule[]> {
  return [...project.settings.schedules, ...keptAfters(knownSchedules(await store.schedules()))]
}

export function goneSchedules(
  known: ReadonlyMap<string, KnownSchedule>,
  schedules: readonly Schedule[],
): ReadonlyMap<string, string> {
  const names = new Set(schedules.map(({ name }) => name))
  return new Map(
    [...known].flatMap(([name, one]): readonly [string, string][] => {
      if (one.when === undefined) return []
      const reason = one.after === undefined ? (names.has(name) ? undefined : '') : overBecause(one)
      return reason === undefined ? [] : [[name, reason]]
    }),
  )
}

function overBecause(known: KnownSchedule): string | undefined {
  const { after, decided } = known
  if (after === undefined || isRunning(known)) return undefined
  const { subject, every, look } = after
  if (look?.devices.length === 0) return 'none of its switches is watched any more'
  return decided + every * 1000 > Date.parse(subject.until) ? 'its time is over' : undefined
}

/** What is known of the after-watch of an execution; undefined where it has none. */
export async function afterOf(
  { store }: Pick<ProjectStore, 'store'>,
  execution: string,
): Promise<AfterStanding | undefined> {
  const known = knownSchedules(await store.schedules()).get(afterName(execution))
  return known?.after === undefined ? undefined : { ...known.after, isPaused: known.isPaused }
}
