import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import { type KeptDecision, keptDecisionIn } from '../audit/kept-decision.ts'
import { type PolicyRetirement, policyRetirementIn } from '../audit/policy-retirement.ts'
import type { WalkedChain } from '../audit/witness.ts'
import { BrokenChainError, type ChainFault, type ChainPoint, type ChainRow, genesis, sameBytes } from '../chain.ts'
import type { ArtefactRef } from '../event.ts'
import { keysLacking, requireOrder, rotationFault } from '../install-rotation.ts'
import { KeyRing } from '../key-ring.ts'
import { BlockWalk } from './block-walk.ts'
import { carriedRows, otherCarried, requireCarried } from './carried-records.ts'
import { ExecutionTable } from './execution-table.ts'
import { requireUnaltered } from './head-walk.ts'
import { MarkTable } from './mark-table.ts'
import { requireUndamaged } from './pages.ts'
import { parseRow } from './read-row.ts'
import { rotationRows } from './rotation-rows.ts'
import type { Segments } from './segments.ts'
import { segmentsIn } from './segments-of.ts'
import { guarded } from './sqlite-error.ts'
import { tableFault } from './table-fault.ts'
import { textFault } from './text-fault.ts'

/** A store as it was found, its chain walked from the first record on. */
export interface ReadTrail extends WalkedChain {
  /** The notes of the store's own checkpoints. */
  readonly notes: readonly string[]
  /** Whether the key that it was sealed with is at hand. */
  readonly keyed: boolean
  /** The ids of the install keys that the store was under before, and that are not here. */
  readonly lacking: readonly string[]
  /** How many texts no key here reads, and may be of one of those. */
  readonly unread: number
  /** When a record was written, ISO 8601 in UTC. */
  timeOf(seq: number): string | undefined
  /** The records by which a policy was retired. */
  readonly retirements: readonly PolicyRetirement[]
  /** The decisions about plans. */
  readonly decisions: readonly KeptDecision[]
}

/** Where the segments of a store are: beside it, and read with it; or elsewhere: then the walk begins behind the sealed records. */
export type SegmentPlace = 'beside' | 'elsewhere'

/** KiB of pages that are kept: the record is read once from its beginning to its end. better-sqlite3 would keep 16 MB. */
const CACHE = 2_000

/**
 * Reads a store that may have been tampered with, changing nothing in it: one view of it, which `use` may ask until it returns. With
 * the install key the seal on the head is judged too. Throws `store` when the file cannot be read as a store at all.
 */
export function readTrail<T>(
  path: string,
  installKey: string | InstallKeys | undefined,
  use: (trail: ReadTrail) => T,
  place: SegmentPlace = 'beside',
): T {
  return guarded(path, () => {
    const database = new Database(path, { readonly: true, fileMustExist: true })
    database.pragma(`cache_size = -${CACHE}`)
    let segments: Segments | undefined
    try {
      const read = database.transaction(() => {
        segments = segmentsIn(database, path, storeRow(database).origin)
        const found = trailIn(database, segments, { installKey, place })
        if (found.fault === undefined) requireUndamaged(database, path)
        return use(found)
      })
      return read.deferred()
    } finally {
      segments?.close()
      database.close()
    }
  })
}

interface Reading {
  readonly installKey: string | InstallKeys | undefined
  readonly place: SegmentPlace
}

