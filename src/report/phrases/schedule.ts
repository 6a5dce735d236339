import type { ScheduleEventBody } from '../../change/record/event/audit-event.ts'
import { count, present } from '../text/text.ts'

export interface ScheduleLast {
  /** ISO 8601 in UTC. */
  readonly instant: string
  readonly what: 'running' | 'ok' | 'failed' | 'skipped' | 'missed'
  readonly reason: string
  readonly execution?: string
}

export interface ScheduleRow {
  readonly name: string
  /** What it does: drift, check, snapshot, backup, comply, rehearse, plan, run; `after` where the checks of a confirmed change are judged on. */
  readonly does: string
  readonly about: string
  readonly tz: string
  readonly cron?: string
  readonly every?: number
  /** The execution whose checks are judged on, and the last instant, ISO 8601 in UTC. Absent but with `after`. */
  readonly execution?: string
  readonly until?: string
  readonly paused: boolean
  /** The next instants, ISO 8601 in UTC; none where nobody has run schedules yet and it is due by `every`. */
  readonly next: readonly string[]
  readonly last?: ScheduleLast
}

export function schedulesJson(rows: readonly ScheduleRow[]): object {
  return { version: 1, kind: 'schedules', schedules: rows }
}

export function schedulesText(rows: readonly ScheduleRow[]): string {
  if (rows.length === 0) return 'No schedule: eosflow.yaml has none under `schedules:`.'
  return rows.map(rowText).join('\n')
}

function rowText(row: ScheduleRow) {
  const { name, does, about, paused, next, last, until } = row
  const what = `${about === '' ? does : `${does} ${about}`}${until === undefined ? '' : ` until ${until}`}`
  const state = paused
    ? 'paused'
    : next.length === 0
      ? until === undefined
        ? 'next is not known yet'
        : 'no look is left'
      : `next ${next.join(', ')}`
  const before = last === undefined ? [] : [`  last ${lastWords(last)}`]
  return [`${name} · ${what} · ${dueWords(row)} · ${state}`, ...before].join('\n')
}

export function lastWords({ instant, what, reason, execution }: ScheduleLast): string {
  const isNamed = execution === undefined || reason.includes(execution)
  return present(instant, what, reason !== '' && reason, !isNamed && execution).join(' · ')
}

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
