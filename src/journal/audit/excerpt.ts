import { hash } from 'node:crypto'
import { z } from 'zod'
import { isJsonObject, type Json } from '../../model/json.ts'
import { type ChainFault, type ChainPoint, type ChainRow, chainLink } from '../chain.ts'
import { byPlace } from '../cursor.ts'
import type { JournalEvent } from '../event.ts'
import { parseEvent } from '../parse-event.ts'
import { readChainsLine } from './jsonl-chains.ts'

const hex = z.string().regex(/^[0-9a-f]{64}$/, '64 digits of hexadecimal')

/**
 * Records of a chain without a gap, of which some are there and of the others the digest alone: who has it can follow the chain from its first
 * record to the one that a checkpoint signs, and reads nothing of others. Version 1.
 */
export const excerptSchema = z.strictObject({
  v: z.literal(1),
  origin: z.string(),
  /** The point that the first record follows. */
  after: z.int().nonnegative(),
  hash: hex,
  /** A body is JSON text byte for byte as it was hashed; 64 hex digits are the sha256 of one. */
  rows: z.array(z.string().regex(/^(?:\{.*\}|[0-9a-f]{64})$/s, 'a record, or its hash')).readonly(),
  /** The signed checkpoint over the last record. */
  checkpoint: z.string(),
})

/**
 * The same of a store with many chains, as lines of an export: the chain of an execution, and the register up to the signed checkpoint, in which
 * the records of others are digests. Version 2.
 */
export const chainsExcerptSchema = z.strictObject({
  v: z.literal(2),
  origin: z.string(),
  lines: z.array(z.string()).readonly(),
  checkpoint: z.string(),
})

/** See {@link excerptSchema}. */
export type ChainExcerpt = z.output<typeof excerptSchema>
/** See {@link chainsExcerptSchema}. */
export type ChainsExcerpt = z.output<typeof chainsExcerptSchema>
/** An excerpt of either form. */
export type Excerpt = ChainExcerpt | ChainsExcerpt

/** The rows of a chain as an excerpt has them, some at a time, as {@link excerptRows} makes them. They begin behind `after`. */
export function excerptOf(
  { origin, after, checkpoint }: { readonly origin: string; readonly after: ChainPoint; readonly checkpoint: string },
  rows: readonly string[],
): ChainExcerpt {
  return { v: 1, origin, after: after.seq, hash: Buffer.from(after.hash).toString('hex'), rows, checkpoint }
}

/** Which records go into an excerpt with their bodies. */
export interface ExcerptSelection {
  /** One of these words is in every record that is wanted: the others are not read. No word is written otherwise in JSON. */
  readonly words: readonly string[]
  isWanted(event: JournalEvent): boolean
}

/** Rows of a chain as an excerpt has them: the body of those that are wanted, and of the others its digest. */
export function excerptRows(rows: readonly ChainRow[], { words, isWanted }: ExcerptSelection): readonly string[] {
  const hasWord = (body: string): boolean => words.some((word) => body.includes(word))
  return rows.map(({ body }) => (hasWord(body) && isWanted(parseEvent(body)) ? body : hash('sha256', body, 'hex')))
}

/** An excerpt as it was walked: every record follows from the one before, and `end` is what the last one comes to. */
export interface WalkedExcerpt {
  readonly origin: string
  readonly start: ChainPoint
  readonly end: ChainPoint
  readonly fault?: ChainFault
  /** The records that are there. */
  readonly events: readonly JournalEvent[]
  hashAt(seq: number): Uint8Array | undefined
}

/** The records in an excerpt, in order. Throws `store` for a record that is none. */
export function eventsIn(excerpt: Excerpt): readonly JournalEvent[] {
  if (excerpt.v === 1) return walkExcerpt(excerpt).events
  const rows = excerpt.lines.map((line) => readChainsLine(line, () => new Uint8Array(32)))
  return rows
    .flatMap((line) =>
      line?.is === 'row' && !line.isMirror && line.row.digest === undefined
        ? [{ ...parseEvent(line.row.body), seq: line.row.pos }]
        : [],
    )
    .toSorted(byPlace)
}

/** Walks an excerpt of one chain. Whether its end is what was signed is for its checkpoint to say. Throws `store` for a record that is none. */
export function walkExcerpt({ origin, after, hash: first, rows }: ChainExcerpt): WalkedExcerpt {
  const start: ChainPoint = { seq: after, hash: Buffer.from(first, 'hex') }
  const hashes: Uint8Array[] = []
  const events: JournalEvent[] = []
  let end = start
  let fault: ChainFault | undefined
  for (const row of rows) {
    const seq = end.seq + 1
    const isBody = row.startsWith('{')
    end = { seq, hash: chainLink(seq, end.hash, isBody ? hash('sha256', row, 'hex') : row) }
    hashes.push(end.hash)
    if (!isBody) continue
    if (numberIn(row) === seq) events.push(parseEvent(row))
    else fault ??= { seq, reason: 'the record is of another place' }
  }
  return {
    origin,
    start,
    end,
    ...(fault === undefined ? {} : { fault }),
    events,
    hashAt: (seq) => hashes[seq - after - 1],
  }
}

function numberIn(body: string): unknown {
  const value = JSON.parse(body) as Json
  return isJsonObject(value) ? value.seq : undefined
}
