import { dirname } from 'node:path'
import type { ChainsTrail } from '../../../change/record/chains/read-trail.ts'
import { Questions } from '../../../change/record/postgres/database.ts'
import { foundLayout, requireLayout } from '../../../change/record/postgres/layout.ts'
import { postgresError, sqlStateOf } from '../../../change/record/postgres/postgres-error.ts'
import { readChains } from '../../../change/record/postgres/read-chains.ts'
import { addressWords } from '../../../change/record/postgres/server-config.ts'
import { KeyRing } from '../../../change/record/seal/store-keys.ts'
import { EosflowError } from '../../../model/error.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import { lostTailOf } from '../../app/store/missing-records.ts'
import { type DatabaseProject, databaseAddress } from '../../files/database-place.ts'
import { segmentFiles } from '../../system/machine/key-files.ts'
import type { Host } from '../../system/process/host.ts'
import {
  type JudgedStore,
  judgedTrail,
  type Measure,
  type StoreEvidence,
  unreadable,
  withLost,
  withMissing,
} from './judge-chains.ts'

/** Without its install key seals and texts are not judged. Throws `store` when it cannot be read as one. */
export async function verifyDatabase(
  project: DatabaseProject,
  host: Host,
  evidence: StoreEvidence,
  measure: Measure,
): Promise<AuditVerification> {
  const { missing, missed, ...found } = await judgedDatabase(project, host, evidence, measure)
  const lost = await lostTailOf({ missed: async () => missed, missing: [] })
  return withMissing(withLost(found, lost), missing)
}

export async function judgedDatabase(
  project: DatabaseProject,
  host: Host,
  evidence: StoreEvidence,
  measure: Measure,
): Promise<JudgedStore> {
  const address = databaseAddress(project, host)
  const questions = new Questions(address, { name: 'eosflow, verifying' })
  try {
    requireLayout(address, await foundLayout(questions, address))
    const keys = evidence.installKey === undefined ? undefined : new KeyRing(evidence.installKey)
    let trail: ChainsTrail
    try {
      trail = await readChains(questions, keys, segmentFiles(dirname(project.store)))
    } catch (error) {
      if (isForbidden(error)) throw error
      return { ...unreadable(postgresError(address, error), addressWords(address)), missing: [], missed: [] }
    }
    return judgedTrail(trail, addressWords(address), evidence, measure)
  } finally {
    await questions.close()
  }
}

function isForbidden(error: unknown) {
  return sqlStateOf(error instanceof EosflowError ? error.cause : error) === '42501'
}
