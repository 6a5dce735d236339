import type { Clock } from '../../../model/clock.ts'
import type { RetiredSegments } from '../chains/retired-segments.ts'
import type { ArtefactRef } from '../event/event.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { openText, type SealedText, sealText } from '../store/blob-format.ts'
import { BatchedQuery } from './batched-query.ts'
import type { Questions } from './database.ts'

/** So many texts are in one statement at most, and a longer one than so many bytes is in one alone. */
const TOGETHER = 25
const LONG = 64 * 1024
/** So many bytes are read by one statement, and one text at least: over a slow link more would not arrive in time. */
const AT_ONCE = 256 * 1024

/** The texts that are asked for, up to so many bytes: a text behind them is there without its bytes. */
const READ = `SELECT b.ref, CASE WHEN b.upto - b.size < ${AT_ONCE} THEN b.bytes END AS bytes
  FROM (SELECT ref, bytes, octet_length(bytes) AS size, sum(octet_length(bytes)) OVER (ORDER BY ref) AS upto FROM blob WHERE ref = ANY($1)) AS b`
/** A digest of what is kept, which the server makes: the version of a row stays what it is where another column takes the place of the one that was read. */
const MARKS = `SELECT ref, encode(sha256(bytes), 'hex') AS mark FROM blob WHERE ref = ANY($1)`
/** So many marks are in one statement at most: who asks at once mostly asks for the same one. */
const MARKS_TOGETHER = 500

/** What the texts are made of. */
export interface TextsParts {
  readonly questions: Questions
  readonly keys: StoreKeys
  readonly segments: Pick<RetiredSegments, 'text'>
  readonly clock: Pick<Clock, 'monotonic'>
}

/** The texts of a store in a database, encrypted. Many that are put or read at once go in one statement. */
export class Texts {
  readonly #parts: TextsParts
  readonly #puts: BatchedQuery<SealedText, ArtefactRef>
  readonly #gets: BatchedQuery<ArtefactRef, Uint8Array | 'later' | undefined>
  readonly #marks: BatchedQuery<ArtefactRef, string | undefined>

  constructor(parts: TextsParts) {
    this.#parts = parts
    this.#puts = new BatchedQuery({ ask: (texts) => this.#putAll(texts), most: TOGETHER, clock: parts.clock })
    this.#gets = new BatchedQuery({ ask: (refs) => this.#bytesOf(refs), most: TOGETHER, clock: parts.clock })
    this.#marks = new BatchedQuery({
      ask: (refs) => this.#marksOf(refs),
      most: MARKS_TOGETHER,
      clock: parts.clock,
    })
  }

  /** Keeps a text, and gives its reference. Throws `store`. */
  async put(text: string): Promise<ArtefactRef> {
    const sealed = sealText(this.#parts.keys, text)
    if (sealed.bytes.length > LONG) {
      await this.#parts.questions.ask('SELECT blob_put($1, $2)', [sealed.ref, sealed.bytes])
      return sealed.ref
    }
    return this.#puts.ask(sealed)
  }

  /** The text behind a reference. Throws `store` where it is not there, or was altered. */
  async get(ref: ArtefactRef): Promise<string> {
    let bytes = await this.#gets.ask(ref)
    while (bytes === 'later') bytes = await this.#gets.ask(ref)
    return openText(this.#parts.keys, ref, bytes ?? (await this.#parts.segments.text(ref)))
  }

  /** A digest of what is kept behind a reference; undefined where nothing is, as where it is in a segment. Throws `store`. */
  markOf(ref: ArtefactRef): Promise<string | undefined> {
    return this.#marks.ask(ref)
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all([this.#puts.settled(), this.#gets.settled(), this.#marks.settled()])
  }

  async #putAll(texts: readonly SealedText[]): Promise<readonly ArtefactRef[]> {
    // In one order: two processes that keep the same texts would wait for each other.
    const inOrder = texts.toSorted((one, other) => (one.ref < other.ref ? -1 : 1))
    await this.#parts.questions.ask(
      'SELECT blob_put(ref, bytes) FROM unnest($1::text[], $2::bytea[]) AS put(ref, bytes)',
      [inOrder.map(({ ref }) => ref), inOrder.map(({ bytes }) => bytes)],
    )
    return texts.map(({ ref }) => ref)
  }

  async #bytesOf(refs: readonly ArtefactRef[]): Promise<readonly (Uint8Array | 'later' | undefined)[]> {
    const rows = await this.#parts.questions.ask<{ ref: ArtefactRef; bytes: Uint8Array | null }>(READ, [refs])
    const found = new Map(rows.map(({ ref, bytes }) => [ref, bytes ?? ('later' as const)]))
    return refs.map((ref) => found.get(ref))
  }

  async #marksOf(refs: readonly ArtefactRef[]): Promise<readonly (string | undefined)[]> {
    const rows = await this.#parts.questions.ask<{ ref: ArtefactRef; mark: string }>(MARKS, [[...new Set(refs)]])
    const found = new Map(rows.map(({ ref, mark }) => [ref, mark]))
    return refs.map((ref) => found.get(ref))
  }
}
