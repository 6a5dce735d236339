import type { Database } from 'better-sqlite3'
import type { SigningKey } from '../../model/ed25519.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import type { Principal } from '../../model/principal.ts'
import { requireNewKey, rotationOf } from '../install-rotation.ts'
import { KeyRing } from '../key-ring.ts'
import { keyId, type StoreKeys } from '../store-keys.ts'
import type { Scrub } from '../without-secrets.ts'
import { appendAlone } from './append-alone.ts'
import { ExecutionTable } from './execution-table.ts'
import { MarkTable } from './mark-table.ts'
import { rotationRows } from './rotation-rows.ts'
import { segmentsOf } from './segments-of.ts'
import { openAlone } from './sole-store.ts'
import { guarded } from './sqlite-error.ts'
import { prepareStatements } from './statements.ts'
import { originOf } from './store-origin.ts'
import { VerifiedChain } from './verified-chain.ts'

/** Which key takes the place of which, by whom and why. */
export interface KeyRotation {
  /** Has a next key, unless the store is under that already. */
  readonly installKey: InstallKeys
  readonly principal: Principal
  readonly reason: string
  /** ISO 8601 in UTC. */
  readonly now: string
  /** Signs the checkpoint over the record of the rotation. */
  readonly signing: SigningKey
  readonly scrub: Scrub
}

/** The two keys by their ids. */
export interface RotatedInstallKey {
  readonly from: string
  readonly to: string
}

/**
 * Puts a store under its next install key: verifies all of it, puts that on record, and seals everything anew, in one transaction, so a
 * process that is killed has rotated all or nothing. From then on nothing counts that the key before seals. Undefined where the store is
 * under that key already. Throws `busy` where another process has the store open, BrokenChainError, and `store`.
 */
export function rotateKey(path: string, rotation: KeyRotation): RotatedInstallKey | undefined {
  return guarded(path, () => {
    const database = openAlone(path, 'Replace the install key when nothing runs: eosflow executions names what does.')
    try {
      return database.transaction(() => rotateIn(database, path, rotation)).exclusive()
    } finally {
      database.close()
    }
  })
}

function rotateIn(
  database: Database,
  path: string,
  { installKey, principal, reason, now, signing, scrub }: KeyRotation,
): RotatedInstallKey | undefined {
  const old = new KeyRing(installKey)
  const origin = originOf(database, path, old)
  const { next } = old
  if (next === undefined) return undefined
  requireNewKey(rotationRows(database), next)
  const marks = new MarkTable(database, origin, old)
  const entries = new ExecutionTable(database, origin, old, marks)
  const statements = prepareStatements(database)
  const segments = segmentsOf(database, path, { origin, base: marks.find('base') })
  const chain = new VerifiedChain({ database, marks, executions: entries, segments, statements })
  const before = chain.walk(1)
  entries.begin(before, (after) => chain.walk(after + 1))
  const fault = entries.fault(segments.base.seq)
  if (fault !== undefined) throw fault
  const event = { ...rotationOf(old, next, { origin, before: before.hash }), reason, principal }
  appendAlone({ database, origin, marks, entries, chain, statements }, { event, principal, now, signing, scrub })
  sealAnew(database, origin, { marks, entries }, next)
  database.prepare('UPDATE store SET key_check = ?').run(next.check)
  segments.close()
  return { from: keyId(old.check), to: keyId(next.check) }
}

/** Seals by other keys what is sealed, each of which is read by the present ones first. */
function sealAnew(
  database: Database,
  origin: string,
  { marks, entries }: { readonly marks: MarkTable; readonly entries: ExecutionTable },
  next: StoreKeys,
): void {
  const sealed = (['head', 'verified', 'base', 'carried'] as const).map((name) => [name, marks.find(name)] as const)
  const anew = new MarkTable(database, origin, next)
  entries.sealAnew(new ExecutionTable(database, origin, next, anew))
  for (const [name, mark] of sealed) if (mark !== undefined) anew.set(name, mark)
}
