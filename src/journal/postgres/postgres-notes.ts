import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Note, Notes, NoteTerm } from '../notes.ts'
import { askedAgain } from '../questions.ts'
import type { StoreKeys } from '../store-keys.ts'
import type { PostgresAddress } from './address.ts'
import type { Questions } from './database.ts'
import { foundLayout } from './found-layout.ts'
import { requireLayout } from './layout.ts'
import type { PresentKey } from './present-key.ts'

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

/** A row of a statement that gives one also where there is no note. */
type Nothing<Row extends BodyRow> = Row | (Partial<Record<keyof Row, null>> & { readonly name: null })

const isThere = <Row extends BodyRow>(row: Nothing<Row> | undefined): row is Row => (row?.name ?? null) !== null

const EPOCH_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::float8'

/** What notes on PostgreSQL are kept with. */
export interface PostgresNotesParts {
  readonly address: PostgresAddress
  readonly questions: Questions
  readonly keys: StoreKeys
  readonly presentKey: Pick<PresentKey, 'require'>
}

/** Notes in a table beside the record. */
export function postgresNotes({ address, questions, keys, presentKey }: PostgresNotesParts): Notes {
  /** The rows of one statement about `store`, whose first value is the key that it is asked under: it does nothing where the store is under another. */
  const ask = async <Row>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]> => {
    const { check } = keys
    const rows = await questions.ask<{ key_check: string }>(text, [check, ...values])
    const under = rows[0]?.key_check ?? check
    if (under === check) return rows as unknown as readonly Row[]
    presentKey.require(under)
    throw new RotatedMeanwhile()
  }
  const one = async <Row>(text: string, ...values: readonly unknown[]): Promise<Row | undefined> =>
    (await ask<Row>(text, ...values))[0]
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
  const rowOf = async (kind: string, name: string): Promise<ReadRow | undefined> => {
    const row = await one<Nothing<ReadRow>>(
      `SELECT key_check, name, body, ${EPOCH_MS} AS now, (extract(epoch FROM until - clock_timestamp()) * 1000)::float8 AS left
        FROM store LEFT JOIN note ON key_check = $1 AND kind = $2 AND name = $3 AND until > clock_timestamp()`,
      kind,
      name,
    )
    return isThere(row) ? row : undefined
  }
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
    const row = await one<{ done: boolean | null }>(
      `SELECT key_check, CASE WHEN key_check = $1 THEN note_${how}($2, $3, $4, $5, $6) END AS done FROM store`,
      kind,
      name,
      sealed(kind, name, text),
      Math.ceil(term.lasts),
      term.most ?? null,
    )
    return row?.done === true
  }
  return current({
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
      const row = await one<{ body: Buffer | null }>(
        'SELECT key_check, CASE WHEN key_check = $1 THEN note_take($2, $3) END AS body FROM store',
        kind,
        name,
      )
      const body = row?.body ?? undefined
      return body === undefined ? undefined : opened(kind, { name, body })
    },
    extend: async (kind, name, lasts) => {
      const row = await one<{ done: boolean | null }>(
        'SELECT key_check, CASE WHEN key_check = $1 THEN note_extend($2, $3, $4) END AS done FROM store',
        kind,
        named(kind, name),
        Math.ceil(lasts),
      )
      return row?.done === true
    },
    present: async (kind, names) => {
      const byDigest = new Map(names.map((name) => [named(kind, name), name]))
      const rows = await ask<{ name: string | null }>(
        `SELECT key_check, name FROM store
          LEFT JOIN note ON key_check = $1 AND kind = $2 AND name = ANY($3) AND until > clock_timestamp()`,
        kind,
        [...byDigest.keys()],
      )
      return new Set(rows.flatMap(({ name }) => byDigest.get(name ?? '') ?? []))
    },
    all: async (kind, since = 0) => {
      const rows = await ask<Nothing<BodyRow>>(
        `SELECT key_check, name, body FROM store
          LEFT JOIN note ON key_check = $1 AND kind = $2 AND made >= to_timestamp($3::float8 / 1000) AND until > clock_timestamp()
          ORDER BY made, name`,
        kind,
        since,
      )
      return rows.filter(isThere).flatMap((row) => opened(kind, row) ?? [])
    },
    now: async () => (await questions.one<{ now: number }>(`SELECT ${EPOCH_MS} AS now`))?.now ?? 0,
    requireUsable: async () => {
      requireLayout(address, await foundLayout(questions, address))
    },
  })
}

/** The store is under another key than a question was asked under, which has done nothing. */
class RotatedMeanwhile extends Error {}

/** Notes each question of which is asked once more where the store was rotated: who asks for notes alone would not know of it otherwise. */
function current(notes: Notes): Notes {
  const again = askedAgain((error) => error instanceof RotatedMeanwhile)
  return {
    ...notes,
    put: again(notes.put),
    set: again(notes.set),
    read: again(notes.read),
    take: again(notes.take),
    extend: again(notes.extend),
    present: again(notes.present),
    all: again(notes.all),
  }
}
