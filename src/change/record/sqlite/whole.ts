import type { Delivery } from '../audit/audit-trail.ts'
import type { HeadRow } from '../chains/append-basis.ts'
import { leafDigest, type TreeTop } from '../chains/hash-tree.ts'
import { BrokenChainError, hexOf } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Lease } from '../store/lease.ts'
import type { Connection, RowReader } from './connection.ts'
import { positionsIn } from './kept-rows.ts'

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

interface Columns {
  readonly n: number
  readonly hash: Buffer
  readonly seal: Buffer
  readonly uncovered: string
  readonly clock_since: number
  readonly latest: string | null
  readonly newest: number
  readonly executions: number
  readonly open: number
  readonly execution_root: Buffer
  readonly leases: number
  readonly lease_root: Buffer
  readonly deliveries: Buffer
  readonly notes: Buffer
  readonly whole: Buffer
  readonly checkpoint_id: number | null
  readonly checkpoint_seal: Buffer | null
}

/** Reads the sealed row, with the seal of the newest checkpoint; undefined where it is gone. */
export function readWhole(asked: RowReader): WholeRow | undefined {
  const row = asked.one<Columns>(
    'SELECT h.*, c.id AS checkpoint_id, c.seal AS checkpoint_seal FROM register_head h LEFT JOIN checkpoint_head c ON c.one = 1 WHERE h.one = 1',
  )
  if (row === undefined) return undefined
  const { checkpoint_id: id, checkpoint_seal: seal } = row
  return {
    register: {
      n: row.n,
      hash: row.hash.toString('hex'),
      seal: row.seal.toString('hex'),
      uncovered: positionsIn(row.uncovered),
    },
    clockSince: row.clock_since,
    latest: row.latest,
    newest: row.newest,
    executions: { leaves: row.executions, root: row.execution_root },
    open: row.open,
    leases: { leaves: row.leases, root: row.lease_root },
    checkpoint: id === null || seal === null ? undefined : { id, seal: seal.toString('hex') },
    deliveries: row.deliveries.toString('hex'),
    notes: row.notes.toString('hex'),
    seal: row.whole.toString('hex'),
  }
}

export function writeWhole(
  connection: Connection,
  keys: StoreKeys,
  origin: string,
  whole: Whole & { readonly register: HeadRow },
): void {
  const { register, executions, open, leases, deliveries, notes } = whole
  connection.run(
    `UPDATE register_head SET n = ?, hash = ?, seal = ?, uncovered = ?, clock_since = ?, latest = ?, newest = ?, executions = ?,
      open = ?, execution_root = ?, leases = ?, lease_root = ?, deliveries = ?, notes = ?, whole = ?`,
    register.n,
    Buffer.from(register.hash, 'hex'),
    Buffer.from(register.seal, 'hex'),
    JSON.stringify(register.uncovered),
    ...[whole.clockSince, whole.latest, whole.newest],
    ...[executions.leaves, open, executions.root, leases.leaves, leases.root],
    Buffer.from(deliveries, 'hex'),
    Buffer.from(notes, 'hex'),
    Buffer.from(keys.seal(wholeText(origin, whole)), 'hex'),
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
