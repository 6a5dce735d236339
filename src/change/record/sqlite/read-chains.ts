import { EosflowError } from '../../../model/error.ts'
import type { ChainHead } from '../audit/chains-checkpoint.ts'
import { DELIVERIES_ALTERED } from '../chains/beside-chains.ts'
import { keptLeaf, type TreeTop, treeOver } from '../chains/hash-tree.ts'
import { type ChainsTrail, readTrail } from '../chains/read-trail.ts'
import type { SegmentFiles } from '../chains/retired-segments.ts'
import { sameBytes } from '../seal/chain.ts'
import type { KeyRing } from '../seal/store-keys.ts'
import { notesFault } from '../store/sealed-notes.ts'
import type { Connection, RowReader } from './connection.ts'
import { reader } from './database-file.ts'
import { WHOLE_BROKEN } from './heads.ts'
import {
  deliveriesIn,
  EXECUTION,
  type ExecutionColumns,
  executionLeaf,
  keptOf,
  LEASES,
  type LeaseColumns,
  leaseLeaf,
  notesIn,
  readWhole,
  wholeText,
} from './kept-rows.ts'
import { allNotes, NOTES_ALTERED } from './note-rows.ts'
import { newestOf, recordViewOver } from './records.ts'

/** Reads a store as one moment of it, of which rows are asked: see {@link readTrail}. */
export async function readMoment(
  asked: RowReader,
  keys: KeyRing | undefined,
  files: SegmentFiles,
): Promise<ChainsTrail> {
  // They are many, and asked for twice.
  const executions = asked.all<ExecutionColumns>(`SELECT ${EXECUTION} FROM execution x ORDER BY x.place`)
  const view = { ...recordViewOver(asked), keptExecutions: async () => executions.map(keptOf) }
  const trail = await readTrail(view, { keys, files })
  trail.chains.find(wholeFault(asked, executions, trail.chains.origin, trail.keyed ? keys : undefined))
  return trail
}

function wholeFault(
  asked: RowReader,
  executions: readonly ExecutionColumns[],
  origin: string,
  keys: KeyRing | undefined,
) {
  const whole = readWhole(asked)
  if (whole === undefined) return { seq: 0, reason: 'the sealed head of the register is gone' }
  const seq = whole.newest
  const leases = asked.all<LeaseColumns>(`${LEASES} ORDER BY place`)
  const fault =
    treeFault(
      asked,
      'execution',
      whole.executions,
      executions.map((row) => [row.place, `execution ${row.id}`, executionLeaf(row)]),
    ) ??
    treeFault(
      asked,
      'lease',
      whole.leases,
      leases.map((row) => [row.place, `the lease of ${row.device}`, leaseLeaf(row)]),
    )
  if (fault !== undefined) return { seq, reason: fault }
  if (deliveriesIn(asked) !== whole.deliveries) return { seq, reason: DELIVERIES_ALTERED }
  if (notesIn(asked) !== whole.notes) return { seq, reason: NOTES_ALTERED }
  const altered = keys && notesFault(allNotes(asked), { keys, origin })
  if (altered !== undefined) return altered
  if (keys === undefined || keys.isSeal(wholeText(origin, whole), whole.seal)) return undefined
  return { seq, reason: WHOLE_BROKEN }
}

type Leaf = readonly [place: number, of: string, digest: Uint8Array]

interface NodeRow {
  readonly level: number
  readonly place: number
  readonly digests: Buffer
}

function treeFault(asked: RowReader, tree: string, sealed: TreeTop, leaves: readonly Leaf[]) {
  const { top, nodes } = treeOver(leaves.map(([, , digest]) => digest))
  const stray = leaves.find(([place], index) => place !== index)
  if (stray !== undefined) return `what is kept of ${stray[1]} is in the place of another`
  const rows = asked.all<NodeRow>('SELECT level, place, digests FROM node WHERE tree = ? ORDER BY level, place', tree)
  const isVouched = top.leaves === sealed.leaves && sameBytes(top.root, sealed.root)
  if (!isVouched) {
    const stored = new Map(rows.filter(({ level }) => level === 0).map(({ place, digests }) => [place, digests]))
    const other = leaves.find(([place, , digest]) => {
      const known = keptLeaf(stored, place)
      return known === undefined || !sameBytes(known, digest)
    })
    const what =
      other === undefined ? 'the ends of all chains, or who has which switch,' : `what is kept of ${other[1]}`
    return `${what} is not what was sealed last`
  }
  const isWhole =
    rows.length === nodes.size &&
    rows.every(({ level, place, digests }) => {
      const made = nodes.get(`${level} ${place}`)
      return made !== undefined && sameBytes(made, digests)
    })
  return isWhole ? undefined : `the tree over ${tree === 'lease' ? 'the leases' : 'the ends of executions'} was altered`
}

/** Throws `store` for a file in which SQLite finds a page that is not in order (sqlite.org/pragma.html#pragma_integrity_check): it reads all of them. */
export function requireUndamaged(asked: RowReader, path: string): void {
  const found = asked.one<{ integrity_check: string }>('PRAGMA integrity_check(1)')?.integrity_check
  if (found === 'ok') return
  throw new EosflowError('store', `the store ${path} is damaged: ${String(found)}`, {
    hint: 'Set it aside under another name, as evidence; then restore a backup (docs/copies.md) or begin a new store.',
  })
}

/** A sound record is given only where SQLite finds every page of the file in order. Throws `store` for what is no store of this layout. */
export function readChainsFile(path: string, keys: KeyRing | undefined, files: SegmentFiles): Promise<ChainsTrail> {
  return withMoment(path, keys, files, async (_, trail) => trail)
}

export async function withMoment<T>(
  path: string,
  keys: KeyRing | undefined,
  files: SegmentFiles,
  read: (connection: Connection, trail: ChainsTrail) => Promise<T>,
): Promise<T> {
  const connection = reader(path, { moved: true })
  try {
    connection.run('BEGIN')
    const trail = await readMoment(connection, keys, files)
    if (trail.chains.fault === undefined) requireUndamaged(connection, path)
    return await read(connection, trail)
  } finally {
    connection.close()
  }
}

export interface FoundRecords {
  readonly origin: string
  readonly newest: number
  readonly isOther: boolean
}

/** Throws `store` for a file that is no store of this layout. */
export async function lookAtRecords(path: string, heads: readonly ChainHead[]): Promise<FoundRecords> {
  const connection = reader(path)
  try {
    const view = recordViewOver(connection)
    const { origin } = (await view.said()) ?? { origin: '' }
    const places = await view.placesAt(heads.map(({ chain, n }) => [chain, n]))
    const isOther = places.some(({ hash }, index) => hash !== undefined && !sameBytes(hash, heads[index]?.hash ?? hash))
    return { origin, newest: newestOf(connection), isOther }
  } finally {
    connection.close()
  }
}
