import type { ExecutionState } from '../../change/engine/state.ts'
import { cursorBehind, isBehind } from '../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { waitingFor } from '../../report/phrases/waiting-for.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import { isResting } from './executions/resting.ts'
import { rulingOf } from './sites/ruling.ts'

/** `events` are its records. */
export async function isDue(
  { store }: Pick<ProjectStore, 'store'>,
  state: ExecutionState,
  events: readonly JournalEvent[],
  now: number,
): Promise<boolean> {
  if (state.status === 'ended') return false
  if (!isResting(state, now)) return true
  const { part } = state.sites
  if (part !== undefined) return (await rulingOf({ store }, part.of, 'push')).is !== 'open'
  const waiting = waitingFor(state)
  for (const one of waiting) {
    if (one.waitsFor !== 'signal') continue
    // A token that still waits has heard no answer.
    const sent = await store.signals([one.token], cursorBehind(undefined))
    if (sent.some(({ answer }) => answer.signal !== 'heartbeat')) return true
  }
  const digest = state.plan?.digest
  if (digest === undefined || !waiting.some(({ waitsFor }) => waitsFor === 'approval')) return false
  const decisions = await store.approvals(digest)
  const requested = events.findLast(({ type }) => type === 'ApprovalRequested')
  // It was judged by so many: what has come since was not read, wherever among its records that is.
  if (requested?.type === 'ApprovalRequested' && requested.decided !== undefined)
    return decisions.length > requested.decided
  const asked = cursorBehind(events.findLast(({ type }) => ASKS.has(type)))
  return decisions.some(({ event }) => isBehind(event, asked))
}

// A record of before says not by how many decisions it was judged.
const ASKS: ReadonlySet<JournalEvent['type']> = new Set([
  'ExecutionStarted',
  'ExecutionResumed',
  'ExecutionRedriven',
  'TaskStarted',
])
