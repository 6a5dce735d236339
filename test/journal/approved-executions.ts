import type { EventBody } from '../../src/journal/event.ts'
import type { Journal } from '../../src/journal/journal.ts'
import type { Store } from '../../src/journal/store.ts'
import { ALICE, STATEMENT } from './one-of-each-event.ts'

const planOf = (nonce: string): string => `sha256:${Buffer.from(nonce.padEnd(32, '-')).toString('hex')}`

/**
 * Four executions that have ended: the approval of the plan of `over` has expired, that of `live` has not, and was carried to the plan of `carried`;
 * that of `over` was carried to the plan of `late`.
 */
export async function appendApproved(store: Store, journal: Journal): Promise<void> {
  const plan = await store.put('the plan of each')
  const ended: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }
  for (const id of ['over', 'live', 'carried', 'late'])
    await journal.append(id, [
      { type: 'StateEntered', path: '', state: 'plan' },
      { type: 'PlanMade', digest: planOf(id), plan, waves: [], unchanged: [] },
      ended,
    ])
  for (const [id, expires] of [
    ['over', '2026-01-31T23:59:59.000Z'],
    ['live', '2026-02-01T00:00:01.000Z'],
  ] as const) {
    const statement = { ...STATEMENT, plan: planOf(id), nonce: id, expires }
    await journal.append(undefined, [{ type: 'ApprovalDecided', statement, seal: 'hmac:1' }])
  }
  for (const [from, to] of [
    ['live', 'carried'],
    ['over', 'late'],
  ] as const) {
    const of = { nth: 1, nonces: [from], rules: ['r'], policy: 'sha256:cc', differences: [], principal: ALICE }
    await journal.append(undefined, [
      { type: 'ApprovalCarried', plan: planOf(from), to: planOf(to), approved: 'blob:05', ...of },
    ])
  }
}
