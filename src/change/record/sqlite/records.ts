import type { Delivery } from '../audit/audit-trail.ts'
import type { CheckpointRow, Records, RecordView, StoreSaid } from '../chains/records.ts'
import type { RotationRow } from '../store/install-rotation.ts'
import { chainRowsOver } from './chain-rows.ts'
import { AMONG, type Connection, type RowReader, type Views } from './connection.ts'
import type { CommitTurn } from './group-commit.ts'
import type { Heads } from './heads.ts'
import {
  deliveriesIn,
  EXECUTION,
  type ExecutionColumns,
  endOf,
  keptOf,
  NEWEST,
  positionsIn,
  type StoredEnd,
} from './kept-rows.ts'
import { retirementRows } from './retirement.ts'
import { CHECKPOINT, sharedQuestions } from './shared-questions.ts'

const ENDS = `SELECT ${EXECUTION}, e.hash AS stored FROM execution x ${NEWEST} WHERE x.place IN (
  SELECT place FROM execution WHERE is_open = 1 UNION SELECT place FROM execution WHERE id ${AMONG}
  UNION SELECT p.place FROM register r JOIN execution p ON p.id = r.execution WHERE r.n > ? AND r.mirror = 'ended')`
const PUT_CHECKPOINT_HEAD =
  'INSERT INTO checkpoint_head(one, id, seal) VALUES (1, @id, unhex(@seal)) ON CONFLICT DO UPDATE SET id = excluded.id, seal = excluded.seal'

const PUT_DELIVERY = `INSERT INTO delivery(receiver, position, at, fault) VALUES (@receiver, @position, @at, @fault)
  ON CONFLICT DO UPDATE SET position = max(position, excluded.position), at = excluded.at, fault = excluded.fault`

type RegisterColumns = Pick<ExecutionColumns, 'n' | 'hash' | 'seal' | 'uncovered'>

/** What the records in SQLite are asked with: of one moment, where it is that of a view. */
export function recordViewOver(asked: RowReader): RecordView {
  return {
    ...chainRowsOver(asked),
    ...sharedQuestions(async (text, values = []) => asked.all(text.replaceAll(/\$\d/g, '?'), ...values)),
    said: async () => {
      const [row, ...others] = asked.all<StoreSaid & { readonly one: number }>(
        'SELECT one, origin, key_check AS "check" FROM store',
      )
      return row?.one === 1 && others.length === 0 ? { origin: row.origin, check: row.check } : undefined
    },
    rotations: async () =>
      asked.all<RotationRow>(
        "SELECT pos AS seq, body, prev FROM register WHERE mirror IS NULL AND type = 'KeyRotated' AND body ->> '$.key' = 'install' ORDER BY pos",
      ),
    newestPosition: async () => newestOf(asked),
    horizon: async () => newestOf(asked),

    keptRegister: async () =>
      asked
        .all<RegisterColumns & { readonly clock_since: number }>(
          'SELECT n, hash, seal, uncovered, clock_since FROM register_head',
        )
        .map(({ n, hash, seal, uncovered, clock_since }) => ({
          n,
          hash,
          seal,
          positions: positionsIn(uncovered),
          clockSince: clock_since,
        })),
    keptExecutions: async () =>
      asked.all<ExecutionColumns>(`SELECT ${EXECUTION} FROM execution x ORDER BY x.place`).map(keptOf),
    keptHeads: async (executions) =>
      asked
        .all<ExecutionColumns>(
          `SELECT ${EXECUTION} FROM execution x WHERE x.id ${AMONG} ORDER BY x.id`,
          JSON.stringify(executions),
        )
        .map(({ id, n, hash, uncovered }) => ({ chain: id, n, hash, positions: positionsIn(uncovered) })),
    registerEnd: async () => {
      const row = asked.one<RegisterColumns & { readonly stored: Buffer | null }>(
        'SELECT h.n, h.hash, h.seal, h.uncovered, r.hash AS stored FROM register_head h LEFT JOIN register r ON r.n = h.n',
      )
      return row && { ...row, chain: 'register', positions: positionsIn(row.uncovered), isOpen: true, hasActed: false }
    },
    executionEnds: async (behind, named) => asked.all<StoredEnd>(ENDS, JSON.stringify(named), behind).map(endOf),

    checkpointOver: async (execution) =>
      asked.one<CheckpointRow>(
        `SELECT ${CHECKPOINT} FROM execution x JOIN checkpoint c ON c.seq >= x.last
          AND EXISTS (SELECT 1 FROM json_each(c.heads) h WHERE h.key = x.id AND h.value = x.n) WHERE x.id = ? ORDER BY c.id LIMIT 1`,
        execution,
      ),
    deliveries: async () => asked.all<Delivery>('SELECT receiver, position FROM delivery ORDER BY receiver'),
    delivery: async (receiver) => {
      const row = asked.one<Omit<Delivery, 'fault'> & { readonly fault: string | null }>(
        'SELECT receiver, position, at, fault FROM delivery WHERE receiver = ?',
        receiver,
      )
      return row && { ...row, fault: row.fault ?? undefined }
    },
  }
}

