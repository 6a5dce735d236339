import type { Policy } from '../../../change/policy/policy.ts'
import { nextOpening, openUntil } from '../../../change/policy/window.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import type { UpcomingEvent } from '../../../report/page/overview.ts'
import type { ScheduleRow } from '../../../report/phrases/schedule.ts'

// Freezes of the policy that begin within so long, in milliseconds, are coming up.
const AHEAD = 30 * 86_400_000

export function comingUp(
  { project }: Pick<RecordApp, 'project'>,
  now: number,
  schedules: readonly ScheduleRow[],
): readonly UpcomingEvent[] {
  const policy = project.policy()?.policy
  const ruled = policy === undefined ? [] : [...freezes(policy, now), ...windows(policy, now)]
  return [...ruled, ...due(schedules)].toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))
}

function due(schedules: readonly ScheduleRow[]): readonly UpcomingEvent[] {
  return schedules.flatMap(({ name, does, about, paused, next: [first] }) => {
    if (paused || first === undefined) return []
    const what = about === '' ? does : `${does} ${about}`
    return [{ title: `Schedule ${name}`, detail: `${what}, at`, at: Date.parse(first) }]
  })
}

function freezes({ freezes }: Policy, now: number): readonly UpcomingEvent[] {
  return freezes
    .filter(({ from, to }) => Date.parse(to) > now && Date.parse(from) < now + AHEAD)
    .map(({ name, from, to }) => {
      const hasBegun = Date.parse(from) <= now
      return {
        title: hasBegun ? `Freeze ${name} is in force` : `Freeze ${name}`,
        detail: hasBegun ? 'until' : 'begins',
        at: Date.parse(hasBegun ? to : from),
      }
    })
}

function windows({ windows }: Policy, now: number): readonly UpcomingEvent[] {
  return Object.entries(windows).flatMap(([name, window]) => {
    const closes = openUntil([window], now)
    if (closes !== undefined) return [{ title: `Window ${name} is open`, detail: 'until', at: closes }]
    const opens = nextOpening([window], now, 0)
    return opens === undefined ? [] : [{ title: `Window ${name} opens`, detail: '', at: opens }]
  })
}
