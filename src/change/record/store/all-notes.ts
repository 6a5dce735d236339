import type { ChainFault } from '../seal/chain.ts'
import { decrypted, encrypted } from '../seal/encrypted.ts'
import type { StoreKeys } from '../seal/store-keys.ts'

export interface NoteRow {
  readonly name: string
  readonly body: Uint8Array
}

/** What is said of a list that was altered, or put back to what it was before. */
export function listAltered(kind: string): string {
  return `which notes of the kind "${kind}" there are is not what was sealed last`
}

export interface AllNotes {
  readonly lists: readonly { readonly kind: string; readonly body: Uint8Array }[]
  readonly rows: readonly (NoteRow & { readonly kind: string })[]
}

export function notesFault({ lists, rows }: AllNotes, by: NoteSealing): ChainFault | undefined {
  const opened = new Map(lists.map(({ kind, body }) => [kind, openedList(by, kind, body)]))
  for (const [kind, list] of opened) if (list === undefined) return { seq: 0, reason: listAltered(kind) }
  for (const row of rows) {
    const { kind, name, body } = row
    const note = opened.get(kind)?.notes.get(name)
    if (note === undefined) return { seq: 0, reason: `a note of the kind "${kind}" was put there, or put back` }
    if (openedText(by, kind, note, body) === undefined)
      return { seq: 0, reason: `a note of the kind "${kind}" was altered` }
  }
  const kept = new Set(rows.map(({ name }) => name))
  for (const [kind, list] of opened)
    for (const name of list?.notes.keys() ?? [])
      if (!kept.has(name)) return { seq: 0, reason: `a note of the kind "${kind}" is gone` }
  return undefined
}

/**
 * The notes of a store under its next key: those that say by their name alone that something was used. The others are gone: whoever has stolen the key
 * before has what they say.
 */
export function notesUnder({ lists, rows }: AllNotes, by: NoteSealing, next: NoteSealing): AllNotes {
  const opened = new Map(lists.map(({ kind, body }) => [kind, openedList(by, kind, body) ?? NO_NOTES]))
  const marks = rows.flatMap((row) => {
    const note = opened.get(row.kind)?.notes.get(row.name)
    return note !== undefined && openedText(by, row.kind, note, row.body) === '' ? [{ kind: row.kind, note }] : []
  })
  return {
    lists: [...opened].map(([kind, list]) => {
      const notes = new Map(marks.flatMap((mark) => (mark.kind === kind ? [[mark.note.name, mark.note] as const] : [])))
      return { kind, body: sealedList(next, kind, { version: list.version + 1, notes }) }
    }),
    rows: marks.map(({ kind, note }) => ({ kind, name: note.name, body: sealedText(next, kind, note, '') })),
  }
}

export interface ListedNote {
  readonly name: string
  /** When it was written, by the store's clock, in milliseconds since the epoch: later than any other of its kind before. */
  readonly made: number
  readonly until: number
}

/** Which notes of a kind there are, the oldest first. */
export interface NoteList {
  readonly version: number
  readonly notes: ReadonlyMap<string, ListedNote>
}

export const NO_NOTES: NoteList = { version: 0, notes: new Map() }

/** How many bytes the digest of a name has. */
export const NAME_BYTES = 16
const TIME_BYTES = 6
const ENTRY = NAME_BYTES + 2 * TIME_BYTES

/** A list as bytes. */
export function bytesOfList({ version, notes }: NoteList): Buffer {
  const bytes = Buffer.alloc(TIME_BYTES + notes.size * ENTRY)
  bytes.writeUIntBE(version, 0, TIME_BYTES)
  let at = TIME_BYTES
  for (const { name, made, until } of notes.values()) {
    bytes.write(name, at, 'hex')
    bytes.writeUIntBE(made, at + NAME_BYTES, TIME_BYTES)
    bytes.writeUIntBE(until, at + NAME_BYTES + TIME_BYTES, TIME_BYTES)
    at += ENTRY
  }
  return bytes
}

/** The list in such bytes. */
export function listIn(bytes: Buffer): NoteList {
  const notes = new Map<string, ListedNote>()
  for (let at = TIME_BYTES; at < bytes.length; at += ENTRY) {
    const name = bytes.toString('hex', at, at + NAME_BYTES)
    const made = bytes.readUIntBE(at + NAME_BYTES, TIME_BYTES)
    notes.set(name, { name, made, until: bytes.readUIntBE(at + NAME_BYTES + TIME_BYTES, TIME_BYTES) })
  }
  return { version: bytes.readUIntBE(0, TIME_BYTES), notes }
}

export interface NoteSealing {
  readonly keys: Pick<StoreKeys, 'note'>
  readonly origin: string
}

/** What a note is kept by: nobody without the key knows of which name. */
export function noteName({ note }: Pick<StoreKeys, 'note'>, kind: string, name: string): string {
  return note.name(`${kind} ${name}`).slice(0, 2 * NAME_BYTES)
}

export function sealedList(by: NoteSealing, kind: string, list: NoteList): Buffer {
  return sealed(by, kind, bytesOfList(list))
}

/** The same, opened; undefined where no key of these has sealed it for this kind. */
export function openedList(by: NoteSealing, kind: string, bytes: Uint8Array): NoteList | undefined {
  const opened = openedBytes(by, kind, bytes)
  return opened === undefined ? undefined : listIn(opened)
}

export function sealedText(
  by: NoteSealing,
  kind: string,
  place: Pick<ListedNote, 'name' | 'made'>,
  text: string,
): Buffer {
  return sealed(by, placeText(kind, place), Buffer.from(text))
}

/** The same, opened; undefined where it is not what was sealed for this place. */
export function openedText(
  by: NoteSealing,
  kind: string,
  place: Pick<ListedNote, 'name' | 'made'>,
  bytes: Uint8Array,
): string | undefined {
  return openedBytes(by, placeText(kind, place), bytes)?.toString()
}

const placeText = (kind: string, { name, made }: Pick<ListedNote, 'name' | 'made'>) => `${kind} ${name} ${made}`

function sealed({ keys, origin }: NoteSealing, place: string, content: Buffer) {
  return encrypted(keys.note.key, `${origin} ${place}`, content)
}

function openedBytes({ keys, origin }: NoteSealing, place: string, bytes: Uint8Array) {
  return decrypted(keys.note.key, `${origin} ${place}`, bytes)
}