export function newestOf(asked: RowReader): number {
  const row = asked.one<{ seq: number }>(
    'SELECT max(coalesce((SELECT max(pos) FROM event), 0), coalesce((SELECT max(pos) FROM register WHERE mirror IS NULL), 0)) AS seq',
  )
  return row?.seq ?? 0
}

export interface RecordsParts {
  readonly connection: Connection
  readonly views: Views
  readonly heads: Heads
  readonly check: string
  /** The time, in milliseconds since the epoch. */
  readonly now: () => number
  readonly writeSoon?: SoonWriter
}

export type SoonWriter = <T>(work: () => T) => Promise<T>

/** Writes soon into a store in SQLite. `turn`: when what nobody waits for is written by itself, if nothing else was that took it along. */
export function soonWriter({ views, heads }: Pick<RecordsParts, 'views' | 'heads'>, turn: CommitTurn): SoonWriter {
  const alone = () => {
    if (heads.joining.isWaiting) heads.change(() => undefined)
  }
  return (work) => {
    const written = heads.joining.add(work)
    // Whoever waits for what was written hears what has failed.
    turn(() => void views.free(alone).catch(() => undefined))
    return written
  }
}

/** The records of a store in SQLite. */
export function sqliteRecords({
  connection,
  views,
  heads,
  check,
  now,
  writeSoon = soonWriter({ views, heads }, (write) => write()),
}: RecordsParts): Records {
  const view = recordViewOver(connection)
  return {
    now: {
      ...view,
      delivery: async (receiver) => {
        connection.moment(() => heads.refresh())
        heads.requireDeliveries()
        return view.delivery(receiver)
      },
    },
    view: (work) => views.view((asked) => work(recordViewOver(asked))),
    retirement: retirementRows(connection, views, now),
    putCheckpoint: (checkpoint) =>
      writeSoon(() => {
        const { key, id, seal } = checkpoint
        const newest = connection.one<{ id: number | null }>('SELECT max(id) AS id FROM checkpoint')?.id ?? 0
        if (key !== check || newest >= id) return false
        connection.run(
          'INSERT INTO checkpoint(id, seq, at, note, heads) VALUES (@id, @seq, @at, @note, @heads)',
          checkpoint,
        )
        connection.run(PUT_CHECKPOINT_HEAD, checkpoint)
        heads.put({ checkpoint: { id, seal } })
        return true
      }),
    putDelivery: (delivery) =>
      views.free(() =>
        heads.change(() => {
          heads.requireDeliveries()
          connection.run(PUT_DELIVERY, { ...delivery, fault: delivery.fault ?? null })
          heads.put({ deliveries: deliveriesIn(connection) })
        }),
      ),
  }
}
