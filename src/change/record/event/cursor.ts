import { EosflowError } from '../../../model/error.ts'

declare const place: unique symbol

export type Cursor = string & { readonly [place]: 'cursor' }

export interface PlacedRecord {
  readonly seq: number
}

const FORM = /^after (\d{1,15})$/

/** The cursor right behind a record; undefined: before the first one. */
export function cursorBehind(record: PlacedRecord | undefined): Cursor {
  return Buffer.from(`after ${record?.seq ?? 0}`).toString('base64url') as Cursor
}

/** Whether a record is behind a cursor. */
export function isBehind({ seq }: PlacedRecord, cursor: Cursor): boolean {
  return seq > positionIn(cursor)
}

/** Puts records of any executions in the order in which they were written, for a sort. */
export function byPlace(one: PlacedRecord, other: PlacedRecord): number {
  return one.seq - other.seq
}

/** The cursor that a client gives back; undefined for a text that is none. */
export function readCursor(word: string): Cursor | undefined {
  return FORM.test(Buffer.from(word, 'base64url').toString()) ? (word as Cursor) : undefined
}

/** The last record before a cursor, for stores. Throws `store` for a text that is no cursor. */
export function positionIn(cursor: Cursor): number {
  const [, position] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (position !== undefined) return Number(position)
  throw new EosflowError('store', 'this is no cursor of a store', { hint: 'Begin again without it.' })
}
