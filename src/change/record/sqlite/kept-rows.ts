import type { ExecutionRow, LeaseRow } from '../chains/append-basis.ts'
import { leafDigest, type TreeNodes } from '../chains/hash-tree.ts'
import type { ChainEnd, KeptExecution } from '../chains/records.ts'
import type { StoredRow } from '../chains/rows.ts'
import type { Connection } from './connection.ts'

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
    ...{ place, id, first, last, n, token, retired },
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
