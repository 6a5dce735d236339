import type { AnchorFile } from '../../../src/app/audit/anchor-files.ts'
import { judgedChains } from '../../../src/app/audit/judge-chains.ts'
import { checkpointSigner } from '../../../src/journal/audit/checkpoint-key.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { KeyRing } from '../../../src/journal/key-ring.ts'
import type { PostgresAddress } from '../../../src/journal/postgres/address.ts'
import { Questions } from '../../../src/journal/postgres/database.ts'
import type { PostgresStore } from '../../../src/journal/postgres/postgres-store.ts'
import { readChains } from '../../../src/journal/postgres/read-chains.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'
import type { InstallKeys } from '../../../src/model/install-keys.ts'
import type { AuditVerification } from '../../../src/report/audit-verification.ts'
import { hintWords } from '../../../src/report/hint-words.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { openedAt } from '../../postgres/store-for-test.ts'
import { PLAN, STATEMENT } from '../one-of-each-event.ts'
import { KEY } from '../sqlite/open-for-test.ts'

/** What signs the checkpoints of these stores. */
export const SIGNER = checkpointSigner(signingKeyOf(new KeyRing(KEY).checkpoint))

const act = (device: string) =>
  ({ type: 'ActIntended', act: 'stage', device, session: 'eosflow-1', checkpoint: 'eosflow-1' }) as const

/**
 * Sixteen records. x1 has ended: 1 to 3 and 5 to 7, its approval is 4. x2 is open: 8 to 10, 12 to 15. 11 is a rejection, 16 a word to stop.
 * The first two checkpoints are at 7 and at 11, the newest one is at 16.
 */
export async function filledStore(address: PostgresAddress): Promise<PostgresStore & Journal> {
  const store = await openedAt(address, { clock: new VirtualClock() })
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
  await store.audit.close()
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
  return store
}

/** What a verification of the store finds, held against files from outside. */
export async function verified(
  address: PostgresAddress,
  anchors: readonly AnchorFile[] = [],
  key: string | InstallKeys | undefined = KEY,
): Promise<AuditVerification> {
  const questions = new Questions(address, { name: 'test' })
  try {
    const trail = await readChains(questions, key === undefined ? undefined : new KeyRing(key))
    const now = Date.parse('2026-01-05T08:00:00.000Z')
    return judgedChains(trail, 'the store', { verifier: SIGNER, anchors, now, words: hintWords })
  } finally {
    await questions.close()
  }
}
