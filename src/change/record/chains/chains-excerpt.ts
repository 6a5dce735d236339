import { readChainsCheckpoint } from '../audit/chains-checkpoint.ts'
import type { Excerpt, ExcerptSelection } from '../audit/excerpt.ts'
import { chainsCheckpointLine, digestLine, excerptHeaderLine, linkedLine } from '../audit/jsonl-chains.ts'
import { readNote } from '../audit/signed-note.ts'
import { parseEvent } from '../event/parse-event.ts'
import { linkGenesis, REGISTER_CHAIN } from '../seal/link.ts'
import type { FoundRegisterRow } from './chain-rows.ts'
import type { RecordView } from './records.ts'
import type { RetiredSegments } from './retired-segments.ts'
import { headsOfCheckpoint } from './spoken-heads.ts'

/** Of what an excerpt is made. */
export interface ExcerptParts {
  readonly view: RecordView
  readonly origin: string
  readonly segments: RetiredSegments
}

/**
 * The records of an execution, and the register from the first of its records that is about it up to the first checkpoint over the newest record of
 * the execution. Undefined where no checkpoint speaks of that yet. Whoever reads it judges it.
 */
export async function chainsExcerpt(
  { view, origin, segments }: ExcerptParts,
  execution: string,
  wanted: ExcerptSelection,
): Promise<Excerpt | undefined> {
  const checkpoint = await view.checkpointOver(execution)
  const through = readChainsCheckpoint(readNote(checkpoint?.note ?? '')?.text ?? '')?.register.n
  if (checkpoint === undefined || through === undefined) return undefined
  const register = await view.registerAbout(wanted.words, through)
  await segments.records()
  const left = await segments.rowsIfLeft(execution)
  const rows = left.length > 0 ? left : await view.rowsOf(execution)
  const heads = await headsOfCheckpoint(view, { origin, heads: checkpoint.heads, segments })
  const [first] = register
  const start =
    first === undefined || first.n === 1
      ? { ...linkGenesis(origin, REGISTER_CHAIN), positions: [] }
      : {
          n: first.n - 1,
          hash: first.prev,
          positions: (await view.placesAt([[REGISTER_CHAIN, first.n - 1]]))[0]?.positions ?? [],
        }
  const lines = [
    excerptHeaderLine(origin, start),
    ...rows.map((row) => linkedLine({ chain: execution, row, isMirror: false })),
    ...register.map((row) => registerLine(row, execution, wanted)),
    chainsCheckpointLine(checkpoint.note, heads),
  ]
  return { v: 2, origin, lines: lines.map((line) => line.trimEnd()), checkpoint: checkpoint.note }
}

function registerLine(row: FoundRegisterRow, execution: string, wanted: ExcerptSelection): string {
  const line = { chain: REGISTER_CHAIN, row, isMirror: row.mirror !== null }
  const isOwn = line.isMirror ? row.execution === execution : wanted.isWanted(parseEvent(row.body))
  return isOwn ? linkedLine(line) : digestLine(line)
}
