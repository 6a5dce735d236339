import { secretsLeft } from '../../change/engine/around.ts'
import { deviceEnds, waitsForApproval, waitsForSignal } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { DeviceEnd, DeviceEnds } from '../../model/act.ts'
import { countedEnds, END_WORDS, GRAVEST } from '../phrases/end-words.ts'
import { OUTCOME_WORDS } from '../phrases/outcome-words.ts'
import { type SiteLinks, siteLinks, siteLinksText } from '../phrases/site-links.ts'
import { type Suspension, suspensionJson } from '../phrases/suspension.ts'
import { waitingFor } from '../phrases/waiting-for.ts'
import { cutMiddle, switches, tallied, visibleLine, wrapped } from '../text/text.ts'

interface ListedExecution {
  readonly id: string
  // When it began, ISO 8601 in UTC.
  readonly at: string
  readonly workflow: string
  readonly standing: string
  readonly ends: DeviceEnds
  readonly sites?: SiteLinks | undefined
}

const GAP = '  '
// Where each switch ended takes at most so many lines; `show` has all of them.
const MOST_LINES = 3
const [MANY, FEW] = [100, 20]

/** No line is longer than `width`. */
export function executionList(executions: readonly ListedExecution[], width: number): readonly string[] {
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => [...text].length))
  const ids = longest(executions.map(({ id }) => id))
  const standings = longest(executions.map(({ standing }) => standing))
  const names = executions.map(({ workflow }) => visibleLine(workflow))
  const room = width - ids - TIME - standings - 3 * GAP.length
  const column = Math.min(longest(names), Math.max(room, 1))
  return executions.flatMap(({ id, at, standing, ends, sites }, index) => {
    const name = cutMiddle(names[index] ?? '', column).padEnd(column)
    return [
      [id.padEnd(ids), `${at.slice(0, 16)}Z`, name, standing].join(GAP),
      ...siteLines(sites, width),
      ...endLines(ends, width),
    ]
  })
}

// `2026-01-05T08:00Z`
const TIME = 17

function siteLines(sites: SiteLinks | undefined, width: number) {
  return sites === undefined ? [] : wrapped(`    ${visibleLine(siteLinksText(sites))}`, { width, hang: 4 })
}

function endLines(ends: DeviceEnds, width: number) {
  const all = Object.entries(ends)
  if (all.length === 0) return []
  const isLong = all.length > MANY
  const counted = isLong ? endsOfMany(all) : new Map<DeviceEnd, number>()
  const others = all.filter(([, end]) => !counted.has(end))
  const named = (isLong ? gravestFirst(others) : others).map(([name, end]) =>
    visibleLine(`${name}:${END_WORDS[end].replace(' ', '-')}`),
  )
  const sums = [...counted].map(([end, sum]) => `${sum} ${END_WORDS[end]}`).join(', ')
  const text = [sums, named.join(' ')].filter((part) => part !== '').join(' · ')
  const lines = wrapped(`    ${text}`, { width, hang: 4 })
  if (lines.length <= MOST_LINES) return lines
  const shown = lines.slice(0, MOST_LINES)
  return [...shown, `    … and ${named.length - wholeIn(shown, named)} more`]
}

function wholeIn(lines: readonly string[], names: readonly string[]) {
  const words = lines.join(' ').trim().split(/\s+/)
  let at = words.indexOf('·') + 1
  const end = names.findIndex((name) => {
    let piece = ''
    while (piece.length < name.length && at < words.length) {
      piece += words[at]
      at += 1
    }
    return piece !== name
  })
  return end === -1 ? names.length : end
}

function gravestFirst(ends: readonly (readonly [string, DeviceEnd])[]) {
  const rank = (end: DeviceEnd) => (GRAVEST.includes(end) ? GRAVEST.indexOf(end) : GRAVEST.length)
  return ends.toSorted(([, a], [, b]) => rank(a) - rank(b))
}

