import Database, { type Database as Connection } from 'better-sqlite3'
import type { SigningKey } from '../../model/ed25519.ts'
import { EosflowError } from '../../model/error.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import type { Principal } from '../../model/principal.ts'
import { BrokenChainError, type ChainPoint, sameBytes } from '../chain.ts'
import type { EventBody } from '../event.ts'
import { KeyRing } from '../key-ring.ts'
import { segmentFolder } from '../segment-folder.ts'
import type { Scrub } from '../without-secrets.ts'
import { appendAlone } from './append-alone.ts'
import { BlobTable } from './blob-table.ts'
import { chooseCarried, type SealBoundary, textsThatStay } from './carried.ts'
import { carriedMark } from './carried-records.ts'
import { ExecutionTable } from './execution-table.ts'
import { MarkTable } from './mark-table.ts'
import { KEEPS_RECORDS } from './schema.ts'
import { SegmentFile, type SegmentRecord } from './segment-file.ts'
import { segmentsOf } from './segments-of.ts'
import { openAlone } from './sole-store.ts'
import { guarded } from './sqlite-error.ts'
import { prepareStatements } from './statements.ts'
import { originOf } from './store-origin.ts'
import { VerifiedChain } from './verified-chain.ts'

/** Which records are sealed, by whom and why. */
export interface SegmentSealing extends Pick<SealBoundary, 'executions' | 'now'> {
  /** Signs the checkpoint over the record of the sealing. */
  readonly signing: SigningKey
  readonly scrub: Scrub
  readonly segment: SegmentRecord
  readonly principal: Principal
  readonly reason: string
  /** The rules that allow it, and the digest of their policy. */
  readonly allowed?: { readonly rules: readonly string[]; readonly policy: string }
}

/** What a sealing has left. */
export interface SealingResult {
  /** How many records are in the store of those that were sealed. */
  readonly carried: number
  /** Why the store has not become smaller, as SQLite names it: mostly there is no room for the copy that this needs. */
  readonly hindrance?: string
}

/**
 * Takes the records of a segment out of the store, but for those that a rule asks for, and puts that on record: one transaction, so a
 * process that is killed has sealed all or nothing. Then gives the space back. The segment must be at its place, synced to the disk.
 * Throws `busy` where another process has the store open, and `store`: where it is certain that nothing was sealed, behind `giveUp`.
 */
export function sealRecords(
  path: string,
  installKey: string | InstallKeys,
  sealing: SegmentSealing,
  giveUp: () => void = () => undefined,
): SealingResult {
  // Once the transaction is to be committed, a failure may be that of somebody who has sealed.
  let isCertain = true
  try {
    return alone(path, (database) => {
      const sealAll = database.transaction(() => {
        const carried = sealIn(database, path, installKey, sealing)
        isCertain = false
        return carried
      })
      return { carried: sealAll.exclusive(), ...gaveBack(database) }
    })
  } catch (thrown) {
    if (isCertain) giveUp()
    throw thrown
  }
}

/**
 * Gives the space back that an earlier sealing could not, if it could not: then its process was killed, or there was no room. Throws `busy`
 * where another process has the store open, and `store`.
 */
export function giveSpaceBack(path: string): Pick<SealingResult, 'hindrance'> {
  return isLoose(path) ? alone(path, gaveBack) : {}
}

/** Whether a quarter of the file or more holds nothing. */
function isLoose(path: string): boolean {
  return guarded(path, () => {
    const database = new Database(path, { readonly: true, fileMustExist: true })
    try {
      const [free, all] = ['freelist_count', 'page_count'].map((name) =>
        Number(database.pragma(name, { simple: true })),
      )
      return 4 * (free ?? 0) >= (all ?? 0)
    } finally {
      database.close()
    }
  })
}

function alone<T>(path: string, work: (database: Connection) => T): T {
  return guarded(path, () => {
    const database = openAlone(path, 'Seal when nothing runs: eosflow executions names what does.')
    try {
      return work(database)
    } finally {
      database.close()
    }
  })
}

/** Makes the file as small as what is in it. What hinders that changes nothing in the store, so the next sealing may try again. */
function gaveBack(database: Connection): Pick<SealingResult, 'hindrance'> {
  try {
    database.exec('VACUUM')
    return {}
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError) return { hindrance: thrown.code }
    throw thrown
  }
}

function sealIn(database: Connection, path: string, installKey: string | InstallKeys, sealing: SegmentSealing): number {
  const { segment, principal, reason, allowed, now, executions, signing, scrub } = sealing
  const keys = new KeyRing(installKey)
  const origin = originOf(database, path, keys)
  const marks = new MarkTable(database, origin, keys)
  const entries = new ExecutionTable(database, origin, keys, marks)
  const statements = prepareStatements(database)
  const segments = segmentsOf(database, path, { origin, base: marks.find('base') })
  const chain = new VerifiedChain({ database, marks, executions: entries, segments, statements })
  const head = chain.head()
  requireSegment(path, segment, segments.base, statements.bySeq.get(segment.last))
  entries.begin(head, (after) => chain.walk(after + 1))
  for (const entry of entries.open())
    if (entry.first <= segments.base.seq && statements.ofExecution.all(entry.id).length < entry.records)
      throw stillOpen(entry.id)
  chooseCarried(database, { through: segment.last, executions, now })
  const carried = Number(database.prepare('SELECT count(*) FROM stays').pluck().get())
  const event: EventBody = { type: 'StoreSealed', principal, reason, ...segment, carried, ...allowed }
  appendAlone({ database, origin, marks, entries, chain, statements }, { event, principal, now, signing, scrub })
  takeOut(database, new BlobTable(database, keys), segment.last)
  marks.set('carried', carriedMark(database, segment.last))
  const base = { seq: segment.last, hash: Buffer.from(segment.root, 'base64'), latest: undefined }
  marks.set('base', base)
  if (marks.get('verified').seq < base.seq) marks.set('verified', base)
  segments.close()
  return carried
}

function takeOut(database: Connection, blobs: BlobTable, through: number): void {
  const known = database.prepare<[string], number>('SELECT 1 FROM blob WHERE ref = ?').pluck()
  const texts = textsThatStay(database, through, (ref) => (known.get(ref) === 1 ? blobs.get(ref) : undefined))
  database.exec('DROP TRIGGER journal_keeps; CREATE TEMP TABLE kept_text(ref TEXT PRIMARY KEY)')
  const keep = database.prepare('INSERT INTO kept_text VALUES (?)')
  for (const ref of texts) keep.run(ref)
  database.prepare('DELETE FROM journal WHERE seq <= ? AND seq NOT IN (SELECT seq FROM stays)').run(through)
  database.exec('DELETE FROM blob WHERE ref NOT IN (SELECT ref FROM kept_text); DROP TABLE temp.kept_text')
  database.exec(KEEPS_RECORDS)
}

/** Requires that the file has the records that are about to be taken out: from the point on that the store begins with, to the last. */
function requireSegment(store: string, segment: SegmentRecord, base: ChainPoint, last: ChainPoint | undefined): void {
  const file = new SegmentFile(segmentFolder(store), segment)
  try {
    file.verify(base)
  } finally {
    file.close()
  }
  if (last !== undefined && sameBytes(last.hash, Buffer.from(segment.root, 'base64'))) return
  throw new BrokenChainError({ seq: segment.last, reason: `the segment ${segment.file} has another record` })
}

function stillOpen(id: string): EosflowError {
  return new EosflowError(
    'refused',
    `execution ${id} is open, and some of its records are in a segment: nothing was sealed`,
    {
      hint: `Resume or stop it first: eosflow show ${id}`,
    },
  )
}
