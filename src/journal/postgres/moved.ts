import { EosflowError } from '../../model/error.ts'
import type { ChainFault } from '../chain.ts'
import { addressWords, type PostgresAddress } from './address.ts'
import type { Questions } from './database.ts'

/** Where the records of a store are from that were moved into it. */
export interface StoreOrigin {
  readonly origin: string
  /** How many they are. */
  readonly seq: number
  readonly hash: Uint8Array
  /** Whether the file that they are from was closed: until then the file is the store. */
  readonly isHere: boolean
}

type Ask = Questions['ask']

/** Where the records of this store are from; undefined for one that began here. */
export async function movedIn(ask: Ask): Promise<StoreOrigin | undefined> {
  const [row] = await ask<{ origin: string; seq: number; hash: Buffer; is_here: boolean }>(
    'SELECT origin, seq, hash, is_here FROM moved',
  )
  if (row === undefined) return undefined
  const { origin, seq, hash, is_here: isHere } = row
  return { origin, seq, hash, isHere }
}

/** Throws `store` where the file that the records are from is still the store, and where the database says so of one that has been the store since. */
export async function requireHere(ask: Ask, address: PostgresAddress, moved: StoreOrigin | undefined): Promise<void> {
  if (moved === undefined || moved.isHere) return
  const fault = await awayFault(ask, moved)
  if (fault !== undefined) throw saidAway(address, fault)
  throw new EosflowError(
    'store',
    `the store ${addressWords(address)} is a copy: the file that it was copied from, ${moved.origin}, is the store`,
    { hint: 'Move it again, which ends what was begun: eosflow store move FILE ADDRESS.' },
  )
}

/** What shows that a store which is said not to be here has been here: nothing but a move writes to a copy. */
export async function awayFault(ask: Ask, { seq, isHere }: StoreOrigin): Promise<ChainFault | undefined> {
  if (isHere) return undefined
  const [row] = await ask<{ record: number | null; checkpoint: number | null }>(
    `SELECT least((SELECT min(pos) FROM event WHERE pos > $1), (SELECT min(pos) FROM register WHERE pos > $1 + 1)) AS record,
      (SELECT min(id) FROM checkpoint) AS checkpoint`,
    [seq],
  )
  const { record = null, checkpoint = null } = row ?? {}
  if (record === null && checkpoint === null) return undefined
  const what = record === null ? `checkpoint ${checkpoint}` : `record ${record}`
  return {
    seq: record ?? seq + 1,
    reason: `the database says that its store is not here, and the store has written here since it was moved (${what}): only somebody with the rights of its owner can have changed that`,
  }
}

/** Throws `store` where what is said to be a copy has been the store since. */
export async function requireCopy(ask: Ask, address: PostgresAddress): Promise<void> {
  const moved = await movedIn(ask)
  const fault = moved === undefined ? undefined : await awayFault(ask, moved)
  if (fault !== undefined) throw saidAway(address, fault)
}

function saidAway(address: PostgresAddress, { reason }: ChainFault): EosflowError {
  return new EosflowError('store', `${addressWords(address)}: ${reason}`, {
    hint: 'Find out who had them, and verify it (eosflow audit verify). Its owner brings it back: SELECT eosflow.moved_here(origin, seq) FROM eosflow.moved.',
  })
}

/** Says that the file was closed, and this is the store. */
export async function bringHere(
  questions: Questions,
  { origin, seq }: Pick<StoreOrigin, 'origin' | 'seq'>,
): Promise<void> {
  const row = await questions.one<{ done: boolean | null }>('SELECT moved_here($1, $2) AS done', [origin, seq])
  if (row?.done !== true)
    throw new EosflowError('store', `what is in the database was not copied from the store ${origin}`, {
      hint: 'Name the database that it was moved to.',
    })
}
