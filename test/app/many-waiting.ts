import type { EventBody } from '../../src/journal/event.ts'
import type { Store } from '../../src/journal/store.ts'
import { ALICE, STARTED } from '../journal/one-of-each-event.ts'

const WAITS: readonly EventBody[] = [
  STARTED,
  { type: 'StateEntered', path: '', state: 'ask' },
  { type: 'TaskSubmitted', path: '', state: 'ask', token: 'sha256:00' },
]

/** Begins so many executions, w000 and on, of which each waits for an answer. Gives their ids. */
export async function beginWaiting(store: Pick<Store, 'as'>, count: number) {
  const ids = Array.from({ length: count }, (_, index) => `w${String(index).padStart(3, '0')}`)
  await Promise.all(ids.map((id) => store.as(ALICE).append(id, WAITS)))
  return ids
}