function trailIn(database: Database.Database, segments: Segments, { installKey, place }: Reading): ReadTrail {
  const { origin, key } = storeRow(database)
  const sealedFault = place === 'beside' ? faultIn(() => requireSealed(database, segments)) : undefined
  const start = place === 'beside' ? genesis(origin) : segments.base
  const walked = sealedFault === undefined ? new BlockWalk(database).walk(segments.base) : { fault: sealedFault }
  const end = 'end' in walked ? walked.end : pointAt(database, segments, start, walked.fault.seq - 1)
  const keys = installKey === undefined ? undefined : new KeyRing(installKey)
  const keyed = keys?.fits(key) === true
  const sealed = keyed
    ? headFault(database, () => new MarkTable(database, origin, keys), end, segments.base)
    : undefined
  const rotations = rotationRows(database)
  if (keys !== undefined) requireOrder(rotations, key, keys)
  const lacking = keyed ? keysLacking(rotations, keys) : []
  const strange: ArtefactRef[] = []
  const unread = (ref: ArtefactRef): void => void strange.push(ref)
  const fault =
    'fault' in walked
      ? walked.fault
      : (sealed ??
        rotationFault(rotations, { origin, check: key, ring: keys }) ??
        besideFault(database, segments, { origin, keys: keyed ? keys : undefined, lacking, place, unread }))
  const hash = database.prepare<[number], Uint8Array>('SELECT hash FROM journal WHERE seq = ?').pluck()
  const time = database.prepare<[number], string | null>("SELECT body ->> '$.at' FROM journal WHERE seq = ?").pluck()
  return {
    origin,
    start,
    end,
    ...(fault === undefined ? {} : { fault }),
    notes: notesOf(database),
    keyed,
    lacking,
    unread: strange.length,
    hashAt: (seq) => (seq > end.seq ? undefined : (hash.get(seq) ?? sealedHash(segments, seq))),
    timeOf: (seq) => time.get(seq) ?? timeIn(sealedRow(segments, seq)),
    ...toldIn(database, end.seq, place === 'beside' && sealedFault === undefined ? segments : undefined),
  }
}

interface Beside {
  readonly origin: string
  readonly keys: KeyRing | undefined
  readonly lacking: readonly string[]
  readonly place: SegmentPlace
  readonly unread: (ref: ArtefactRef) => void
}

/** What is wrong beside the chain: with the entries, and with the texts that records name. Those of a copy without its segments are judged apart. */
function besideFault(
  database: Database.Database,
  segments: Segments,
  { origin, keys, lacking, place, unread }: Beside,
): ChainFault | undefined {
  const base = segments.base.seq
  if (keys !== undefined) keys.lacking = lacking
  const beside =
    keys === undefined
      ? undefined
      : // Stores of versions before 4 have no such tables.
        (entryFault(database, origin, keys, segments.base) ??
        (hasTable(database, 'delivery') ? tableFault(database) : undefined))
  if (beside !== undefined || place === 'elsewhere') return beside
  return textFault(database, { keys, base, segments, unread })
}

/** What is wrong with the entries of executions and plans. Stores of versions before 9 do not have all of them: they are counted when such a store is next opened. */
function entryFault(
  database: Database.Database,
  origin: string,
  keys: KeyRing,
  base: ChainPoint,
): ChainFault | undefined {
  if (!hasTable(database, 'plan_entry')) return undefined
  return new ExecutionTable(database, origin, keys, new MarkTable(database, origin, keys)).fault(base.seq)
}

/** What is shown of single records to whoever verifies the record; `sealed` are the segments that can be read. */
function toldIn(
  database: Database.Database,
  last: number,
  sealed: Segments | undefined,
): Pick<ReadTrail, 'retirements' | 'decisions'> {
  const told =
    "SELECT body FROM journal WHERE seq <= ? AND body ->> '$.type' IN ('PolicyRetired', 'ApprovalDecided') ORDER BY seq"
  const bodies = database.prepare<[number], string>(told).pluck().all(last)
  const decisions = bodies.map(keptDecisionIn).filter((one) => one !== undefined)
  const base = sealed?.base.seq ?? 0
  return {
    retirements: bodies.map(policyRetirementIn).filter((one) => one !== undefined),
    decisions: [...(sealed === undefined ? [] : sealedDecisions(sealed)), ...decisions.filter(({ seq }) => seq > base)],
  }
}

const AT_ONCE = 1000

