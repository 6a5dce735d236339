import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  type CheckpointVerifier,
  checkpointVerifier,
  type SignedSegmentSeal,
} from '../../../change/record/audit/chains-checkpoint.ts'
import {
  isExportHeader,
  otherVersionOf,
  readChainsExport,
  type SealedExecutions,
} from '../../../change/record/audit/chains-export.ts'
import { KeyRing } from '../../../change/record/seal/store-keys.ts'
import { readChainsFile } from '../../../change/record/sqlite/read-chains.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import { installKeysWith, readOrMakeInstallKey, segmentFiles } from '../../system/machine/key-files.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import type { Host, WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import {
  type JudgedStore,
  judgedChains,
  judgedTrail,
  type Measure,
  type StoreEvidence,
  unreadable,
  withFault,
  withMissing,
} from './judge-chains.ts'
import { linesOf } from './lines-of.ts'

/** Verifies the file of a store as it lies there, by the keys beside it, changing nothing in it: see {@link judgedFile}. Throws `store` when it is none. */
export async function verifyStore(path: string, evidence: StoreEvidence, measure: Measure): Promise<AuditVerification> {
  const { missing, missed: _, ...found } = await judgedFile(path, evidence, measure)
  return withMissing(found, missing)
}

/** Without its install key seals and texts are not judged, and its checkpoints by the checkpoint key alone. `store` is the path beside which its segments are: that of a copy is another one. */
export async function judgedFile(
  path: string,
  evidence: StoreEvidence,
  measure: Measure,
  store = path,
): Promise<JudgedStore> {
  const keys = evidence.installKey === undefined ? undefined : new KeyRing(evidence.installKey)
  try {
    return judgedTrail(await readChainsFile(path, keys, segmentFiles(dirname(store))), path, evidence, measure)
  } catch (error) {
    return { ...unreadable(error, path), missing: [], missed: [] }
  }
}

const EXECUTION = /^\d{8}-\d{6}-[0-9a-f]{8}$/

/** Throws InputError when it is none. */
export function verifyExport(path: string, shown: string, measure: Measure): AuditVerification {
  const found = existsSync(path) ? readable(shown, () => judgedExport(path, shown, measure)) : undefined
  if (found !== undefined) return vouched(found)
  throw inputError(
    shown,
    'no-export',
    existsSync(path) ? noExport(path) : 'there is no such file',
    measure.words({ code: 'export-audit', execution: EXECUTION.test(shown) ? shown : undefined }),
  )
}

function judgedExport(path: string, shown: string, measure: Measure) {
  const [head = ''] = linesOf(path)
  const read = isExportHeader(head) ? readChainsExport(linesOf(path)) : undefined
  return read === undefined ? undefined : withSeals(judgedChains(read, shown, measure), read.sealed, measure)
}

function noExport(path: string) {
  const [head = ''] = linesOf(path)
  const other = otherVersionOf(head)
  return other === undefined
    ? 'this is no export of the record'
    : `${other.what} of version ${other.version}: this eosflow reads version 2`
}

/** An export that anybody may have written anew holds only where a checkpoint of the key speaks of it. */
export function vouched(found: AuditVerification): AuditVerification {
  const { keyed, own, anchors, from, to } = found
  if (!keyed || own + anchors > 0 || to < from) return found
  return withFault(found, 'no checkpoint of this key vouches for any of its records')
}

/** The verifier of a public key in a file. Throws InputError. */
export function verifierIn(host: WordedHost, path: string, shown: string): CheckpointVerifier {
  const verifier = existsSync(path) ? readable(shown, () => checkpointVerifier(readRegularText(path))) : undefined
  if (verifier !== undefined) return verifier
  throw inputError(shown, 'no-public-key', 'this is no public key of checkpoints', host.words({ code: 'audit-key' }))
}

// Throws InputError where the file system does not give it: a folder, or no right to it.
function readable<T>(shown: string, read: () => T) {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && 'syscall' in cause)) throw cause
    throw inputError(
      shown,
      'no-such-file',
      `cannot be read (${String(cause.code)})`,
      'Check the path and its permissions.',
    )
  }
}

export function installKeyBeside(store: string, host: Host): InstallKeys | undefined {
  const folder = dirname(store)
  const isThere = (host.env.EOSFLOW_KEY ?? '') !== '' || existsSync(resolve(folder, 'install.key'))
  return isThere ? installKeysWith(readOrMakeInstallKey(folder, host.env), folder, host.env) : undefined
}

/** Holds the seals of a segment against the key. */
export function withSeals(
  found: AuditVerification,
  sealed: SealedExecutions | undefined,
  { verifier }: Measure,
): AuditVerification {
  if (sealed === undefined) return found
  const opened = verifier === undefined ? [] : sealed.notes.map((note) => verifier.openSegment(note))
  const bad = opened.map((one) => ('fault' in one ? one.fault : lostFault(one))).find((one) => one !== undefined)
  return withFault(found, bad && `the seal of the segment is not to be trusted: ${bad}`, found.from)
}

function lostFault({ lost }: SignedSegmentSeal): string | undefined {
  return lost === undefined ? undefined : 'it is signed with a key that was lost, which nobody can verify'
}
