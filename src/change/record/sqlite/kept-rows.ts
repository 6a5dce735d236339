import type { Delivery } from '../audit/audit-trail.ts'
import type { ExecutionRow, HeadRow, LeaseRow } from '../chains/append-request.ts'
import { leafDigest, type TreeNodes, type TreeTop } from '../chains/hash-tree.ts'
import type { StoredRow } from '../chains/record-rows.ts'
import type { ChainEnd, KeptExecution } from '../chains/records.ts'
import { BrokenChainError, hexOf } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Lease } from '../store/lease.ts'
import type { Connection, RowReader } from './connection.ts'

/** The columns of a row of `event`, as `e`. */
export const EVENT_ROW = 'e.pos, e.execution, e.n, e.covers, e.prev, e.hash, e.body'
/** The columns of a row of `register`, as `r`. */
export const REGISTER_ROW = 'r.pos, r.execution, r.n, r.covers, r.prev, r.hash, r.body'

export interface RowColumns extends Omit<StoredRow, 'covers'> {
  readonly covers: string
}

export function storedRow({ pos, execution, n, covers, prev, hash, body }: RowColumns): StoredRow {
  return { pos, execution, n, covers: positionsIn(covers), prev, hash, body }
}

/** The columns of `execution`, as `x`. */
export const EXECUTION =
  'x.place, x.id, x.first, x.last, x.n, x.hash, x.seal, x.uncovered, x.is_open, x.has_acted, x.token, x.retired'

/** Joins the newest row of each `execution` as `e`. */
export const NEWEST = 'LEFT JOIN event e ON e.execution = x.id AND e.n = x.n'

export interface ExecutionColumns {
  readonly place: number
  readonly id: string
  readonly first: number
  readonly last: number
  readonly n: number
  readonly hash: Buffer
  readonly seal: Buffer
  readonly uncovered: string
  readonly is_open: number
  readonly has_acted: number
  readonly token: number
  readonly retired: number | null
}

export interface KnownExecution extends ExecutionRow {
  readonly place: number
  readonly retired: number | null
}

/** Asks for the rows of `lease`. */
export const LEASES = 'SELECT place, device, execution, token, until, quarantine FROM lease'

export type LeaseColumns = LeaseRow & { readonly place: number }

export function positionsIn(column: string): readonly number[] {
  if (column === '[]') return NONE
  return LIST.test(column) ? (JSON.parse(column) as readonly number[]) : NOWHERE
}

const LIST = /^\[[1-9]\d{0,14}(?:,[1-9]\d{0,14})*\]$/
const NONE: readonly number[] = []
const NOWHERE: readonly number[] = [0]

export function executionLeaf(row: ExecutionColumns): Uint8Array {
  const { id, n, hash, first, last, uncovered, is_open, has_acted, token, retired } = row
  const content = [id, n, hash.toString('hex'), first, last, uncovered, is_open, has_acted, token, retired]
  return leafDigest(['execution', ...content])
}

export function leaseLeaf({ device, execution, token, until, quarantine }: LeaseRow): Uint8Array {
  return leafDigest(['lease', device, execution, token, until, quarantine])
}

export function keptOf({ place: _, uncovered, is_open, has_acted, ...row }: ExecutionColumns): KeptExecution {
  return { ...row, positions: positionsIn(uncovered), isOpen: is_open === 1, hasActed: has_acted === 1 }
}

export function knownOf({ uncovered, is_open, has_acted, hash, seal, ...row }: ExecutionColumns): KnownExecution {
  return {
    ...row,
    hash: hash.toString('hex'),
    seal: seal.toString('hex'),
    uncovered: positionsIn(uncovered),
    isOpen: is_open === 1,
    hasActed: has_acted === 1,
    worker: null,
  }
}

export function columnsOf(id: string, known: KnownExecution): ExecutionColumns {
  const { place, first, last, n, hash, seal, uncovered, isOpen, hasActed, token, retired } = known
  return {
    place,
    id,
    first,
    last,
    n,
    token,
    retired,
    hash: Buffer.from(hash, 'hex'),
    seal: Buffer.from(seal, 'hex'),
    uncovered: JSON.stringify(uncovered),
    is_open: Number(isOpen),
    has_acted: Number(hasActed),
  }
}

export function endOf({ stored, ...row }: StoredEnd): ChainEnd {
  return { ...keptOf(row), chain: row.id, stored }
}

export type StoredEnd = ExecutionColumns & { readonly stored: Buffer | null }

export function nodesOf(connection: Connection, tree: string): TreeNodes {
  return {
    read: (level, place) =>
      connection.one<{ digests: Buffer }>(
        'SELECT digests FROM node WHERE tree = ? AND level = ? AND place = ?',
        tree,
        level,
        place,
      )?.digests,
    write: (level, place, digests) =>
      connection.run(
        'INSERT INTO node(tree, level, place, digests) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET digests = excluded.digests',
        tree,
        level,
        place,
        digests,
      ),
  }
}

export interface Whole {
  readonly register: Pick<HeadRow, 'n' | 'hash' | 'uncovered'>
  readonly clockSince: number
  readonly latest: string | null
  readonly newest: number
  readonly executions: TreeTop
  readonly open: number
  readonly leases: TreeTop
  /** The number of the newest checkpoint, and its seal in hexadecimal; undefined where there is none. */
  readonly checkpoint: { readonly id: number; readonly seal: string } | undefined
  readonly deliveries: string
  readonly notes: string
}

