import { deviceEnds, waitsForApproval, waitsForSignal } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { JournalEvent, Outcome } from '../journal/event.ts'
import type { DeviceEnd } from '../model/act.ts'
import { switches } from './count.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

const MARK: Readonly<Record<DeviceEnd, string>> = {
  changed: '✔',
  reverted: '↺',
  unchanged: '○',
  untouched: '○',
  unknown: '?',
}
const MEANS: Readonly<Record<DeviceEnd, string>> = {
  changed: 'AFTER: confirmed, saved, read back',
  reverted: 'BEFORE: put back, read back',
  unchanged: 'BEFORE: nothing to change',
  untouched: 'BEFORE: never committed',
  unknown: 'UNKNOWN: see below',
}
const SAID: Readonly<Record<Outcome, string>> = {
  planned: 'planned',
  'nothing-to-do': 'nothing to do',
  succeeded: 'succeeded',
  tolerated: 'succeeded with failures that the workflow tolerates',
  refused: 'refused: nothing was committed',
  'rolled-back': 'rolled back',
  cancelled: 'cancelled',
  failed: 'failed',
  unknown: 'UNKNOWN: a person is needed',
}

/** The recap of an execution: one row per switch with stable columns, why it ended so, and one countable last line. */
export function executionText(execution: ExecutionState, events: readonly JournalEvent[], style: Style): string {
  const ends = deviceEnds(execution)
  const width = Math.max(6, ...execution.targets.map((name) => name.length))
  const rows = execution.targets.map((name) => row(execution, events, name, ends[name] ?? 'unknown', width, style))
  const error = execution.compensation?.error
  const why =
    error === undefined
      ? []
      : ['', style.bad(visible(error.message)), ...(error.hint === undefined ? [] : [visible(error.hint)])]
  return [
    `${'device'.padEnd(width)}  result       verify   end state`,
    ...rows,
    ...why,
    ...undone(execution, style),
    '',
    executionSummary(execution),
  ].join('\n')
}

/** What was read from the switches that were put back, once for all of which the same is to be said. */
function undone({ targets, ends }: ExecutionState, style: Style): string[] {
  const said = new Map<string, { end: DeviceEnd; detail: string; names: string[] }>()
  for (const name of targets) {
    const found = ends.get(name)
    if (found === undefined) continue
    const key = `${found.end} ${found.detail}`
    said.set(key, { ...found, names: [...(said.get(key)?.names ?? []), name] })
  }
  return [...said.values()].map(({ end, detail, names }) => {
    const text = `${MARK[end]} ${names.join(' ')}: ${visible(detail)}`
    return end === 'unknown' ? style.bad(text) : text
  })
}

/** The countable last line of an execution. */
export function executionSummary(execution: ExecutionState): string {
  const ends = Object.values(deviceEnds(execution))
  const counted = (['changed', 'reverted', 'unchanged', 'untouched', 'unknown'] as const)
    .map((end) => [end, ends.filter((one) => one === end).length] as const)
    .filter(([, n]) => n > 0)
    .map(([end, n]) => `${n} ${end}`)
  const waits = waitsForSignal(execution) ? 'waits for an answer from outside' : 'not ended'
  const open = waitsForApproval(execution) ? 'waits for an approval' : waits
  const said = execution.outcome === undefined ? open : SAID[execution.outcome]
  return `Execution ${execution.id}: ${said} · ${switches(ends.length)}: ${counted.join(', ')}`
}

function row(
  execution: ExecutionState,
  events: readonly JournalEvent[],
  name: string,
  end: DeviceEnd,
  width: number,
  style: Style,
): string {
  const open = execution.outcome === undefined && end === 'unknown'
  const text = `${name.padEnd(width)}  ${MARK[end]} ${(open ? 'open' : end).padEnd(10)} ${verified(events, name).padEnd(8)} ${open ? 'not settled: eosflow resume' : MEANS[end]}`
  if (end === 'unknown') return style.bad(text)
  return end === 'changed' ? style.good(text) : text
}

/** Passed and judged checks of the last verdicts: `6/6`. */
function verified(events: readonly JournalEvent[], name: string): string {
  const last = new Map<string, boolean>()
  for (const event of events) {
    if (event.type !== 'VerdictGiven' || event.device !== name || event.verdict.status === 'skip') continue
    last.set(event.check, event.verdict.status === 'pass')
  }
  if (last.size === 0) return '-'
  return `${[...last.values()].filter(Boolean).length}/${last.size}`
}
