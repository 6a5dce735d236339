import type { SigningKey } from '../../../model/ed25519.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import type { Principal } from '../../../model/principal.ts'
import { checkpointSigner } from '../audit/chains-checkpoint.ts'
import { requestOf } from '../chains/append-request.ts'
import { Checkpoints } from '../chains/chains-audit-trail.ts'
import { newestResealed } from '../chains/records.ts'
import { noSegmentFiles, type SegmentFiles } from '../chains/retired-segments.ts'
import { executionText, registerText } from '../chains/seal.ts'
import type { EventBody } from '../event/event.ts'
import type { Scrub } from '../event/record-text.ts'
import { BrokenChainError } from '../seal/chain.ts'
import { KeyRing, keyId, type StoreKeys } from '../seal/store-keys.ts'
import { requireNewKey, rotationOf } from '../store/install-rotation.ts'
import { type NoteSealing, notesUnder } from '../store/sealed-notes.ts'
import { appendsOver } from './append.ts'
import { type Connection, Views } from './connection.ts'
import { openAlone } from './database-file.ts'
import { chainHeads } from './heads.ts'
import { EXECUTION, type ExecutionColumns, knownOf, notesIn, readWhole, writeWhole } from './kept-rows.ts'
import { allNotes } from './note-rows.ts'
import { readMoment } from './read-chains.ts'
import { recordViewOver, sqliteRecords } from './records.ts'

export interface KeyRotation extends AloneRecord {
  /** Has a next key, unless the store is under that already. */
  readonly installKey: InstallKeys
  readonly reason: string
}

export interface RotatedInstallKey {
  readonly from: string
  readonly to: string
}

/** Puts a store under its next install key: verifies all of it, seals everything anew, and puts that on record, in one transaction, so a process that is killed has rotated all or nothing. From then on nothing counts that the key before seals. */
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

async function sealAnew({ connection, origin, ring }: SoleStore, next: StoreKeys) {
  for (const row of connection.all<ExecutionColumns>(`SELECT ${EXECUTION} FROM execution x`)) {
    const seal = next.seal(executionText(origin, row.id, knownOf(row)))
    connection.run('UPDATE execution SET seal = ? WHERE place = ?', Buffer.from(seal, 'hex'), row.place)
  }
  const seal = await newestResealed(recordViewOver(connection), { origin, keys: ring }, next)
  connection.run('UPDATE checkpoint_head SET seal = ?', Buffer.from(seal, 'hex'))
  const before = readWhole(connection)
  if (before === undefined) return
  const notes = sealNotes(connection, { keys: ring, origin }, { keys: next, origin })
  const register = { ...before.register, seal: next.seal(registerText(origin, before.register)) }
  writeWhole(connection, next, origin, { ...before, notes, register })
}

function sealNotes(connection: Connection, by: NoteSealing, next: NoteSealing) {
  const { lists, rows } = notesUnder(allNotes(connection), by, next)
  connection.run('DELETE FROM note')
  for (const { kind, body } of lists)
    connection.run('UPDATE note_head SET body = ? WHERE kind = ?', Buffer.from(body), kind)
  for (const { name, kind, body } of rows)
    connection.run('INSERT INTO note(name, kind, body) VALUES (?, ?, ?)', name, kind, Buffer.from(body))
  return notesIn(connection)
}

export interface SoleStore {
  readonly connection: Connection
  /** What its chains begin with, and the check of the key that it is under. */
  readonly origin: string
  readonly check: string
  readonly ring: KeyRing
}

/** Throws `busy` where another process has it open, with the hint `then`, and `store`. */
export async function withSoleStore<T>(
  path: string,
  { installKey, then }: { readonly installKey: InstallKeys; readonly then: string },
  work: (store: SoleStore) => Promise<T>,
): Promise<T> {
  const connection = openAlone(path, then)
  try {
    connection.run('BEGIN EXCLUSIVE')
    const ring = new KeyRing(installKey)
    const said = (await recordViewOver(connection).said()) ?? { origin: '', check: '' }
    ring.require(path, said.check)
    const given = await work({ connection, ring, ...said })
    connection.run('COMMIT')
    return given
  } finally {
    // What is not committed is not written.
    connection.close()
  }
}

export interface AloneRecord {
  readonly principal: Principal
  /** ISO 8601 in UTC. */
  readonly now: string
  readonly signing: SigningKey
  readonly scrub: Scrub
}

/** Throws what an append throws. */
export async function appendAlone(
  { connection, origin, ring }: Pick<SoleStore, 'connection' | 'origin' | 'ring'>,
  event: EventBody,
  { principal, now, scrub, signing }: AloneRecord,
): Promise<void> {
  const heads = chainHeads(connection, origin, ring)
  const request = requestOf([event], { actor: principal, at: now, leaseAt: now, execution: undefined, scrub })
  const appends = appendsOver({ connection, heads, origin, quarantineSeconds: 0 })
  const [outcome] = appends.write([request])
  if (outcome?.status === 'rejected') throw outcome.reason
  const views = new Views(connection)
  const records = sqliteRecords({ connection, views, heads, check: ring.check, now: () => Date.parse(now) })
  await new Checkpoints({ records, origin, keys: ring, signer: checkpointSigner(signing) }).sign(now)
}
