import type { ScheduleEventBody } from '../../change/record/event/schedule-event.ts'
import { count } from '../text/count.ts'

export function scheduleWords(event: ScheduleEventBody): string {
  switch (event.type) {
    case 'ScheduleChanged':
      return changeWords(event)
    case 'ScheduleFired':
      return `${event.schedule} of ${event.instant} begins: ${event.does}${event.principal === undefined ? '' : `, by hand of ${event.principal.id}`}`
    case 'ScheduleSkipped':
      return `${event.schedule} of ${event.instant} was skipped: ${event.reason}`
    case 'ScheduleMissed':
      return `${event.schedule} of ${missedWords(event.instants)}: ${MISSED_BECAUSE[event.because]}`
    case 'ScheduleFinished':
      return `${event.schedule} of ${event.instant} ${event.outcome === 'ok' ? 'is done' : 'failed'}: ${event.reason}`
  }
}

export const MISSED_BECAUSE = {
  down: 'nobody ran schedules then',
  paused: 'it was paused then',
  restored: 'it may have begun on records that a restored backup does not have',
} as const

export function dueWords({
  cron,
  every,
  tz = 'UTC',
}: {
  readonly cron?: string | undefined
  readonly every?: number | undefined
  readonly tz?: string | undefined
}): string {
  return every === undefined ? `${cron} (${tz})` : `every ${lengthWords(every)}`
}

function lengthWords(seconds: number) {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
  ] as const
  const [size, unit] = units.find(([one]) => seconds % one === 0) ?? [1, 's']
  return `${seconds / size}${unit}`
}

function missedWords(instants: readonly string[]) {
  const [first = '', last = first] = [instants[0], instants.at(-1)]
  return instants.length === 1
    ? `${first} was missed`
    : `${first} to ${last}: ${count(instants.length, 'occurrence')} missed`
}

function changeWords(event: Extract<ScheduleEventBody, { readonly type: 'ScheduleChanged' }>) {
  const { schedule, change, principal, reason = '', after } = event
  if (change === 'loaded' && after !== undefined)
    return `the checks of ${after.execution} on ${after.devices.join(' ')} are judged ${dueWords(event)} until ${after.until}`
  if (change === 'loaded') return `${schedule} is in force: ${dueWords(event)}`
  if (change === 'removed' && (reason !== '' || principal !== undefined)) {
    const by = principal === undefined ? '' : ` by ${principal.id}`
    return `${schedule} is ended${by}${reason === '' ? '' : `: ${reason}`}`
  }
  if (change === 'removed') return `${schedule} is no longer in the settings`
  return `${principal?.id ?? 'somebody'} ${change} ${schedule}${reason === '' ? '' : `: ${reason}`}`
}
