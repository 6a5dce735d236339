import { EosflowError } from '../../../model/error.ts'
import { BrokenChainError } from '../seal/chain.ts'
import { nonceOf } from '../seal/encrypted.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import { listAltered, type NoteRow } from './all-notes.ts'
import {
  type ListedNote,
  NO_NOTES,
  type NoteList,
  noteName,
  openedList,
  openedText,
  sealedList,
  sealedText,
} from './note-seal.ts'
import type { Note, Notes, NoteTerm } from './notes.ts'

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
export class SealedNotes implements Notes {
  readonly #parts: SealedNotesParts
  readonly #seen = new Map<string, ListAge>()
  // What is written here, of each kind one after the other: of other processes each change may have to be made anew.
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(parts: SealedNotesParts) {
    this.#parts = parts
  }

  put(kind: string, name: string, text: string, term: NoteTerm): Promise<boolean> {
    const names = this.#namesOf(kind, name)
    return this.#write(kind, [], (found) =>
      here(found, names) === undefined
        ? { given: true, ...added(found, [[this.#nameOf(kind, name), text]], term) }
        : { given: false },
    )
  }

  set(kind: string, name: string, text: string, term: NoteTerm): Promise<void> {
    return this.setAll(kind, new Map([[name, text]]), term)
  }

  async setAll(kind: string, texts: ReadonlyMap<string, string>, term: NoteTerm): Promise<void> {
    await this.#write(kind, [], (found) => {
      const named = [...texts].map(([name, text]) => [this.#nameOf(kind, name), text] as const)
      return { given: undefined, ...added(found, named, term) }
    })
  }

  async read(kind: string, name: string): Promise<Note | undefined> {
    const names = this.#namesOf(kind, name)
    const found = await this.#found(kind, names)
    const note = here(found, names)
    const text = note && found.textOf(note)
    return note === undefined || text === undefined ? undefined : { text, now: found.now, left: note.until - found.now }
  }

  take(kind: string, given: string): Promise<string | undefined> {
    const name = this.#nameOf(kind, given)
    return this.#write(kind, [name], (found) => {
      const note = here(found, [name])
      return note === undefined
        ? { given: undefined }
        : { given: found.textOf(note), notes: new Map([...found.list.notes].filter(([own]) => own !== name)) }
    })
  }

  extend(kind: string, given: string, lasts: number): Promise<boolean> {
    const name = this.#nameOf(kind, given)
    return this.#write(kind, [], (found) => {
      const note = here(found, [name])
      if (note === undefined) return { given: false }
      const longer = { ...note, until: endOf(found, lasts) }
      return { given: true, notes: new Map(found.list.notes).set(name, longer) }
    })
  }

  async present(kind: string, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await this.#found(kind, [])
    return new Map(
      names.flatMap((name) => {
        const note = here(found, this.#namesOf(kind, name))
        return note === undefined ? [] : [[name, note.made] as const]
      }),
    )
  }

  async all(kind: string, since = 0): Promise<readonly string[]> {
    const found = await this.#found(kind)
    return [...found.list.notes.values()].flatMap((note) =>
      note.until > found.now && note.made >= since ? (found.textOf(note) ?? []) : [],
    )
  }

  now(): Promise<number> {
    return this.#parts.rows.now()
  }

  requireUsable(): Promise<void> {
    return this.#parts.rows.requireUsable()
  }

  #nameOf(kind: string, name: string): string {
    return noteName(this.#parts.keys, kind, name)
  }

  #namesOf(kind: string, name: string): readonly string[] {
    const { keys } = this.#parts
    return [keys, ...keys.former].map((each) => noteName(each, kind, name))
  }

  async #found(kind: string, names?: readonly string[]): Promise<Found> {
    const { rows, ...by } = this.#parts
    // What others of this process see meanwhile may be newer than this answer.
    const seen = this.#seen.get(kind)
    const { now, timeline, list: sealed, rows: kept } = await rows.read(kind, names)
    const list = sealed === undefined ? NO_NOTES : openedList(by, kind, sealed)
    if (list === undefined || isOlder({ timeline, version: list.version }, seen))
      throw new BrokenChainError({ seq: 0, reason: listAltered(kind) })
    this.#saw(kind, { timeline, version: list.version })
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

  #saw(kind: string, age: ListAge): void {
    if (!isOlder(age, this.#seen.get(kind))) this.#seen.set(kind, age)
  }

  #write<T>(kind: string, names: readonly string[], make: (found: Found) => Made<T>): Promise<T> {
    const written = (this.#last.get(kind) ?? Promise.resolve()).then(() => this.#written(kind, names, make))
    const settled = written.then(
      () => undefined,
      () => undefined,
    )
    this.#last.set(kind, settled)
    return written
  }

  async #written<T>(kind: string, names: readonly string[], make: (found: Found) => Made<T>): Promise<T> {
    const { rows, ...by } = this.#parts
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = await this.#found(kind, names)
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
      this.#saw(kind, { timeline: found.timeline, version: list.version })
      return given
    }
    throw new EosflowError('busy', `others write notes of the kind ${kind} all the time`, { retryable: true })
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
