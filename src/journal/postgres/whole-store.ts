import { BrokenChainError } from '../chain.ts'
import type { Questions } from './database.ts'
import { EXECUTION_HEAD, type ExecutionHead, type Reading } from './reading.ts'
import { EVENT_ROW, REGISTER_ROW, type StoredRow } from './rows.ts'

/** What a mirror in the register says. */
interface Mirror {
  readonly execution: string
  readonly mirror: 'begun' | 'ended'
  readonly n: number
  /** Hexadecimal. */
  readonly hash: string
}

/** So many executions are read at once. */
const AT_ONCE = 50

/**
 * Verifies every chain of a store as of one moment, and that the register and the executions speak of each other: each mirror equals the
 * record that it mirrors, each execution has begun in the register, and each that has ended has ended there. Throws BrokenChainError.
 */
export async function wholeStore(questions: Questions, reading: Reading): Promise<void> {
  await questions.view(async (ask) => {
    const mirrors = await verifiedRegister(ask, reading)
    const heads = await ask<ExecutionHead>(`SELECT ${EXECUTION_HEAD} FROM execution x ORDER BY x.first`)
    const known = new Set(heads.map(({ id }) => id))
    const gone = [...mirrors.keys()].find((id) => !known.has(id))
    if (gone !== undefined)
      throw new BrokenChainError({
        seq: mirrors.get(gone)?.[0]?.pos ?? 0,
        reason: `execution ${gone}, which begins there, is gone`,
      })
    for (let from = 0; from < heads.length; from += AT_ONCE) {
      const some = heads.slice(from, from + AT_ONCE)
      const rows = await ask<StoredRow>(
        `SELECT ${EVENT_ROW} FROM event e WHERE e.execution = ANY($1) ORDER BY e.execution, e.n`,
        [some.map(({ id }) => id)],
      )
      for (const head of some) {
        const own = rows.filter(({ execution }) => execution === head.id)
        reading.requireWhole(head, own)
        requireMirrored(head, own, mirrors.get(head.id) ?? [])
      }
    }
    const [stray] = await ask<{ pos: number }>(
      'SELECT min(e.pos) AS pos FROM event e WHERE NOT EXISTS (SELECT 1 FROM execution x WHERE x.id = e.execution) HAVING min(e.pos) IS NOT NULL',
    )
    if (stray !== undefined) throw new BrokenChainError({ seq: stray.pos, reason: 'its execution is gone' })
  })
}

async function verifiedRegister(
  ask: Questions['ask'],
  reading: Reading,
): Promise<ReadonlyMap<string, readonly (Mirror & { readonly pos: number })[]>> {
  const [head] = await ask<{ head: number; head_hash: Uint8Array; seal: Uint8Array }>(
    'SELECT n AS head, hash AS head_hash, seal FROM register_head',
  )
  const rows = await ask<StoredRow>(`SELECT ${REGISTER_ROW} FROM register r ORDER BY r.n`)
  reading.requireRegister(head, [], rows)
  const mirrors = new Map<string, (Mirror & { readonly pos: number })[]>()
  for (const { execution, body, pos } of rows) {
    if (execution === null) continue
    const mirror = JSON.parse(body) as Mirror
    if (mirror.execution !== execution)
      throw new BrokenChainError({ seq: pos, reason: `its column says it is about ${execution}` })
    mirrors.set(execution, [...(mirrors.get(execution) ?? []), { ...mirror, pos }])
  }
  return mirrors
}

function requireMirrored(
  { id, is_open, first, last }: ExecutionHead,
  rows: readonly StoredRow[],
  mirrors: readonly (Mirror & { readonly pos: number })[],
): void {
  const [begun] = mirrors
  if (begun?.mirror !== 'begun' || begun.n !== 1)
    throw new BrokenChainError({ seq: first, reason: `the register does not say that execution ${id} began` })
  for (const { n, hash, pos } of mirrors) {
    const row = rows[n - 1]
    if (row?.pos === pos && Buffer.from(row.hash).toString('hex') === hash) continue
    throw new BrokenChainError({
      seq: pos,
      reason: `the register says something else of execution ${id} than its records do`,
    })
  }
  if (is_open || mirrors.some(({ mirror }) => mirror === 'ended')) return
  throw new BrokenChainError({ seq: last, reason: `the register does not say that execution ${id} ended` })
}
