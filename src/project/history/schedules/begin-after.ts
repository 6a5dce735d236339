import type { Plan } from '../../../change/plan/plan.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { Journal, Subscriber } from '../../../change/record/store/journal.ts'
import { afterName } from '../../../change/schedule/schedule.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { knownSchedules } from './known-schedule.ts'

type Ended = Extract<EventBody, { type: 'ExecutionEnded' }>

interface BeginningParts {
  readonly app: Pick<ProjectStore, 'store' | 'clock'>
  readonly execution: string
  plan(): Plan | undefined
}

/**
 * Puts the after-watch of an execution on record right before its good end. A process that is killed in between leaves a watch
 * that judges nothing until the execution has ended, and never an end without its watch.
 */
export function beginningAfter(parts: BeginningParts): Subscriber {
  return ({ of, events }, journal) => {
    const end =
      of === parts.execution ? events.find((event): event is Ended => event.type === 'ExecutionEnded') : undefined
    return end === undefined ? undefined : beginAfter(journal, parts, end)
  }
}

async function beginAfter(
  journal: Journal,
  { app, execution, plan }: BeginningParts,
  { outcome, devices: ends }: Ended,
): Promise<undefined> {
  const { after, sites } = plan()?.content ?? {}
  const devices = Object.keys(ends).filter((name) => ends[name] === 'changed')
  const isGood = outcome === 'succeeded' || outcome === 'tolerated'
  if (after === undefined || sites !== undefined || !isGood || devices.length === 0) return
  const schedule = afterName(execution)
  if (knownSchedules(await app.store.schedules()).has(schedule)) return
  const until = new Date(app.clock.now() + after.checks * 1000).toISOString()
  const { every } = after
  const subject = { execution, devices, until }
  await journal.append(undefined, [
    { type: 'ScheduleChanged', schedule, change: 'loaded', tz: 'UTC', every, after: subject },
  ])
}
