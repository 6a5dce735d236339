import type { Clock } from '../../../model/clock.ts'
import type { EventBody } from '../event/event.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { AllNotes, NoteChange, NoteRow, NoteRows } from '../store/sealed-notes.ts'
import { AMONG, type Connection, type RowReader, type Views } from './connection.ts'
import type { Heads } from './heads.ts'
import { notesIn } from './kept-rows.ts'

export interface SqliteNotesParts {
  readonly connection: Connection
  readonly views: Views
  readonly heads: Heads
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
}

// The time by which notes end: of a clock that is set back it goes on, so that nothing is there for longer.
function steadyTime({ now, monotonic }: SqliteNotesParts['clock']) {
  const ahead = now() - monotonic()
  return () => Math.max(now(), ahead + monotonic())
}

export type ChangeNotes = NoteRows['change']

/** The sealed row vouches for their lists, so that none of them is put back. */
export function sqliteNoteRows({ connection, heads, clock }: SqliteNotesParts, change: ChangeNotes): NoteRows {
  const now = steadyTime({ now: () => clock.now(), monotonic: () => clock.monotonic() })
  return {
    read: async (kind, names) =>
      connection.moment(() => {
        heads.refresh()
        requireNotes(connection, heads)
        const head = connection.one<{ body: Buffer }>('SELECT body FROM note_head WHERE kind = ?', kind)
        const among = names === undefined ? '' : ` AND name ${AMONG}`
        const rows = connection.all<NoteRow>(
          `SELECT name, body FROM note WHERE kind = ?${among}`,
          ...[kind, ...(names === undefined ? [] : [JSON.stringify(names)])],
        )
        return { now: now(), timeline: '', list: head?.body, rows }
      }),
    change,
    now: async () => now(),
    requireUsable: async () => connection.moment(() => heads.refresh()),
  }
}

export const NOTES_ALTERED = 'which notes servers have kept for a while is not what was sealed last'

function requireNotes(asked: RowReader, { present }: Heads) {
  if (notesIn(asked) === present.notes) return
  throw new BrokenChainError({ seq: present.newest, reason: NOTES_ALTERED })
}

export function changeNotesIn({ connection, views, heads }: SqliteNotesParts): ChangeNotes {
  return (kind, change) =>
    views.free(() =>
      heads.change(() => {
        requireNotes(connection, heads)
        const isDone = write(connection, kind, change)
        if (isDone) heads.put({ notes: notesIn(connection) })
        return isDone
      }),
    )
}

function write(connection: Connection, kind: string, { was, list, put, gone }: NoteChange) {
  const body = Buffer.from(list)
  const done =
    was === undefined
      ? connection.run('INSERT INTO note_head(kind, body) VALUES (?, ?) ON CONFLICT DO NOTHING', kind, body)
      : connection.run(
          'UPDATE note_head SET body = ? WHERE kind = ? AND substr(body, 1, 12) = ?',
          ...[body, kind, Buffer.from(was)],
        )
  if (done === 0) return false
  connection.run(`DELETE FROM note WHERE kind = ? AND name ${AMONG}`, kind, JSON.stringify(gone))
  for (const row of put)
    connection.run(
      'INSERT INTO note(name, kind, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body WHERE kind = excluded.kind',
      ...[row.name, kind, Buffer.from(row.body)],
    )
  return true
}

/**
 * Takes away the notes of a backup that becomes the store, with the record of that: what was used since, and who has logged out, is not known there.
 */
export function forgetNotes(connection: Connection, heads: Heads, events: readonly EventBody[]): void {
  if (!events.some(({ type }) => type === 'StoreRestored')) return
  connection.run('DELETE FROM note')
  connection.run('DELETE FROM note_head')
  heads.put({ notes: notesIn(connection) })
}

export function allNotes(asked: RowReader): AllNotes {
  return {
    lists: asked.all<AllNotes['lists'][number]>('SELECT kind, body FROM note_head ORDER BY kind'),
    rows: asked.all<AllNotes['rows'][number]>('SELECT kind, name, body FROM note ORDER BY kind, name'),
  }
}
