import type { EventBody, JournalEvent } from '../src/journal/event.ts'
import type { Prepared } from '../src/plan/prepare.ts'
import { checkpointName, sessionName } from '../src/task/session-name.ts'
import { beginningOf } from './beginning.ts'

/** Changes that ended long before a history begins, each of which has left a checkpoint on every switch. */
export const PAST = ['20260101-080000-0a1dca11', '20260102-080000-0a1dca12', '20260103-080000-0a1dca13'] as const

/** The records of the past changes: staged, refused by somebody, and put back. */
export function pastRecords(prepared: Prepared): ReadonlyMap<string, readonly JournalEvent[]> {
  return new Map(PAST.map((id, index) => [id, recordsOf(id, prepared, index)]))
}

function recordsOf(id: string, prepared: Prepared, index: number): readonly JournalEvent[] {
  const wall = Date.UTC(2026, 0, 1 + index, 8)
  const staged = prepared.devices.flatMap(({ name: device }): EventBody[] => {
    const session = sessionName(id, 1)
    return [
      { type: 'ActIntended', device, act: 'stage', session, checkpoint: checkpointName(id) },
      { type: 'ActFinished', device, act: 'stage', session, outcome: 'done' },
      { type: 'UndoFinished', device, end: 'untouched', detail: 'never committed' },
    ]
  })
  const bodies: readonly EventBody[] = [
    beginningOf(id, prepared, 'run', wall),
    ...staged,
    { type: 'ExecutionEnded', outcome: 'refused', devices: {} },
  ]
  return bodies.map((body, place) => ({
    ...body,
    execution: id,
    seq: place + 1,
    at: new Date(wall).toISOString(),
  })) as unknown as readonly JournalEvent[]
}
