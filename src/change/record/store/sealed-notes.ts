import { EosflowError } from '../../../model/error.ts'
import { BrokenChainError, type ChainFault } from '../seal/chain.ts'
import { decrypted, encrypted, type KeyRing, nonceOf, type StoreKeys } from '../seal/store-keys.ts'
import type { Notes, NoteTerm } from './notes.ts'

export interface KeptNotes {
  /** The store's clock, in milliseconds since the epoch. */
  readonly now: number
  /** Sorts behind the one before each time that a standby takes over, with what it has: its lists may be older. */
  readonly timeline: string
  readonly list: Uint8Array | undefined
  readonly rows: readonly NoteRow[]
}

export interface NoteChange {
  /** What the list that was read begins with; undefined where there was none. */
  readonly was: Uint8Array | undefined
  readonly list: Uint8Array
  readonly put: readonly NoteRow[]
  readonly gone: readonly string[]
}

/** Throws `store` where the store cannot be asked. */
export interface NoteRows {
  read(kind: string, names?: readonly string[]): Promise<KeptNotes>
  change(kind: string, change: NoteChange): Promise<boolean>
  /** The store's clock, in milliseconds since the epoch. */
  now(): Promise<number>
  /** Throws `store` where the store cannot be used by this process. */
  requireUsable(): Promise<void>
}

export interface SealedNotesParts {
  readonly rows: NoteRows
  readonly keys: KeyRing
  readonly origin: string
}

// How often a change is made anew because another process was faster.
const TRIES = 200

interface ListAge {
  readonly timeline: string
  readonly version: number
}

interface Found extends Pick<ListAge, 'timeline'> {
  readonly now: number
  readonly list: NoteList
  readonly mark: Uint8Array | undefined
  textOf(note: ListedNote): string | undefined
}

interface Made<T> {
  readonly given: T
  readonly notes?: ReadonlyMap<string, ListedNote>
  readonly put?: readonly { readonly note: ListedNote; readonly text: string }[]
}

/** Nobody without the key makes a list. An older list is refused by every process that has seen a newer one of the same server, or of one behind it. */
export function sealedNotes({ rows, ...by }: SealedNotesParts): Notes {
  const { keys } = by
  const seen = new Map<string, ListAge>()
  // What is written here, of each kind one after the other: of other processes each change may have to be made anew.
  const last = new Map<string, Promise<unknown>>()

  const nameOf = (kind: string, name: string) => noteName(keys, kind, name)
  const namesOf = (kind: string, name: string) => [keys, ...keys.former].map((each) => noteName(each, kind, name))

  const saw = (kind: string, age: ListAge) => {
    if (!isOlder(age, seen.get(kind))) seen.set(kind, age)
  }

  const foundIn = async (kind: string, names?: readonly string[]): Promise<Found> => {
    // What others of this process see meanwhile may be newer than this answer.
    const before = seen.get(kind)
    const { now, timeline, list: sealed, rows: kept } = await rows.read(kind, names)
    const list = sealed === undefined ? NO_NOTES : openedList(by, kind, sealed)
    if (list === undefined || isOlder({ timeline, version: list.version }, before))
      throw new BrokenChainError({ seq: 0, reason: listAltered(kind) })
    saw(kind, { timeline, version: list.version })
    const bodies = new Map(kept.map(({ name, body }) => [name, body]))
    return {
      now,
      timeline,
      list,
      mark: sealed && nonceOf(sealed),
      textOf: (note) => {
        const body = bodies.get(note.name)
        return body && openedText(by, kind, note, body)
      },
    }
  }

  const written = async <T>(kind: string, names: readonly string[], make: (found: Found) => Made<T>): Promise<T> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = await foundIn(kind, names)
      const { given, notes, put = [] } = make(found)
      if (notes === undefined) return given
      const left = new Map([...notes].filter(([, { until }]) => until > found.now))
      const list = { version: found.list.version + 1, notes: left }
      const isDone = await rows.change(kind, {
        was: found.mark,
        list: sealedList(by, kind, list),
        put: put.map(({ note, text }) => ({ name: note.name, body: sealedText(by, kind, note, text) })),
        gone: [...found.list.notes.keys()].filter((name) => !left.has(name)),
      })
      if (!isDone) continue
      saw(kind, { timeline: found.timeline, version: list.version })
      return given
    }
    throw new EosflowError('busy', `others write notes of the kind ${kind} all the time`, { retryable: true })
  }

  const write = <T>(kind: string, names: readonly string[], make: (found: Found) => Made<T>): Promise<T> => {
    const writing = (last.get(kind) ?? Promise.resolve()).then(() => written(kind, names, make))
    const settled = writing.then(
      () => undefined,
      () => undefined,
    )
    last.set(kind, settled)
    return writing
  }

  const setAll: Notes['setAll'] = async (kind, texts, term) => {
    await write(kind, [], (found) => {
      const named = [...texts].map(([name, text]) => [nameOf(kind, name), text] as const)
      return { given: undefined, ...added(found, named, term) }
    })
  }

  return {
    put: (kind, name, text, term) => {
      const names = namesOf(kind, name)
      return write(kind, [], (found) =>
        here(found, names) === undefined
          ? { given: true, ...added(found, [[nameOf(kind, name), text]], term) }
          : { given: false },
      )
    },
    set: (kind, name, text, term) => setAll(kind, new Map([[name, text]]), term),
    setAll,
    read: async (kind, name) => {
      const names = namesOf(kind, name)
      const found = await foundIn(kind, names)
      const note = here(found, names)
      const text = note && found.textOf(note)
      return note === undefined || text === undefined
        ? undefined
        : { text, now: found.now, left: note.until - found.now }
    },
    take: (kind, given) => {
      const name = nameOf(kind, given)
      return write(kind, [name], (found) => {
        const note = here(found, [name])
        return note === undefined
          ? { given: undefined }
          : { given: found.textOf(note), notes: new Map([...found.list.notes].filter(([own]) => own !== name)) }
      })
    },
    extend: (kind, given, lasts) => {
      const name = nameOf(kind, given)
      return write(kind, [], (found) => {
        const note = here(found, [name])
        if (note === undefined) return { given: false }
        const longer = { ...note, until: endOf(found, lasts) }
        return { given: true, notes: new Map(found.list.notes).set(name, longer) }
      })
    },
    present: async (kind, names) => {
      const found = await foundIn(kind, [])
      return new Map(
        names.flatMap((name) => {
          const note = here(found, namesOf(kind, name))
          return note === undefined ? [] : [[name, note.made] as const]
        }),
      )
    },
    all: async (kind, since = 0) => {
      const found = await foundIn(kind)
      return [...found.list.notes.values()].flatMap((note) =>
        note.until > found.now && note.made >= since ? (found.textOf(note) ?? []) : [],
      )
    },
    now: () => rows.now(),
    requireUsable: () => rows.requireUsable(),
  }
}

