import { readChainsCheckpoint } from '../audit/chains-checkpoint.ts'
import type { ChainsExcerpt, Wanted } from '../audit/excerpt.ts'
import { chainsCheckpointLine, digestLine, excerptHeaderLine, linkedLine } from '../audit/jsonl-chains.ts'
import { readNote } from '../audit/signed-note.ts'
import type { StoredRow } from '../chains/rows.ts'
import { type LinkRow, linkGenesis, REGISTER_CHAIN } from '../link.ts'
import { parseEvent } from '../parse-event.ts'
import { positionsUpTo } from './chain-rows.ts'
import type { Questions } from './database.ts'
import { EVENT_ROW, REGISTER_ROW } from './record-rows.ts'
import type { RetiredSegments } from './retired-segments.ts'
import { headsOfCheckpoint } from './spoken-heads.ts'

/** Of what an excerpt is made. */
export interface ExcerptParts {
  readonly ask: Questions['ask']
  readonly origin: string
  readonly segments: RetiredSegments
}

type RegisterRow = StoredRow & { readonly mirror: string | null }

/**
 * The records of an execution, and the register from the first of its records that is about it up to the first checkpoint over the newest record of
 * the execution. Undefined where no checkpoint speaks of that yet. Whoever reads it judges it.
 */
export async function chainsExcerpt(
  { ask, origin, segments }: ExcerptParts,
  execution: string,
  wanted: Wanted,
): Promise<ChainsExcerpt | undefined> {
  const [checkpoint] = await ask<{ note: string; heads: string }>(
    `SELECT c.note, c.heads FROM execution x JOIN checkpoint c ON c.seq >= x.last AND (c.heads::jsonb ->> x.id)::bigint = x.n
      WHERE x.id = $1 ORDER BY c.id LIMIT 1`,
    [execution],
  )
  const through = readChainsCheckpoint(readNote(checkpoint?.note ?? '')?.text ?? '')?.register.n
  if (checkpoint === undefined || through === undefined) return undefined
  const register = await ask<RegisterRow>(
    `SELECT ${REGISTER_ROW}, r.mirror FROM register r WHERE r.n <= $2 AND r.n >= (SELECT min(f.n) FROM register f
      WHERE f.execution = ANY($1) OR f.plan = ANY($1) OR f.receiver = ANY($1)) ORDER BY r.n`,
    [wanted.words, through],
  )
  await segments.records()
  const left = await segments.rowsIfLeft(execution)
  const rows: readonly LinkRow[] =
    left.length > 0
      ? left
      : await ask<StoredRow>(`SELECT ${EVENT_ROW} FROM event e WHERE e.execution = $1 ORDER BY e.n`, [execution])
  const heads = await headsOfCheckpoint(ask, { origin, heads: checkpoint.heads, segments })
  const [first] = register
  const start =
    first === undefined || first.n === 1
      ? { ...linkGenesis(origin, REGISTER_CHAIN), positions: [] }
      : { n: first.n - 1, hash: first.prev, positions: await positionsUpTo(ask, REGISTER_CHAIN, first.n - 1) }
  const lines = [
    excerptHeaderLine(origin, start),
    ...rows.map((row) => linkedLine({ chain: execution, row, isMirror: false })),
    ...register.map((row) => registerLine(row, execution, wanted)),
    chainsCheckpointLine(checkpoint.note, heads),
  ]
  return { v: 2, origin, lines: lines.map((line) => line.trimEnd()), checkpoint: checkpoint.note }
}

function registerLine(row: RegisterRow, execution: string, wanted: Wanted): string {
  const line = { chain: REGISTER_CHAIN, row, isMirror: row.mirror !== null }
  const isOwn = line.isMirror ? row.execution === execution : wanted.isWanted(parseEvent(row.body))
  return isOwn ? linkedLine(line) : digestLine(line)
}
