import { addressWords, type PostgresAddress } from '../../journal/postgres/address.ts'
import { Questions } from '../../journal/postgres/database.ts'
import { bringHere, movedIn } from '../../journal/postgres/moved.ts'
import { movedAwayAt } from '../../journal/sqlite/move-out.ts'
import { EosflowError } from '../../model/error.ts'

/** A store that is in a database, and was a file. */
export interface ImportedStore {
  /** The id that it answers to, and the id of its chains. */
  readonly id: string
  readonly origin: string
  readonly records: number
}

/** Ends what was begun: the file was closed for this database. */
export async function broughtHere(address: PostgresAddress, away: { readonly origin: string }): Promise<ImportedStore> {
  const questions = new Questions(address, { name: 'eosflow, moving' })
  try {
    const row = await questions.one<{ origin: string }>('SELECT origin FROM store')
    const moved = await movedIn((text, values) => questions.ask(text, values))
    if (moved === undefined || row?.origin !== away.origin)
      throw new EosflowError(
        'store',
        `the store was moved to ${away.origin}, and ${addressWords(address)} is another one`,
        {
          hint: 'Name the database that it was moved to.',
        },
      )
    if (!moved.isHere) await bringHere(questions, moved)
    return { id: moved.origin, origin: row.origin, records: moved.seq }
  } finally {
    await questions.close()
  }
}

/** The same where a file beside the keys says that it was closed for this database: then nobody has to move it once more. */
export async function bringHereIfClosed(address: PostgresAddress, file: string): Promise<void> {
  const away = movedAwayAt(file)
  if (away === undefined) return
  const questions = new Questions(address, { name: 'eosflow, moving' })
  try {
    const row = await questions.one<{ origin: string }>('SELECT origin FROM store')
    const moved = await movedIn((text, values) => questions.ask(text, values))
    if (moved?.isHere === false && row?.origin === away.origin) await bringHere(questions, moved)
  } finally {
    await questions.close()
  }
}
