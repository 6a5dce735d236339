import Database from 'better-sqlite3'
import { type KeptDecision, keptDecisionIn } from '../audit/kept-decision.ts'
import { type PolicyRetirement, policyRetirementIn } from '../audit/policy-retirement.ts'
import type { Walked } from '../audit/witness.ts'
import { BrokenChainError, type ChainFault, type ChainPoint, genesis, sameBytes } from '../chain.ts'
import { type StoreKeys, storeKeys } from '../store-keys.ts'
import { BlockWalk } from './block-walk.ts'
import { ExecutionTable } from './execution-table.ts'
import { MarkTable } from './mark-table.ts'
import { requireUndamaged } from './pages.ts'
import { guarded } from './sqlite-error.ts'

/** A store as it was found, its chain walked from the first record on. */
export interface ReadTrail extends Walked {
  /** The notes of the store's own checkpoints. */
  readonly notes: readonly string[]
  /** Whether the key that it was sealed with is at hand. */
  readonly keyed: boolean
  /** When a record was written, ISO 8601 in UTC. */
  timeOf(seq: number): string | undefined
  /** The records by which a policy was retired. */
  readonly retirements: readonly PolicyRetirement[]
  /** The decisions about plans. */
  readonly decisions: readonly KeptDecision[]
}

/**
 * Reads a store that may have been tampered with, changing nothing in it: one view of it, which `use` may ask until it returns. With
 * the install key the seal on the head is judged too. Throws `store` when the file cannot be read as a store at all.
 */
export function readTrail<T>(path: string, installKey: string | undefined, use: (trail: ReadTrail) => T): T {
  return guarded(path, () => {
    const database = new Database(path, { readonly: true, fileMustExist: true })
    try {
      const read = database.transaction(() => {
        const found = trailIn(database, installKey)
        if (found.fault === undefined) requireUndamaged(database, path)
        return use(found)
      })
      return read.deferred()
    } finally {
      database.close()
    }
  })
}

function trailIn(database: Database.Database, installKey: string | undefined): ReadTrail {
  const { origin, key } = database.prepare<[], StoreRow>('SELECT origin, key_check AS key FROM store').get() ?? NAMELESS
  const start = genesis(origin)
  const walked = new BlockWalk(database).walk(start)
  const end = 'end' in walked ? walked.end : pointAt(database, start, walked.fault.seq - 1)
  const keys = installKey === undefined ? undefined : storeKeys(installKey)
  const keyed = keys !== undefined && keys.check === key
  const sealed = keyed ? headFault(() => new MarkTable(database, origin, keys).get('head'), end) : undefined
  const fault = 'fault' in walked ? walked.fault : (sealed ?? (keyed ? entryFault(database, origin, keys) : undefined))
  const hash = database.prepare<[number], Uint8Array>('SELECT hash FROM journal WHERE seq = ?').pluck()
  const time = database.prepare<[number], string | null>("SELECT body ->> '$.at' FROM journal WHERE seq = ?").pluck()
  return {
    origin,
    start,
    end,
    ...(fault === undefined ? {} : { fault }),
    notes: notesOf(database),
    keyed,
    hashAt: (seq) => (seq > end.seq ? undefined : hash.get(seq)),
    timeOf: (seq) => time.get(seq) ?? undefined,
    ...toldIn(database, end.seq),
  }
}

/** What is wrong with the entries of executions and plans. Stores of versions before 9 do not have all of them: they are counted when such a store is next opened. */
function entryFault(database: Database.Database, origin: string, keys: StoreKeys): ChainFault | undefined {
  if (!hasTable(database, 'plan_entry')) return undefined
  return new ExecutionTable(database, origin, keys, new MarkTable(database, origin, keys)).fault()
}

/** What whoever verifies the record is told of single records. */
function toldIn(database: Database.Database, last: number): Pick<ReadTrail, 'retirements' | 'decisions'> {
  const told =
    "SELECT body FROM journal WHERE seq <= ? AND body ->> '$.type' IN ('PolicyRetired', 'ApprovalDecided') ORDER BY seq"
  const bodies = database.prepare<[number], string>(told).pluck().all(last)
  return {
    retirements: bodies.map(policyRetirementIn).filter((one) => one !== undefined),
    decisions: bodies.map(keptDecisionIn).filter((one) => one !== undefined),
  }
}

interface StoreRow {
  readonly origin: string
  readonly key: string
}

const NAMELESS: StoreRow = { origin: '', key: '' }

function pointAt(database: Database.Database, start: ChainPoint, seq: number): ChainPoint {
  const row = database.prepare<[number], ChainPoint>('SELECT seq, hash FROM journal WHERE seq = ?').get(seq)
  return row ?? start
}

function headFault(sealed: () => ChainPoint, end: ChainPoint): ChainFault | undefined {
  try {
    const { seq, hash } = sealed()
    if (seq > end.seq) return { seq: end.seq + 1, reason: `the record is missing: the sealed head is record ${seq}` }
    if (seq < end.seq) return { seq: seq + 1, reason: 'the record was not written by eosflow' }
    return sameBytes(hash, end.hash) ? undefined : { seq, reason: 'it is not the record that was sealed as the head' }
  } catch (thrown) {
    if (thrown instanceof BrokenChainError) return { seq: thrown.seq, reason: thrown.reason }
    throw thrown
  }
}

/** Stores of versions before 4 have no checkpoints. */
function notesOf(database: Database.Database): readonly string[] {
  if (!hasTable(database, 'checkpoint')) return []
  return database.prepare<[], string>('SELECT note FROM checkpoint ORDER BY id').pluck().all()
}

function hasTable(database: Database.Database, name: string): boolean {
  const tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?"
  return database.prepare<[string], number>(tables).pluck().get(name) === 1
}