const topOf = ({ leaves, root }: TreeTop): readonly [number, string] => [leaves, hexOf(root)]

/** What the seal of a whole store is over: without the key nobody puts a part of it back to what it was before. */
export function wholeText(
  origin: string,
  { register, clockSince, latest, newest, executions, open, leases, checkpoint, deliveries, notes }: Whole,
): string {
  const { n, hash, uncovered } = register
  return JSON.stringify({
    checkpoint: checkpoint === undefined ? null : [checkpoint.id, checkpoint.seal],
    clock: clockSince,
    deliveries,
    executions: topOf(executions),
    hash,
    latest,
    leases: topOf(leases),
    n,
    newest,
    notes,
    open,
    origin,
    uncovered,
    whole: true,
  })
}

export interface WholeRow extends Whole {
  readonly register: HeadRow
  readonly seal: string
}

interface Columns
  extends Pick<HeadRow, 'n' | 'hash' | 'seal'>,
    Pick<Whole, 'latest' | 'newest' | 'open' | 'deliveries' | 'notes'> {
  readonly uncovered: string
  readonly clock_since: number
  readonly executions: number
  readonly execution_root: Buffer
  readonly leases: number
  readonly lease_root: Buffer
  readonly whole: string
  readonly checkpoint_id: number | null
  readonly checkpoint_seal: string
}

const hexed = (names: readonly string[]) => names.map((name) => `lower(hex(h.${name})) AS ${name}`).join(', ')

const WHOLE = `SELECT h.n, h.uncovered, h.clock_since, h.latest, h.newest, h.executions, h.open, h.execution_root, h.leases, h.lease_root,
  ${hexed(['hash', 'seal', 'deliveries', 'notes', 'whole'])}, c.id AS checkpoint_id, lower(hex(c.seal)) AS checkpoint_seal
  FROM register_head h LEFT JOIN checkpoint_head c ON c.one = 1 WHERE h.one = 1`

/** Reads the sealed row, with the seal of the newest checkpoint; undefined where it is gone. */
export function readWhole(asked: RowReader): WholeRow | undefined {
  const row = asked.one<Columns>(WHOLE)
  if (row === undefined) return undefined
  const { n, hash, seal, uncovered, clock_since: clockSince, latest, newest, open, deliveries, notes, whole } = row
  const { checkpoint_id: id, checkpoint_seal } = row
  return {
    register: { n, hash, seal, uncovered: positionsIn(uncovered) },
    ...{ clockSince, latest, newest, open, deliveries, notes },
    executions: { leaves: row.executions, root: row.execution_root },
    leases: { leaves: row.leases, root: row.lease_root },
    checkpoint: id === null ? undefined : { id, seal: checkpoint_seal },
    seal: whole,
  }
}

const WRITE_WHOLE = `UPDATE register_head SET n = ?, hash = unhex(?), seal = unhex(?), uncovered = ?, clock_since = ?, latest = ?, newest = ?,
  executions = ?, execution_root = ?, open = ?, leases = ?, lease_root = ?, deliveries = unhex(?), notes = unhex(?), whole = unhex(?)`

export function writeWhole(
  connection: Connection,
  keys: StoreKeys,
  origin: string,
  whole: Whole & { readonly register: HeadRow },
): void {
  const { register, clockSince, latest, newest, executions, open, leases, deliveries, notes } = whole
  const { n, hash, seal, uncovered } = register
  connection.run(
    WRITE_WHOLE,
    n,
    hash,
    seal,
    JSON.stringify(uncovered),
    clockSince,
    latest,
    newest,
    executions.leaves,
    executions.root,
    open,
    leases.leaves,
    leases.root,
    deliveries,
    notes,
    keys.seal(wholeText(origin, whole)),
  )
}

/** Throws BrokenChainError. */
export function requireRegister(asked: RowReader, { n, hash, uncovered }: HeadRow): void {
  if (n === 0) return
  const newest = asked.one<{ hash: Buffer }>('SELECT hash FROM register WHERE n = ?', n)?.hash
  if (newest?.toString('hex') === hash) return
  const reason = `record ${n} of the register ${newest === undefined ? 'is missing' : 'was altered'}`
  throw new BrokenChainError({ seq: uncovered.at(-1) ?? 0, reason })
}

export function deliveriesIn(asked: RowReader): string {
  const rows = asked.all<Delivery>('SELECT receiver, position, at, fault FROM delivery ORDER BY receiver')
  return Buffer.from(
    leafDigest(rows.map(({ receiver, position, at, fault }) => [receiver, position, at, fault])),
  ).toString('hex')
}

export class VouchedLeases extends Map<string, Lease> {
  readonly #refused = new Map<string, number>()

  refuse(device: string, newest: number): void {
    this.#refused.set(device, newest)
  }

  override get(device: string): Lease | undefined {
    const seq = this.#refused.get(device)
    if (seq !== undefined)
      throw new BrokenChainError({ seq, reason: `the lease of ${device} is not what was sealed last` })
    return super.get(device)
  }

  override clear(): void {
    super.clear()
    this.#refused.clear()
  }
}

/** The digest over which notes of each kind there are, as that is kept: twelve bytes tell one sealed list from another. */
export function notesIn(asked: RowReader): string {
  const rows = asked.all<{ kind: string; mark: string }>(
    'SELECT kind, hex(substr(body, 1, 12)) AS mark FROM note_head ORDER BY kind',
  )
  return Buffer.from(leafDigest(rows.map(({ kind, mark }) => [kind, mark]))).toString('hex')
}
