import { EosflowError } from '../../../model/error.ts'
import type { RemovedTexts, RetirementRows, RetiringExecution, TextRow } from '../chains/records.ts'
import type { Questions } from './database.ts'

/** The plans of which an approval has not expired, and those to which such a one was carried. */
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

/** How records leave a store in PostgreSQL. */
export function retirementRows(questions: Questions): RetirementRows {
  return {
    leaving: async (part, { executions, through, now }) => {
      await requireKeeper(questions)
      const [which, value] = 'before' in part ? ['e.at < $4', part.before] : [KEPT, part.keep]
      return questions.atLength<RetiringExecution & Record<string, unknown>>(
        `${LEAVING} AND ${which} ORDER BY x.last`,
        [through, executions, now, value],
      )
    },
    texts: (refs) =>
      questions.ask<TextRow & Record<string, unknown>>('SELECT ref, bytes FROM blob WHERE ref = ANY($1)', [refs]),
    named: async () => {
      const rows = await questions.atLength<{ ref: string }>(
        `SELECT named_in[1] AS ref FROM event e JOIN execution x ON x.id = e.execution AND x.retired IS NULL,
          regexp_matches(e.body, 'blob:[0-9a-f]{64}', 'g') AS named_in
          UNION SELECT named_in[1] FROM register r, regexp_matches(r.body, 'blob:[0-9a-f]{64}', 'g') AS named_in`,
      )
      return rows.map(({ ref }) => ref)
    },
    takeOutTexts: async (inner) => {
      const [gone] = await questions.atLength<RemovedTexts & Record<string, unknown>>(
        'SELECT * FROM retire_texts($1)',
        [inner],
      )
      return gone ?? { texts: 0, bytes: 0 }
    },
  }
}

async function requireKeeper(questions: Questions): Promise<void> {
  const found = await questions.one<{ who: string; may: boolean }>(
    "SELECT session_user AS who, pg_has_role(session_user, 'eos_owner', 'MEMBER') AS may",
  )
  if (found?.may === true) return
  const who = found?.who ?? 'this user'
  throw new EosflowError('store', `the user ${who} of the database may not take records out of the store`, {
    hint: 'Seal as the user of eosflow store init: a worker may not.',
  })
}
