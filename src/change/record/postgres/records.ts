import { EosflowError } from '../../../model/error.ts'
import type { ChainHead } from '../audit/chains-checkpoint.ts'
import type {
  ChainEnd,
  CheckpointRow,
  KeptExecution,
  KeptRegister,
  Records,
  RecordView,
  RemovedTexts,
  RetirementRows,
  RetiringExecution,
  StoreSaid,
  TextRow,
} from '../chains/records.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { CHECKPOINT, sharedQuestions } from '../sqlite/shared-questions.ts'
import type { RotationRow } from '../store/install-rotation.ts'
import { chainRowsOver } from './chain-rows.ts'
import type { Ask, Questions } from './database.ts'
import { deliveriesOver, keptDeliveries } from './deliveries.ts'
import type { PresentKey } from './present-key.ts'

const APPROVED = `WITH live AS MATERIALIZED (SELECT plan FROM register
    WHERE type = 'ApprovalDecided' AND plan IS NOT NULL AND body::json #>> '{statement,expires}' > $3),
  approved AS MATERIALIZED (SELECT plan FROM live
    UNION SELECT body::json ->> 'to' FROM register WHERE type = 'ApprovalCarried' AND plan IN (SELECT plan FROM live))`
const LEAVING = `${APPROVED} SELECT x.id, x.n, x.first, x.last FROM execution x JOIN event e ON e.pos = x.last
  WHERE NOT x.is_open AND x.retired IS NULL AND x.last <= $1 AND NOT x.id = ANY($2)
    AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.execution = x.id)
    AND NOT EXISTS (SELECT 1 FROM approved a JOIN event p ON p.plan = a.plan WHERE p.execution = x.id)`
const KEPT =
  'x.first < coalesce((SELECT min(k.first) FROM (SELECT first FROM execution ORDER BY first DESC LIMIT $4) k), x.first + 1)'

function retirementRows(questions: Questions): RetirementRows {
  return {
    leaving: async (part, { executions, through, now }) => {
      await requireKeeper(questions)
      const [which, value] = 'before' in part ? ['e.at < $4', part.before] : [KEPT, part.keep]
      return questions.atLength<RetiringExecution>(`${LEAVING} AND ${which} ORDER BY x.last`, [
        through,
        executions,
        now,
        value,
      ])
    },
    texts: (refs) => questions.ask<TextRow>('SELECT ref, bytes FROM blob WHERE ref = ANY($1)', [refs]),
    named: async () => {
      const rows = await questions.atLength<{ ref: string }>(
        `SELECT named_in[1] AS ref FROM event e JOIN execution x ON x.id = e.execution AND x.retired IS NULL,
          regexp_matches(e.body, 'blob:[0-9a-f]{64}', 'g') AS named_in
          UNION SELECT named_in[1] FROM register r, regexp_matches(r.body, 'blob:[0-9a-f]{64}', 'g') AS named_in`,
      )
      return rows.map(({ ref }) => ref)
    },
    takeOutTexts: async (inner) => {
      const [gone] = await questions.atLength<RemovedTexts>('SELECT * FROM retire_texts($1)', [inner])
      return gone ?? { texts: 0, bytes: 0 }
    },
  }
}

async function requireKeeper(questions: Questions) {
  const found = await questions.one<{ who: string; may: boolean }>(
    "SELECT session_user AS who, pg_has_role(session_user, 'eos_owner', 'MEMBER') AS may",
  )
  if (found?.may === true) return
  const who = found?.who ?? 'this user'
  throw new EosflowError('store', `the user ${who} of the database may not take records out of the store`, {
    hint: 'Seal as the user of eosflow store init: a worker may not.',
  })
}

export const REGISTER_END = `SELECT 'register' AS chain, h.n, h.hash, h.seal, h.uncovered AS positions, true AS "isOpen", false AS "hasActed", r.hash AS stored
  FROM register_head h LEFT JOIN register r ON r.n = h.n`

