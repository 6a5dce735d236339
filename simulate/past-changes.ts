import type { PreparedChange } from '../src/change/plan/prepare.ts'
import type { EventBody } from '../src/change/record/event/event.ts'
import { checkpointName, sessionName } from '../src/change/task/act/act.ts'
import { OPERATOR } from './change-under-test.ts'
import type { ControllerStore } from './controller-store.ts'
import type { Person } from './person.ts'

/** Changes that ended long before a history begins, each of which has left a checkpoint on every switch: when, and the ids of their executions. */
export const PAST = [
  { at: Date.UTC(2026, 0, 1, 8), drawn: '0a1dca11', id: '20260101-080000-0a1dca11' },
  { at: Date.UTC(2026, 0, 2, 8), drawn: '0a1dca12', id: '20260102-080000-0a1dca12' },
  { at: Date.UTC(2026, 0, 3, 8), drawn: '0a1dca13', id: '20260103-080000-0a1dca13' },
] as const

/** Puts a past change on record: staged, refused by somebody, and put back. */
export async function recordPast(person: Person, store: ControllerStore, prepared: PreparedChange): Promise<void> {
  const { id, seq } = await person.begin({ judged: 'elsewhere', purpose: 'run', prepared })
  const staged = prepared.devices.flatMap(({ name: device }): EventBody[] => {
    const session = sessionName(id, 1)
    return [
      { type: 'ActIntended', device, act: 'stage', session, checkpoint: checkpointName(id) },
      { type: 'ActFinished', device, act: 'stage', session, outcome: 'done' },
      { type: 'UndoFinished', device, end: 'untouched', detail: 'never committed' },
    ]
  })
  await store.as(OPERATOR).append(id, [...staged, { type: 'ExecutionEnded', outcome: 'refused', devices: {} }], seq)
}
