import { checkpointSigner } from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { Questions } from '../../../../src/change/record/postgres/database.ts'
import type { PostgresStore } from '../../../../src/change/record/postgres/postgres-store.ts'
import { readChains } from '../../../../src/change/record/postgres/read-chains.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { KeyRing } from '../../../../src/change/record/seal/store-keys.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'
import type { InstallKeys } from '../../../../src/model/install-keys.ts'
import type { AnchorFile } from '../../../../src/project/app/store/lost-store.ts'
import { judgedChains } from '../../../../src/project/record/audit/judge-chains.ts'
import type { AuditVerification } from '../../../../src/report/event-words/audit-verification.ts'
import { hintWords } from '../../../../src/report/hint-words.ts'
import { adminOf, copyOf, FILLED, openedAt, type Server } from '../../../postgres/store-for-test.ts'
import { fill } from '../fill-store.ts'
import { KEY } from '../sqlite/open-for-test.ts'

/** What signs the checkpoints of these stores. */
export const SIGNER = checkpointSigner(signingKeyOf(new KeyRing(KEY).checkpoint))

/** A store of sixteen records: see {@link fill}. */
export async function filledStore(address: PostgresAddress): Promise<PostgresStore & Journal> {
  const store = await openedAt(address)
  await fill(store, () => store.audit.close())
  return store
}

/** A store of sixteen records in which nobody is connected. */
export async function filledCopy(server: Pick<Server, 'port'>): Promise<PostgresAddress> {
  return { ...(await copyOf({ ...adminOf(server), database: FILLED })), user: 'eos_app' }
}

/** What a verification of the store finds, held against files from outside. */
export async function verified(
  address: PostgresAddress,
  anchors: readonly AnchorFile[] = [],
  key: string | InstallKeys | 'none' = KEY,
): Promise<AuditVerification> {
  const questions = new Questions(address, { name: 'test' })
  try {
    const trail = await readChains(questions, key === 'none' ? undefined : new KeyRing(key))
    const now = Date.parse('2026-01-05T08:00:00.000Z')
    return judgedChains(trail, 'the store', { verifier: SIGNER, anchors, now, words: hintWords })
  } finally {
    await questions.close()
  }
}
