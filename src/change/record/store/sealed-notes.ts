import { EosflowError } from '../../../model/error.ts'
import { BrokenChainError } from '../seal/chain.ts'
import { nonceOf } from '../seal/encrypted.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import {
  type ListedNote,
  listAltered,
  NO_NOTES,
  type NoteList,
  type NoteRow,
  noteName,
  openedList,
  openedText,
  sealedList,
  sealedText,
} from './all-notes.ts'
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
