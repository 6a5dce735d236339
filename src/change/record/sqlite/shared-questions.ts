import type { StoredCheckpoint } from '../audit/audit-trail.ts'
import type { CheckpointRow, RecordView, RetiredRow, TextRow } from '../chains/records.ts'

type Ask = <Row>(text: string, values?: readonly (string | number)[]) => Promise<readonly Row[]>

/** The columns of a checkpoint, as `c`. */
export const CHECKPOINT = 'c.id, c.seq, c.at, c.note, c.heads'
const SEGMENT = "r.mirror IS NULL AND r.type = 'SegmentRetired'"

/** The questions that SQLite and PostgreSQL answer by the same statements; `$1` and what follows stand in the order of the values. */
export function sharedQuestions(ask: Ask) {
  const of = (condition: string, ...values: readonly number[]): Promise<readonly CheckpointRow[]> =>
    ask(`SELECT ${CHECKPOINT} FROM checkpoint c ${condition}`, values)
  return {
    checkpoints: () => of('ORDER BY c.id'),
    newestCheckpoint: async () => (await of('ORDER BY c.id DESC LIMIT 1'))[0],
    checkpointsBehind: (id) =>
      ask<StoredCheckpoint>('SELECT id, seq, at, note FROM checkpoint WHERE id > $1 ORDER BY id', [id]),
    checkpointsBetween: (from, through) => of('WHERE c.seq BETWEEN $1 AND $2 ORDER BY c.id', from, through),
    checkpointSeals: () => ask('SELECT id, seal FROM checkpoint_head'),
    segments: () => ask<RetiredRow>(`SELECT r.pos, r.body FROM register r WHERE ${SEGMENT} ORDER BY r.pos`),
    newestSegment: async () => {
      const [row] = await ask<{ pos: number | null }>(`SELECT max(r.pos) AS pos FROM register r WHERE ${SEGMENT}`)
      return row?.pos ?? 0
    },
    usedKeys: () => ask('SELECT key, execution FROM used'),
    taskTokens: () => ask('SELECT token, execution FROM task_token'),
    leases: () => ask('SELECT device, execution FROM lease'),
    textsBehind: (ref, most) =>
      ask<TextRow>('SELECT ref, bytes FROM blob WHERE ref > $1 ORDER BY ref LIMIT $2', [ref, most]),
  } satisfies Partial<RecordView>
}
