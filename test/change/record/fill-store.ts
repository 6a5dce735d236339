import type { AuditedStore } from '../../../src/change/record/audit/audit-trail.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import type { Journal } from '../../../src/change/record/store/journal.ts'
import type { Store } from '../../../src/change/record/store/store.ts'
import { ALICE, PLAN, STATEMENT } from './one-of-each-event.ts'

const act = (device: string) =>
  ({ type: 'ActIntended', act: 'stage', device, session: 'eosflow-1', checkpoint: 'eosflow-1' }) as const

/**
 * Sixteen records. x1 has ended: 1 to 3 and 5 to 7, its approval is 4. x2 is open: 8 to 10, 12 to 15. 11 is a rejection, 16 a word to stop.
 * The first two checkpoints are at 7 and at 11, the newest one is at 16.
 * `settled` waits for a checkpoint that is signed in the background.
 */
export async function fill(store: Store & AuditedStore & Journal, settled: () => Promise<void>) {
  await store.append('x1', [
    { type: 'StateEntered', path: '', state: 'plan' },
    { type: 'PlanMade', digest: PLAN, plan: await store.put('the plan'), waves: [['leaf1']], unchanged: [] },
    { type: 'ApprovalRequested', plan: PLAN },
  ])
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }])
  await store.append('x1', [{ type: 'ApprovalUsed', plan: PLAN, nonce: STATEMENT.nonce }])
  await store.append('x1', [
    act('leaf1'),
    { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } },
  ])
  await settled()
  await store.append('x2', [{ type: 'StateEntered', path: '', state: 'push' }, act('leaf2')])
  await store.append('x2', [{ type: 'TaskSubmitted', path: '', state: 'ask', token: 'sha256:02' }])
  const reject = { ...STATEMENT, decision: 'reject', nonce: 'n2' } as const
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: reject, seal: 'hmac:2' }])
  await store.audit.checkpoint()
  await store.append('x2', [
    {
      type: 'SnapshotTaken',
      name: 'later',
      snapshot: await store.put('what was there'),
      devices: ['leaf2'],
      baseline: ['leaf2'],
      notices: ['leaf2'],
    },
  ])
  await store.append('x2', [
    { type: 'UndoStarted', device: 'leaf2' },
    { type: 'UndoFinished', device: 'leaf2', end: 'reverted', detail: '' },
    { type: 'StateEntered', path: '', state: 'wait' },
  ])
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'wrong window' }])
  await store.audit.checkpoint()
}

const planOf = (nonce: string) => `sha256:${Buffer.from(nonce.padEnd(32, '-')).toString('hex')}`

/**
 * Four executions that have ended: the approval of the plan of `over` has expired, that of `live` has not, and was carried to the plan of `carried`;
 * that of `over` was carried to the plan of `late`.
 */
export async function appendApproved(store: Store, journal: Journal) {
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
