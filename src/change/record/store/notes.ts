import { EosflowError } from '../../../model/error.ts'

export interface Note {
  readonly text: string
  /** The store's clock when it was read, in milliseconds since the epoch. */
  readonly now: number
  /** How long it is kept from then on, in milliseconds. */
  readonly left: number
}

export interface NoteTerm {
  /** For so many milliseconds by the store's clock. */
  readonly lasts: number
  /** So many of its kind are kept at most: the oldest make room. */
  readonly most?: number
}

/** How what has no end by itself is kept: longer than anybody asks after it. */
export const TEN_YEARS: NoteTerm = { lasts: 3653 * 86_400_000 }

export interface Notes {
  put(kind: string, name: string, text: string, term: NoteTerm): Promise<boolean>
  set(kind: string, name: string, text: string, term: NoteTerm): Promise<void>
  /** Keeps several texts, by their names, at once: the list of their kind is written once for all of them. */
  setAll(kind: string, texts: ReadonlyMap<string, string>, term: NoteTerm): Promise<void>
  /** Reads one; undefined where there is none, or its time is over. */
  read(kind: string, name: string): Promise<Note | undefined>
  take(kind: string, name: string): Promise<string | undefined>
  /** From now on it is kept for so many milliseconds. */
  extend(kind: string, name: string, lasts: number): Promise<boolean>
  /** Those of these names that are there, each with when it was written, in milliseconds since the epoch by the store's clock. */
  present(kind: string, names: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** The texts of a kind, in the order in which they were written; those that were written at `since` or later, in milliseconds since the epoch by the store's clock. */
  all(kind: string, since?: number): Promise<readonly string[]>
  /** The store's clock, in milliseconds since the epoch. */
  now(): Promise<number>
  /** Throws `store` where the store cannot be used by this process: it is away, or has another layout by now. */
  requireUsable(): Promise<void>
}

const refuse = () => Promise.reject(new EosflowError('bug', 'this store keeps no notes'))

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
