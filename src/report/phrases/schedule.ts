import { dueWords } from './schedule-words.ts'

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
  return [instant, what, ...(reason === '' ? [] : [reason]), ...(isNamed ? [] : [execution])].join(' · ')
}
