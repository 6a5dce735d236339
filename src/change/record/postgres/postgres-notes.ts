import type { KeyRing } from '../seal/store-keys.ts'
import { OutageError } from '../store/journal.ts'
import type { Notes } from '../store/notes.ts'
import { askedAgain, calledThrough } from '../store/questions.ts'
import { type AllNotes, type NoteRow, type NoteRows, sealedNotes } from '../store/sealed-notes.ts'
import type { Ask, Questions } from './database.ts'
import { foundLayout, requireLayout } from './layout.ts'
import type { PresentKey } from './present-key.ts'
import { addressWords, type PostgresAddress } from './server-config.ts'
import { TIMELINE } from './sql/worker.ts'

const EPOCH_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::float8'

const READ = `SELECT s.key_check, ${EPOCH_MS} AS now, ${TIMELINE} AS timeline, NULL AS name, (SELECT h.body FROM note_head h WHERE h.kind = $1) AS body FROM store s
  UNION ALL SELECT NULL, NULL, NULL, n.name, n.body FROM note n WHERE n.kind = $1 AND ($2::text[] IS NULL OR n.name = ANY($2))`

interface StoreRow {
  readonly key_check: string
  readonly now: number
  readonly timeline: string
  readonly name: null
  readonly body: Buffer | null
}

export interface PostgresNotesParts {
  readonly address: PostgresAddress
  readonly questions: Questions
  readonly keys: KeyRing
  readonly origin: string
  readonly presentKey: Pick<PresentKey, 'require'>
}

export function postgresNotes(parts: PostgresNotesParts): Notes {
  const { keys, origin } = parts
  // Each question is asked once more where the store was rotated: who asks for notes alone would not know of it otherwise.
  const again = askedAgain((error) => error instanceof RotatedMeanwhile)
  return calledThrough(sealedNotes({ rows: noteRows(parts), keys, origin }), (call) => again(async () => call())())
}

function noteRows({ address, questions, keys, presentKey }: PostgresNotesParts): NoteRows {
  return {
    read: async (kind, names) => {
      const { check } = keys
      const found = await questions.ask<Record<string, unknown>>(READ, [kind, names ?? null])
      const rows = found as unknown as readonly (StoreRow | (NoteRow & { readonly key_check: null }))[]
      const store = rows.find((row): row is StoreRow => row.key_check !== null)
      if (store !== undefined && store.key_check !== keys.check) {
        // What another question of this process has heard of meanwhile is no other key than it has.
        if (store.key_check !== check) presentKey.require(store.key_check)
        throw new RotatedMeanwhile()
      }
      if (store?.timeline === '')
        throw new OutageError(
          `the store ${addressWords(address)} cannot be used: it is a standby that has not taken over`,
        )
      return {
        now: store?.now ?? 0,
        timeline: store?.timeline ?? '',
        list: store?.body ?? undefined,
        rows: rows.flatMap((row) => (row.key_check === null ? [row] : [])),
      }
    },
    change: async (kind, { was, list, put, gone }) => {
      const row = await questions.one<{ done: boolean }>('SELECT note_change($1, $2, $3, $4, $5, $6, $7) AS done', [
        ...[keys.check, kind, was ?? null, list],
        ...[put.map(({ name }) => name), put.map(({ body }) => body), gone],
      ])
      return row?.done === true
    },
    now: async () => (await questions.one<{ now: number }>(`SELECT ${EPOCH_MS} AS now`))?.now ?? 0,
    requireUsable: async () => {
      requireLayout(address, await foundLayout(questions, address))
    },
  }
}

export async function allNotes(ask: Ask): Promise<AllNotes> {
  return {
    lists: await ask<AllNotes['lists'][number]>('SELECT kind, body FROM note_head ORDER BY kind'),
    rows: await ask<AllNotes['rows'][number]>('SELECT kind, name, body FROM note ORDER BY kind, name'),
  }
}

class RotatedMeanwhile extends Error {}
