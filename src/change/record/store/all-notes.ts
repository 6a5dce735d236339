import type { ChainFault } from '../seal/chain.ts'
import { NO_NOTES, type NoteSealing, openedList, openedText, sealedList, sealedText } from './note-seal.ts'

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
