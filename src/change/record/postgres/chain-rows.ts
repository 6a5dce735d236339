import {
  allRows,
  type ChainRows,
  type FoundRegisterRow,
  foundRow,
  inOrder,
  type StoredChainRow,
} from '../chains/chain-rows.ts'
import { type LinkRow, REGISTER_CHAIN } from '../seal/chain.ts'
import type { Ask } from './database.ts'
import { EVENT_ROW, REGISTER_ROW } from './record-rows.ts'

const EVENT =
  'e.execution AS chain, e.n, e.pos, e.covers, e.prev, e.hash, e.body, NULL AS mirror, NULL AS execution, e.at, e.type, e.plan, NULL AS receiver, NULL AS schedule, NULL AS instant'
const REGISTER = `'register' AS chain, r.n, r.pos, r.covers, r.prev, r.hash, r.body, r.mirror, r.execution, r.at, r.type, r.plan,
  r.receiver, r.schedule, r.instant`

const MIRRORS_BEHIND = `WITH begun AS MATERIALIZED (
    SELECT coalesce($1::bigint, (SELECT n FROM register WHERE mirror IS NULL AND pos < $2 ORDER BY pos DESC LIMIT 1), 0) AS n),
  span AS MATERIALIZED (SELECT n, (SELECT m.n FROM register m WHERE m.n > b.n AND m.pos > $3 ORDER BY m.n LIMIT 1) AS ends FROM begun b)
  SELECT ${REGISTER}, p.hash AS before FROM span s JOIN register r ON r.n > s.n AND (s.ends IS NULL OR r.n < s.ends)
    LEFT JOIN register p ON p.n = r.n - 1 WHERE r.mirror IS NOT NULL AND ($1::bigint IS NOT NULL OR r.pos >= $2) ORDER BY r.n`

// The hash of the row of a place, and the positions up to there from the last row on that covers others: what is before is covered.
const PLACE_IN = (table: string, own: string) =>
  `SELECT a.place, (SELECT t.hash FROM ${table} t WHERE ${own} AND t.n = a.n) AS hash,
    ARRAY(SELECT t.pos FROM ${table} t WHERE ${own} AND t.n <= a.n AND t.n >= coalesce(
      (SELECT max(t.n) FROM ${table} t WHERE ${own} AND t.n <= a.n AND t.covers <> '{}'), 1) ORDER BY t.n) AS positions
    FROM asked a WHERE a.chain`
const PLACES = `WITH asked AS (SELECT * FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS u(chain, n, place))
  ${PLACE_IN('event', 't.execution = a.chain')} <> '${REGISTER_CHAIN}'
  UNION ALL ${PLACE_IN('register', 'true')} = '${REGISTER_CHAIN}' ORDER BY place`

// How many rows are asked for at once.
const BATCH = 2_000

/** The rows of all chains in PostgreSQL. */
export function chainRowsOver(ask: Ask): ChainRows {
  const found = async (text: string, values: readonly unknown[]) =>
    (await ask<StoredChainRow>(text, values)).map(foundRow)
  return {
    ...allRows(
      BATCH,
      (n) =>
        found(`SELECT ${REGISTER}, NULL AS before FROM register r WHERE r.n > $1 ORDER BY r.n LIMIT ${BATCH}`, [n]),
      (chain, n) =>
        found(
          `SELECT ${EVENT}, NULL AS before FROM event e WHERE (e.execution, e.n) > ($1, $2) ORDER BY e.execution, e.n LIMIT ${BATCH}`,
          [chain, n],
        ),
    ),
    rowsBetween: async (from, through, limit) => {
      const rows = await found(
        `(SELECT ${EVENT}, p.hash AS before FROM event e LEFT JOIN event p ON p.execution = e.execution AND p.n = e.n - 1
            WHERE e.pos BETWEEN $1 AND $2 ORDER BY e.pos LIMIT $3)
          UNION ALL
          (SELECT ${REGISTER}, p.hash AS before FROM register r LEFT JOIN register p ON p.n = r.n - 1
            WHERE r.mirror IS NULL AND r.pos BETWEEN $1 AND $2 ORDER BY r.pos LIMIT $3)`,
        [from, through, limit],
      )
      return rows.toSorted(inOrder).slice(0, limit)
    },
    mirrorsBetween: (from, through, executions) =>
      found(
        `SELECT ${REGISTER}, p.hash AS before FROM register r LEFT JOIN register p ON p.n = r.n - 1
          WHERE r.mirror IS NOT NULL AND r.execution = ANY($3) AND r.pos BETWEEN $1 AND $2 ORDER BY r.n`,
        [from, through, executions],
      ),
    mirrorsBehind: (n, from, through) => found(MIRRORS_BEHIND, [n ?? null, from, through]),
    rowsOf: (execution) =>
      ask<LinkRow>(`SELECT ${EVENT_ROW} FROM event e WHERE e.execution = $1 ORDER BY e.n`, [execution]),
    registerAbout: (words, through) =>
      ask<FoundRegisterRow>(
        `SELECT ${REGISTER_ROW}, r.mirror FROM register r WHERE r.n <= $2 AND r.n >= (SELECT min(a.n) FROM (
          SELECT f.n FROM register f WHERE f.execution = ANY($1) AND f.mirror IS NOT NULL
          UNION ALL SELECT f.n FROM register f WHERE f.plan = ANY($1) UNION ALL SELECT f.n FROM register f WHERE f.receiver = ANY($1)) a) ORDER BY r.n`,
        [words, through],
      ),
    placesAt: async (places) => {
      const asked = [places.map(([chain]) => chain), places.map(([, n]) => n)]
      const rows = await ask<{ readonly hash: Buffer | null; readonly positions: readonly number[] }>(PLACES, asked)
      return rows.map(({ hash, positions }) => ({ hash: hash ?? undefined, positions }))
    },
    namingAny: async (texts) => {
      const rows = await ask<{ execution: string }>(
        `SELECT DISTINCT e.execution FROM event e, regexp_matches(e.body, 'blob:[0-9a-f]{64}', 'g') AS named
          WHERE named[1] = ANY($1) ORDER BY e.execution`,
        [texts],
      )
      return rows.map(({ execution }) => execution)
    },
  }
}
