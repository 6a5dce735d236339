import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Note, Notes, NoteTerm } from '../notes.ts'
import type { StoreKeys } from '../store-keys.ts'
import type { PostgresAddress } from './address.ts'
import type { Questions } from './database.ts'
import { foundLayout } from './found-layout.ts'
import { requireLayout } from './layout.ts'

const IV_BYTES = 12
const TAG_BYTES = 16

interface BodyRow {
  readonly name: string
  readonly body: Buffer
}

interface ReadRow extends BodyRow {
  readonly now: number
  readonly left: number
}

const EPOCH_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::float8'

/** What notes on PostgreSQL are kept with. */
export interface PostgresNotesParts {
  readonly address: PostgresAddress
  readonly questions: Questions
  readonly keys: StoreKeys
}

/** Notes in a table beside the record. */
export function postgresNotes({ address, questions, keys }: PostgresNotesParts): Notes {
  const named = (kind: string, name: string): string => keys.note.name(`${kind} ${name}`)
  const sealed = (kind: string, name: string, text: string): Buffer => {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', keys.note.key, iv).setAAD(Buffer.from(`${kind} ${name}`))
    const bytes = Buffer.concat([cipher.update(text), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), bytes])
  }
  const opened = (kind: string, { name, body }: BodyRow, { note } = keys as StoreKeys): string | undefined => {
    try {
      const tag = body.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)
      const options = { authTagLength: TAG_BYTES }
      const decipher = createDecipheriv('aes-256-gcm', note.key, body.subarray(0, IV_BYTES), options)
      decipher.setAAD(Buffer.from(`${kind} ${name}`)).setAuthTag(tag)
      return Buffer.concat([decipher.update(body.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString()
    } catch {
      // Whoever has altered it has no key: it is nobody's note.
      return undefined
    }
  }
  const rowOf = (kind: string, name: string): Promise<ReadRow | undefined> =>
    questions.one<ReadRow & Record<string, unknown>>(
      `SELECT name, body, ${EPOCH_MS} AS now, (extract(epoch FROM until - clock_timestamp()) * 1000)::float8 AS left
        FROM note WHERE kind = $1 AND name = $2 AND until > clock_timestamp()`,
      [kind, name],
    )
  /** A mark from before a rotation, which has no text: what has one could be of whoever has stolen the key that was replaced. */
  const markBefore = async (kind: string, given: string): Promise<Note | undefined> => {
    for (const own of keys.former) {
      const row = await rowOf(kind, own.note.name(`${kind} ${given}`))
      if (row !== undefined && opened(kind, row, own) === '') return { text: '', now: row.now, left: row.left }
    }
    return undefined
  }
  const keep = async (
    how: 'put' | 'set',
    note: readonly [kind: string, name: string],
    text: string,
    term: NoteTerm,
  ) => {
    const [kind, given] = note
    const name = named(kind, given)
    const row = await questions.one<{ done: boolean | null }>(`SELECT note_${how}($1, $2, $3, $4, $5) AS done`, [
      kind,
      name,
      sealed(kind, name, text),
      Math.ceil(term.lasts),
      term.most ?? null,
    ])
    return row?.done === true
  }
  return {
    put: async (kind, name, text, term) =>
      (await markBefore(kind, name)) === undefined && (await keep('put', [kind, name], text, term)),
    set: async (kind, name, text, term) => {
      await keep('set', [kind, name], text, term)
    },
    read: async (kind, name): Promise<Note | undefined> => {
      const row = await rowOf(kind, named(kind, name))
      const text = row === undefined ? undefined : opened(kind, row)
      if (row === undefined || text === undefined) return markBefore(kind, name)
      return { text, now: row.now, left: row.left }
    },
    take: async (kind, given) => {
      const name = named(kind, given)
      const row = await questions.one<{ body: Buffer | null }>('SELECT note_take($1, $2) AS body', [kind, name])
      const body = row?.body ?? undefined
      return body === undefined ? undefined : opened(kind, { name, body })
    },
    extend: async (kind, name, lasts) => {
      const row = await questions.one<{ done: boolean | null }>('SELECT note_extend($1, $2, $3) AS done', [
        kind,
        named(kind, name),
        Math.ceil(lasts),
      ])
      return row?.done === true
    },
    present: async (kind, names) => {
      const byDigest = new Map(names.map((name) => [named(kind, name), name]))
      const rows = await questions.ask<{ name: string }>(
        'SELECT name FROM note WHERE kind = $1 AND name = ANY($2) AND until > clock_timestamp()',
        [kind, [...byDigest.keys()]],
      )
      return new Set(rows.flatMap(({ name }) => byDigest.get(name) ?? []))
    },
    all: async (kind, since = 0) => {
      const rows = await questions.ask<BodyRow & Record<string, unknown>>(
        `SELECT name, body FROM note WHERE kind = $1 AND made >= to_timestamp($2::float8 / 1000) AND until > clock_timestamp()
          ORDER BY made, name`,
        [kind, since],
      )
      return rows.flatMap((row) => opened(kind, row) ?? [])
    },
    now: async () => (await questions.one<{ now: number }>(`SELECT ${EPOCH_MS} AS now`))?.now ?? 0,
    requireUsable: async () => {
      requireLayout(address, await foundLayout(questions, address))
    },
  }
}