function endsOfMany(all: readonly (readonly [string, DeviceEnd])[]): ReadonlyMap<DeviceEnd, number> {
  return new Map(
    [...tallied(all.map(([, end]) => end))].filter(([end, sum]) => sum > FEW && !['unknown', 'reverted'].includes(end)),
  )
}

export interface ExecutionRow {
  readonly state: ExecutionState
  /** When it began, ISO 8601 in UTC. */
  readonly at: string
  readonly isRunning: boolean
  readonly standing: string
  readonly suspension?: Suspension
  readonly ends?: DeviceEnds
}

export function endsOf({ state, ends }: Pick<ExecutionRow, 'state' | 'ends'>): DeviceEnds {
  return ends ?? deviceEnds(state)
}

export function standingWord(state: ExecutionState, isRunning: boolean, isSuspended = false): string {
  if (state.outcome !== undefined) return state.outcome
  if (isSuspended) return 'suspended'
  if (waitsForApproval(state)) return 'waiting'
  if (waitingFor(state).length > 0 && !isRunning) return 'waiting-for-signal'
  return isRunning ? state.status : 'open'
}

/** Executions as one document, version 1. */
export function executionsJson(rows: readonly ExecutionRow[]): string {
  return `${EXECUTIONS_BEGIN}${rows.map(executionEntryJson).join(',')}${EXECUTIONS_END}`
}

/** What is before the entries of that document, and behind them: whoever prints many has not all of them at once. */
export const [EXECUTIONS_BEGIN, EXECUTIONS_END] = ['{"version":1,"executions":[', ']}'] as const

export function executionEntryJson(row: ExecutionRow): string {
  const { state, at, isRunning, suspension } = row
  return JSON.stringify({
    id: state.id,
    at,
    workflow: state.workflow,
    purpose: state.purpose,
    status: state.status,
    outcome: state.outcome ?? null,
    waitingFor: waitingFor(state),
    running: isRunning,
    suspended: suspensionJson(suspension),
    redriven: state.redriven,
    plan: state.plan?.digest ?? null,
    devices: endsOf(row),
    sites: siteLinks(state),
  })
}

/** Executions below each other; no line is longer than `width`. */
export function executionRows(rows: readonly ExecutionRow[], width: number): readonly string[] {
  const listed = rows.map((row) => {
    const { state, at, standing } = row
    const { id, workflow } = state
    return { id, at, workflow, standing, ends: endsOf(row), sites: siteLinks(state) }
  })
  return executionList(listed, width)
}

export function executionSummary(execution: ExecutionState, isSuspended = false): string {
  const ends = Object.values(deviceEnds(execution))
  const counted = countedEnds(ends, ['changed', 'reverted', 'unchanged', 'untouched', 'unknown'])
  const waits = waitsForSignal(execution) ? 'waits for an answer from outside' : 'not ended'
  const asked = waitsForApproval(execution) ? 'waits for an approval' : waits
  const open = isSuspended ? 'suspended: rests until it is resumed' : asked
  const kept = execution.compensation === undefined ? 0 : execution.kept.size
  const stays = kept === 0 ? '' : `, ${kept} confirmed before keep the change`
  const out = execution.leftOut.isEmpty() ? '' : `, ${execution.leftOut.size} left out`
  const secret = secretsLeft(execution).length === 0 ? '' : ', and a secret is left over'
  const said = execution.outcome === undefined ? open : `${saidOf(execution)}${stays}${out}${secret}`
  return `Execution ${execution.id}: ${said} · ${switches(ends.length)}: ${counted}`
}

function saidOf({ outcome = 'unknown', ends, failed, leftOut }: ExecutionState) {
  const isSkipped = (name: string) => leftOut.get(name)?.by === 'skip-unreachable'
  const isOnlySkipped = !leftOut.isEmpty() && ends.isEmpty() && failed.every(isSkipped)
  return outcome === 'tolerated' && isOnlySkipped ? OUTCOME_WORDS.succeeded : OUTCOME_WORDS[outcome]
}
