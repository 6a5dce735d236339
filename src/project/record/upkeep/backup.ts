import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { BrokenChainError } from '../../../change/record/seal/chain.ts'
import { EosflowError } from '../../../model/error.ts'
import { asGiven } from '../../../model/install-keys.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import { requireAllowed, writeAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import { requireFileStore } from '../../app/store/file-store.ts'
import { ownVerifier } from '../../app/store/own-verifier.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { Caller } from '../../identity/caller-of.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { newFile } from '../../system/process/new-file.ts'
import { requireNotOurs } from '../../system/process/save-text.ts'
import { judgedFile } from '../audit/verify.ts'

interface BackupResult {
  readonly file: string
  readonly bytes: number
  readonly records: number
  readonly root: string
  readonly segments: readonly string[]
}

/** Throws `not-authorised`, InputError for a place that cannot be written, and `refused` for a store in a database, `store` for a copy that is not whole or a disk that is full: then nothing is left. */
export async function backUp(app: RecordApp, caller: Caller, shown: string): Promise<BackupResult> {
  requireFileStore(app.project)
  const allowed = await requireAllowed(app, caller, 'audit.export')
  const file = resolve(app.cwd, shown)
  requireNotOurs(file, app.project.store, shown)
  const made = newFile(file, shown)
  try {
    await writeAllowed(app, caller, allowed, () => [{ type: 'StoreBackedUp', to: shown }])
    await app.audit?.checkpoint()
    if (app.file === undefined) throw new EosflowError('bug', 'this store is not in a file')
    await app.file.copyInto(made.draft)
    const { to, root } = await verifiedCopy(made.draft, { ...app, store: app.project.store })
    const { size: bytes } = statSync(made.draft)
    made.finish()
    const segments = (await app.retirement?.files()) ?? []
    return { file, bytes, records: to, root, segments }
  } finally {
    made.discard()
  }
}

// Throws `store`.
async function verifiedCopy(
  path: string,
  { key, keys, words, store }: Pick<ProjectStore, 'key' | 'keys'> & WordedHost & { readonly store: string },
): Promise<AuditVerification> {
  const measure = { verifier: undefined, anchors: [], now: undefined, words }
  const installKey = asGiven(key)
  const found = await judgedFile(path, { installKey, verifier: ownVerifier(keys, installKey) }, measure, store)
  if (found.fault !== undefined) throw new BrokenChainError(found.fault)
  return found
}
