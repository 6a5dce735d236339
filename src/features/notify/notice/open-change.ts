import { fold } from '../../../change/engine/fold.ts'
import { devicesAt } from '../../../change/engine/scope-path.ts'
import { type ExecutionState, newExecution } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'

export interface OpenChange {
  readonly first: number
  readonly execution: ExecutionState
  readonly verified: ReadonlySet<string>
  readonly glass?: { readonly by: string; readonly reason: string }
}

/** `before`: undefined for its first record. */
export function changeAfter(before: OpenChange | undefined, event: JournalEvent): OpenChange {
  const known = before ?? { first: event.seq, execution: newExecution(event.execution ?? ''), verified: new Set() }
  return {
    ...known,
    execution: fold(known.execution, event),
    verified: verifiedAfter(known, event),
    ...(event.type === 'BreakGlassUsed' ? { glass: { by: event.principal.id, reason: event.reason } } : {}),
  }
}

function verifiedAfter({ execution, verified }: OpenChange, event: JournalEvent) {
  if (event.type === 'ActIntended' && event.act === 'arm') {
    return new Set([...verified].filter((name) => name !== event.device))
  }
  if (event.type !== 'TaskSucceeded') return verified
  const state = execution.scopes.get(event.path)?.machine.states[event.state]
  if (state?.kind !== 'Task' || state.task !== 'verify') return verified
  return new Set([...verified, ...devicesAt(execution, event.path)])
}
