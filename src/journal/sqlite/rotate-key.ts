import type { InstallKeys } from '../../model/install-keys.ts'
import { BrokenChainError } from '../chain.ts'
import { newestResealed } from '../chains/newest-checkpoint.ts'
import { noSegmentFiles, type SegmentFiles } from '../chains/retired-segments.ts'
import { executionSeal, registerSeal } from '../chains/seal.ts'
import { requireNewKey, rotationOf } from '../install-rotation.ts'
import { keyId, type StoreKeys } from '../store-keys.ts'
import { EXECUTION, type ExecutionColumns, knownOf } from './kept-rows.ts'
import { readMoment } from './read-chains.ts'
import { recordViewOver } from './records.ts'
import { type AloneRecord, appendAlone, type SoleStore, withSoleStore } from './sole-store.ts'
import { readWhole, wholeSeal } from './whole.ts'

/** Which key takes the place of which, by whom and why. */
export interface KeyRotation extends AloneRecord {
  /** Has a next key, unless the store is under that already. */
  readonly installKey: InstallKeys
  readonly reason: string
}

/** The two keys by their ids. */
export interface RotatedInstallKey {
  readonly from: string
  readonly to: string
}

/**
 * Puts a store under its next install key: verifies all of it, seals everything anew, and puts that on record, in one transaction, so a process that is
 * killed has rotated all or nothing. From then on nothing counts that the key before seals. Undefined where the store is under that key already. Throws
 * `busy` where another process has the store open, BrokenChainError, and `store`.
 */
export function rotateKey(
  path: string,
  rotation: KeyRotation,
  files: SegmentFiles = noSegmentFiles,
): Promise<RotatedInstallKey | undefined> {
  const then = 'Replace the install key when nothing runs: eosflow executions names what does.'
  return withSoleStore(path, { installKey: rotation.installKey, then }, async (store) => {
    const { connection, origin, check, ring } = store
    const { next } = ring
    if (next === undefined) return undefined
    requireNewKey(await recordViewOver(connection).rotations(), next)
    const { fault } = (await readMoment(connection, ring, files)).chains
    if (fault !== undefined) throw new BrokenChainError(fault)
    const before = Buffer.from(readWhole(connection)?.register.hash ?? '', 'hex')
    const rotated = rotationOf(ring, next, { origin, before })
    await sealAnew(store, next)
    connection.run('UPDATE store SET key_check = ?', next.check)
    ring.require(path, next.check)
    await appendAlone(store, { ...rotated, reason: rotation.reason, principal: rotation.principal }, rotation)
    return { from: keyId(check), to: keyId(next.check) }
  })
}

/** Seals by the next key what was verified by the present one. */
async function sealAnew({ connection, origin, ring }: SoleStore, next: StoreKeys): Promise<void> {
  for (const row of connection.all<ExecutionColumns>(`SELECT ${EXECUTION} FROM execution x`)) {
    const seal = executionSeal(next, origin, row.id, knownOf(row))
    connection.run('UPDATE execution SET seal = ? WHERE place = ?', Buffer.from(seal, 'hex'), row.place)
  }
  const seal = await newestResealed(recordViewOver(connection), { origin, keys: ring }, next)
  connection.run('UPDATE checkpoint_head SET seal = ?', Buffer.from(seal, 'hex'))
  const whole = readWhole(connection)
  if (whole === undefined) return
  connection.run(
    'UPDATE register_head SET seal = ?, whole = ?',
    Buffer.from(registerSeal(next, origin, whole.register), 'hex'),
    Buffer.from(wholeSeal(next, origin, whole), 'hex'),
  )
}
