import { EosflowError } from '../../../model/error.ts'

/** A note as it is read. */
export interface Note {
  readonly text: string
  /** The store's clock when it was read, in milliseconds since the epoch. */
  readonly now: number
  /** How long it is kept from then on, in milliseconds. */
  readonly left: number
}

/** How a note is kept. */
export interface NoteTerm {
  /** For so many milliseconds by the store's clock. */
  readonly lasts: number
  /** So many of its kind are kept at most: the oldest make room. Absent: all. */
  readonly most?: number
}

/** How what has no end by itself is kept: longer than anybody asks after it. */
export const TEN_YEARS: NoteTerm = { lasts: 3653 * 86_400_000 }

/**
 * What the processes of a store keep beside its record, each for its time: sessions of browsers, what is used once,
 * what one process has found for all. Notes are no record: one that is lost costs a login or another try. The store has neither the names nor
 * the texts in the clear, and a text that was altered, or was put under another name, is one that is not there.
 */
export interface Notes {
  /** Keeps a text under a name that no other has; false where one has it. */
  put(kind: string, name: string, text: string, term: NoteTerm): Promise<boolean>
  /** Keeps a text under a name, in place of what was there. */
  set(kind: string, name: string, text: string, term: NoteTerm): Promise<void>
  /** Keeps several texts, by their names, at once: the list of their kind is written once for all of them. */
  setAll(kind: string, texts: ReadonlyMap<string, string>, term: NoteTerm): Promise<void>
  /** Reads one; undefined where there is none, or its time is over. */
  read(kind: string, name: string): Promise<Note | undefined>
  /** Takes one away: of all who try it, on whatever machine, one is given the text. */
  take(kind: string, name: string): Promise<string | undefined>
  /** From now on it is kept for so many milliseconds. False where it is not there any more. */
  extend(kind: string, name: string, lasts: number): Promise<boolean>
  /** Those of these names that are there, each with when it was written, in milliseconds since the epoch by the store's clock. No text is read. */
  present(kind: string, names: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** The texts of a kind, in the order in which they were written; those that were written at `since` or later, in milliseconds since the epoch by the store's clock. */
  all(kind: string, since?: number): Promise<readonly string[]>
  /** The store's clock, in milliseconds since the epoch. */
  now(): Promise<number>
  /** Throws `store` where the store cannot be used by this process: it is away, or has another layout by now. */
  requireUsable(): Promise<void>
}

const refuse = (): Promise<never> => Promise.reject(new EosflowError('bug', 'this store keeps no notes'))

/** Of a store in which nobody keeps any: a simulated one. */
export const noNotes: Notes = {
  put: refuse,
  set: refuse,
  setAll: refuse,
  read: refuse,
  take: refuse,
  extend: refuse,
  present: refuse,
  all: refuse,
  now: refuse,
  requireUsable: refuse,
}
