import { EosflowError } from '../../model/error.ts'
import { addressWords, type PostgresAddress } from './address.ts'
import type { Questions } from './database.ts'

/** Where the records of a store are from that were moved into it. */
export interface Moved {
  readonly origin: string
  /** How many they are. */
  readonly seq: number
  readonly hash: Uint8Array
  /** Whether the file that they are from was closed: until then the file is the store. */
  readonly isHere: boolean
}

type Ask = Questions['ask']

/** Where the records of this store are from; undefined for one that began here. */
export async function movedIn(ask: Ask): Promise<Moved | undefined> {
  const [row] = await ask<{ origin: string; seq: number; hash: Buffer; is_here: boolean }>(
    'SELECT origin, seq, hash, is_here FROM moved',
  )
  if (row === undefined) return undefined
  const { origin, seq, hash, is_here: isHere } = row
  return { origin, seq, hash, isHere }
}

/** Throws `store` where the file that the records are from is still the store. */
export function requireHere(address: PostgresAddress, moved: Moved | undefined): void {
  if (moved === undefined || moved.isHere) return
  throw new EosflowError(
    'store',
    `the store ${addressWords(address)} is a copy: the file that it was copied from, ${moved.origin}, is the store`,
    { hint: 'Move it again, which ends what was begun: eosflow store move FILE ADDRESS.' },
  )
}

/** Says that the file was closed, and this is the store. */
export async function bringHere(questions: Questions, { origin, seq }: Pick<Moved, 'origin' | 'seq'>): Promise<void> {
  const row = await questions.one<{ done: boolean | null }>('SELECT moved_here($1, $2) AS done', [origin, seq])
  if (row?.done !== true)
    throw new EosflowError('store', `what is in the database was not copied from the store ${origin}`, {
      hint: 'Name the database that it was moved to.',
    })
}