function sealedDecisions(segments: Segments): readonly KeptDecision[] {
  const found: KeptDecision[] = []
  for (let next = 1; next <= segments.base.seq; ) {
    const rows = segments.rows(next, AT_ONCE)
    found.push(...rows.map(({ body }) => keptDecisionIn(body)).filter((one) => one !== undefined))
    next = (rows.at(-1)?.seq ?? segments.base.seq) + 1
  }
  return found
}

interface StoreRow {
  readonly origin: string
  readonly key: string
}

const NAMELESS: StoreRow = { origin: '', key: '' }

function storeRow(database: Database.Database): StoreRow {
  return database.prepare<[], StoreRow>('SELECT origin, key_check AS key FROM store').get() ?? NAMELESS
}

function pointAt(database: Database.Database, segments: Segments, start: ChainPoint, seq: number): ChainPoint {
  const row = database.prepare<[number], ChainPoint>('SELECT seq, hash FROM journal WHERE seq = ?').get(seq)
  return row ?? (seq === segments.base.seq ? segments.base : (sealedRow(segments, seq) ?? start))
}

function headFault(
  database: Database.Database,
  sealed: () => MarkTable,
  end: ChainPoint,
  base: ChainPoint,
): ChainFault | undefined {
  return faultIn(() => {
    const marks = sealed()
    const { seq, hash } = marks.get('head')
    if (seq > end.seq) return { seq: end.seq + 1, reason: `the record is missing: the sealed head is record ${seq}` }
    if (seq < end.seq) return { seq: seq + 1, reason: 'the record was not written by eosflow' }
    if (!sameBytes(hash, end.hash)) return { seq, reason: 'it is not the record that was sealed as the head' }
    const kept = marks.find('base')
    const isBase = kept === undefined ? base.seq === 0 : kept.seq === base.seq && sameBytes(kept.hash, base.hash)
    if (!isBase) return { seq: base.seq, reason: 'it is not the last one that was sealed in a segment' }
    if (kept !== undefined) requireCarried(database, base.seq, marks.get('carried'))
    // Whoever opens the store goes by these, too.
    marks.get('verified')
    for (const name of ['executions', 'plan-entries'] as const) marks.find(name)
    return undefined
  })
}

function faultIn(judge: () => ChainFault | undefined): ChainFault | undefined {
  try {
    return judge()
  } catch (thrown) {
    if (thrown instanceof BrokenChainError) return { seq: thrown.seq, reason: thrown.reason }
    throw thrown
  }
}

/** What is wrong with the segments, or with the sealed records that are in the store as well: each is the one that its segment has. */
function requireSealed(database: Database.Database, segments: Segments): ChainFault | undefined {
  const gone = segments.missing()
  if (gone !== undefined) {
    const { first, last, file } = gone
    return { seq: first, reason: `the segment ${file} is missing: it has the records from ${first} to ${last}` }
  }
  segments.verify()
  const base = segments.base.seq
  let found = 0
  for (const row of carriedRows(database, base)) {
    requireUnaltered(row)
    const sealed = segments.row(row.seq)
    if (sealed === undefined || !sameBytes(sealed.hash, row.hash))
      return { seq: row.seq, reason: 'it is not the record that its segment has' }
    found += 1
  }
  // The newest sealing says how many are left of all the records up to its last one.
  if (found !== (segments.records.at(-1)?.carried ?? 0)) throw otherCarried(base)
  return undefined
}

/** The hash of a sealed record: that of the last one is on record. */
function sealedHash(segments: Segments, seq: number): Uint8Array | undefined {
  return seq === segments.base.seq ? segments.base.hash : sealedRow(segments, seq)?.hash
}

/** A sealed record, where its segment is at hand. */
function sealedRow(segments: Segments, seq: number): ChainRow | undefined {
  if (seq < 1 || seq > segments.base.seq) return undefined
  try {
    return segments.row(seq)
  } catch (thrown) {
    if (thrown instanceof EosflowError && thrown.kind === 'store') return undefined
    throw thrown
  }
}

function timeIn(row: ChainRow | undefined): string | undefined {
  return row === undefined ? undefined : parseRow(row).at
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