/** Asks for those of executions: of all of them, unless a condition follows. */
export const EXECUTION_ENDS = `SELECT x.id AS chain, x.n, x.hash, x.seal, x.uncovered AS positions, x.is_open AS "isOpen", x.has_acted AS "hasActed", e.hash AS stored
  FROM execution x LEFT JOIN event e ON e.execution = x.id AND e.n = x.n`

/** What the records in PostgreSQL are asked with: of one moment, where it is that of a view. */
export function recordViewOver(ask: Ask): RecordView {
  const one = async <Row>(text: string, values: readonly unknown[] = []): Promise<Row | undefined> =>
    (await ask<Row>(text, values))[0]
  return {
    ...chainRowsOver(ask),
    ...sharedQuestions(ask),
    said: () => one<StoreSaid>('SELECT origin, key_check AS "check" FROM store'),
    rotations: () =>
      ask<RotationRow>(
        `SELECT pos AS seq, body, prev FROM register WHERE mirror IS NULL AND type = 'KeyRotated' AND member(body, 'key') = 'install' ORDER BY pos`,
      ),
    newestPosition: async () => {
      const row = await one<{ seq: number }>(
        'SELECT greatest((SELECT coalesce(max(pos), 0) FROM event), (SELECT coalesce(max(pos), 0) FROM register WHERE mirror IS NULL)) AS seq',
      )
      return row?.seq ?? 0
    },
    horizon: async () => (await one<{ horizon: number }>('SELECT horizon()'))?.horizon ?? 0,

    keptRegister: () =>
      ask<KeptRegister>('SELECT n, hash, seal, uncovered AS positions, clock_since AS "clockSince" FROM register_head'),
    keptExecutions: () =>
      ask<KeptExecution>(
        `SELECT id, first, last, n, hash, seal, uncovered AS positions, is_open AS "isOpen", has_acted AS "hasActed", token, retired
          FROM execution ORDER BY first`,
      ),
    keptHeads: (executions) =>
      ask<ChainHead>(
        'SELECT id AS chain, n, hash, uncovered AS positions FROM execution WHERE id = ANY($1) ORDER BY id',
        [executions],
      ),
    registerEnd: () => one<ChainEnd>(REGISTER_END),
    executionEnds: (behind, named) =>
      ask<ChainEnd>(
        `${EXECUTION_ENDS}
          WHERE x.id IN (SELECT id FROM execution WHERE is_open UNION SELECT unnest($2::text[])
            UNION SELECT r.execution FROM register r WHERE r.n > $1 AND r.mirror = 'ended')`,
        [behind, named],
      ),

    checkpointOver: (execution) =>
      one<CheckpointRow>(
        `SELECT ${CHECKPOINT} FROM execution x JOIN checkpoint c ON c.seq >= x.last AND (c.heads::jsonb ->> x.id)::bigint = x.n
          WHERE x.id = $1 ORDER BY c.id LIMIT 1`,
        [execution],
      ),
    deliveries: async () => (await keptDeliveries(ask)).rows,
    delivery: async (receiver) => (await keptDeliveries(ask)).rows.find((row) => row.receiver === receiver),
  }
}

export interface PostgresRecordsParts {
  readonly questions: Questions
  readonly presentKey: PresentKey
  readonly keys: StoreKeys
  readonly origin: string
}

/** The records of a store in PostgreSQL. */
export function postgresRecords({ questions, presentKey, keys, origin }: PostgresRecordsParts): Records {
  const deliveries = presentKey.of(deliveriesOver(questions.ask, keys, origin))
  return {
    now: { ...recordViewOver(questions.ask), delivery: (receiver) => deliveries.of(receiver) },
    view: (work) => questions.view((ask) => work(recordViewOver(ask))),
    retirement: retirementRows(questions),
    putCheckpoint: async ({ key, id, seq, at, note, heads, seal }) => {
      const kept = await questions.one<{ readonly put: boolean }>(
        'SELECT checkpoint_put($1, $2, $3, $4, $5, $6, $7) AS put',
        [key, id, seq, at, note, heads, Buffer.from(seal, 'hex')],
      )
      return kept?.put === true
    },
    putDelivery: (delivery) => deliveries.put(delivery),
  }
}
