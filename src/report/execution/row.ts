import { deviceEnds, waitsForApproval } from '../../engine/outcome.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { type SiteLinks, siteLinks } from '../site-links.ts'
import { type Suspension, suspensionJson } from '../suspension.ts'
import { waitingFor } from '../waiting-for.ts'
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
  const executions = rows.map(({ state, at, isRunning, suspension }) => ({
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
    devices: deviceEnds(state),
    ...sitesOf(state),
  }))
  return JSON.stringify({ version: 1, executions })
}

/** Executions below each other; no line is longer than `width`. */
export function executionRows(rows: readonly ExecutionRow[], width: number): readonly string[] {
  const listed = rows.map(({ state, at, standing }) => {
    const { id, workflow } = state
    return { id, at, workflow, standing, ends: deviceEnds(state), ...sitesOf(state) }
  })
  return executionList(listed, width)
}
