import { deviceEnds, waitsForApproval } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { type SiteLinks, siteLinks } from '../phrases/site-links.ts'
import { type Suspension, suspensionJson } from '../phrases/suspension.ts'
import { waitingFor } from '../phrases/waiting-for.ts'
import { executionList } from './list.ts'

/** An execution as one of several, with everything that is shown of it. */
export interface ExecutionRow {
  readonly state: ExecutionState
  /** When it began, ISO 8601 in UTC. */
  readonly at: string
  /** Whether a process runs it. */
  readonly isRunning: boolean
  /** Its outcome, else who has to act: one word. */
  readonly standing: string
  readonly suspension?: Suspension
  /** How each switch ended, where that is from its last record. Absent: the state says it. */
  readonly ends?: Readonly<Record<string, DeviceEnd>>
}

/** How each switch of an execution has ended, or is now. */
export function endsOf({ state, ends }: Pick<ExecutionRow, 'state' | 'ends'>): Readonly<Record<string, DeviceEnd>> {
  return ends ?? deviceEnds(state)
}

/** One word: the outcome, else who has to act. */
export function standingWord(state: ExecutionState, isRunning: boolean, isSuspended = false): string {
  if (state.outcome !== undefined) return state.outcome
  if (isSuspended) return 'suspended'
  if (waitsForApproval(state)) return 'waiting'
  if (waitingFor(state).length > 0 && !isRunning) return 'waiting-for-signal'
  return isRunning ? state.status : 'open'
}

function sitesOf(state: ExecutionState): { readonly sites?: SiteLinks } {
  const sites = siteLinks(state)
  return sites === undefined ? {} : { sites }
}

/** Executions as one document, version 1. */
export function executionsJson(rows: readonly ExecutionRow[]): string {
  return `${EXECUTIONS_BEGIN}${rows.map(executionEntryJson).join(',')}${EXECUTIONS_END}`
}

/** What is before the entries of that document, and behind them: whoever prints many has not all of them at once. */
export const [EXECUTIONS_BEGIN, EXECUTIONS_END] = ['{"version":1,"executions":[', ']}'] as const

/** An execution as an entry of that document; a comma is between two of them. */
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
    ...suspensionJson(suspension),
    redriven: state.redriven,
    plan: state.plan?.digest ?? null,
    devices: endsOf(row),
    ...sitesOf(state),
  })
}

/** Executions below each other; no line is longer than `width`. */
export function executionRows(rows: readonly ExecutionRow[], width: number): readonly string[] {
  const listed = rows.map((row) => {
    const { state, at, standing } = row
    const { id, workflow } = state
    return { id, at, workflow, standing, ends: endsOf(row), ...sitesOf(state) }
  })
  return executionList(listed, width)
}
