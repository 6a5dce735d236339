import { afterName, afterWatch, type Schedule } from '../../../change/schedule/schedule.ts'
import type { AfterStanding } from '../../../report/view/after-words.ts'
import type { RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { isRunning, type KnownSchedule, knownSchedules } from './known-schedule.ts'

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