function isOlder({ timeline, version }: ListAge, than: ListAge | undefined) {
  return than !== undefined && (timeline === than.timeline ? version < than.version : timeline < than.timeline)
}

function here({ list, now }: Found, names: readonly string[]) {
  return names.flatMap((name) => list.notes.get(name) ?? []).find(({ until }) => until > now)
}

function endOf({ now }: Found, lasts: number) {
  return Math.ceil(now + lasts)
}

function added(
  found: Found,
  texts: readonly (readonly [name: string, text: string])[],
  { lasts, most }: NoteTerm,
): Omit<Made<unknown>, 'given'> {
  const names = new Set(texts.map(([name]) => name))
  const others = [...found.list.notes.values()].filter(({ name, until }) => !names.has(name) && until > found.now)
  const kept = most === undefined ? others : others.slice(Math.max(0, others.length - most + texts.length))
  // The newest is the last of the list.
  const newest = [...found.list.notes.values()].at(-1)?.made ?? 0
  const made = Math.max(Math.floor(found.now), 1 + newest)
  const until = endOf(found, lasts)
  const put = texts.map(([name, text], index) => ({ note: { name, made: made + index, until }, text }))
  return { notes: new Map([...kept, ...put.map(({ note }) => note)].map((each) => [each.name, each])), put }
}

export interface NoteRow {
  readonly name: string
  readonly body: Uint8Array
}

// What is said of a list that was altered, or put back to what it was before.
function listAltered(kind: string): string {
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

interface ListedNote {
  readonly name: string
  // When it was written, by the store's clock, in milliseconds since the epoch: later than any other of its kind before.
  readonly made: number
  readonly until: number
}

// Which notes of a kind there are, the oldest first.
interface NoteList {
  readonly version: number
  readonly notes: ReadonlyMap<string, ListedNote>
}

const NO_NOTES: NoteList = { version: 0, notes: new Map() }

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

// What a note is kept by: nobody without the key knows of which name.
function noteName({ note }: Pick<StoreKeys, 'note'>, kind: string, name: string): string {
  return note.name(`${kind} ${name}`).slice(0, 2 * NAME_BYTES)
}

function sealedList(by: NoteSealing, kind: string, list: NoteList): Buffer {
  return sealed(by, kind, bytesOfList(list))
}

// The same, opened; undefined where no key of these has sealed it for this kind.
function openedList(by: NoteSealing, kind: string, bytes: Uint8Array): NoteList | undefined {
  const opened = openedBytes(by, kind, bytes)
  return opened === undefined ? undefined : listIn(opened)
}

function sealedText(by: NoteSealing, kind: string, place: Pick<ListedNote, 'name' | 'made'>, text: string): Buffer {
  return sealed(by, placeText(kind, place), Buffer.from(text))
}

// The same, opened; undefined where it is not what was sealed for this place.
function openedText(
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
