import { openText, type SealedText, sealText } from '../blob-format.ts'
import type { ArtefactRef } from '../event.ts'
import type { StoreKeys } from '../store-keys.ts'
import type { Questions } from './database.ts'
import { Gathered } from './gathered.ts'
import type { RetiredSegments } from './retired-segments.ts'

/** So many texts are in one statement at most, and a longer one than so many bytes is in one alone. */
const TOGETHER = 25
const LONG = 64 * 1024
/** How much text is kept in memory, in characters: a change asks for what it has planned for a switch at each of its steps. */
const KEPT = 16 * 1024 * 1024

/** What the texts are made of. */
export interface TextsParts {
  readonly questions: Questions
  readonly keys: StoreKeys
  readonly segments: Pick<RetiredSegments, 'text'>
}

/** The texts of a store in a database, encrypted. What was read is kept: a reference names its text for ever. */
export class Texts {
  readonly #parts: TextsParts
  readonly #puts: Gathered<SealedText, ArtefactRef>
  readonly #gets: Gathered<ArtefactRef, Uint8Array | undefined>
  /** By reference, the one that was asked for the longest ago first. */
  readonly #kept = new Map<ArtefactRef, string>()
  #size = 0

  constructor(parts: TextsParts) {
    this.#parts = parts
    this.#puts = new Gathered((texts) => this.#putAll(texts), TOGETHER)
    this.#gets = new Gathered((refs) => this.#bytesOf(refs), TOGETHER)
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
    const kept = this.#kept.get(ref)
    if (kept !== undefined) {
      this.#kept.delete(ref)
      this.#kept.set(ref, kept)
      return kept
    }
    const bytes = await this.#gets.ask(ref)
    const text = openText(this.#parts.keys, ref, bytes ?? (await this.#parts.segments.text(ref)))
    this.#keep(ref, text)
    return text
  }

  #keep(ref: ArtefactRef, text: string): void {
    if (this.#kept.has(ref)) return
    this.#kept.set(ref, text)
    this.#size += text.length
    for (const [oldest, { length }] of this.#kept) {
      if (this.#size <= KEPT) return
      this.#kept.delete(oldest)
      this.#size -= length
    }
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

  async #bytesOf(refs: readonly ArtefactRef[]): Promise<readonly (Uint8Array | undefined)[]> {
    const rows = await this.#parts.questions.ask<{ ref: ArtefactRef; bytes: Uint8Array }>(
      'SELECT ref, bytes FROM blob WHERE ref = ANY($1)',
      [refs],
    )
    const found = new Map(rows.map(({ ref, bytes }) => [ref, bytes]))
    return refs.map((ref) => found.get(ref))
  }
}
