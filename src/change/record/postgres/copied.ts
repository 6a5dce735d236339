import { randomBytes } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import type { ChainFault } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { ClosedStore } from '../sqlite/move-out.ts'
import type { Ask, Questions, Session } from './database.ts'
import { addressWords, type PostgresAddress } from './server-config.ts'

export interface CopyEnd {
  readonly copy: string
  readonly n: number
  readonly hash: string
  readonly newest: number
}

interface KeptCopy extends CopyEnd {
  readonly seal: string
  readonly origin: string
  // The first position behind what was copied; null where nothing is there.
  readonly since: number | null
  readonly isHead: boolean
}

const COPY = `SELECT c.copy, c.n, encode(c.hash, 'hex') AS hash, c.newest, encode(c.seal, 'hex') AS seal, s.origin,
    least((SELECT min(pos) FROM event WHERE pos > c.newest), (SELECT min(pos) FROM register WHERE pos > c.newest)) AS since,
    EXISTS (SELECT 1 FROM register_head h WHERE h.n = c.n AND h.hash = c.hash) AS "isHead"
  FROM copied c, store s`

// What a copy is sealed with, so that no store is called one by whoever has not the key.
function copyText(origin: string, { copy, n, hash, newest }: CopyEnd) {
  return JSON.stringify({ copied: true, copy, hash, n, newest, origin })
}

export async function sealAsCopy(
  session: Session,
  keys: StoreKeys,
  origin: string,
  upTo: Omit<CopyEnd, 'copy'>,
): Promise<string> {
  const end: CopyEnd = { ...upTo, copy: `eosflow.copy/${randomBytes(8).toString('hex')}` }
  await session.send(
    "INSERT INTO copied(copy, n, hash, newest, seal) VALUES ($1, $2, decode($3, 'hex'), $4, decode($5, 'hex'))",
    [end.copy, end.n, end.hash, end.newest, keys.seal(copyText(origin, end))],
  )
  return end.copy
}

async function keptCopy(ask: Ask): Promise<KeptCopy | undefined> {
  const [row] = await ask<KeptCopy>(COPY)
  return row
}

// Throws `store` where it is called one, and is the store.
async function honestCopy(ask: Ask, address: PostgresAddress, keys: StoreKeys) {
  const copy = await keptCopy(ask)
  const fault = copy && faultOf(copy, keys)
  if (fault !== undefined) throw saidCopied(address, fault)
  return copy
}

/** Throws `store` where the file that was copied into a database is still the store, and where the database says so of one that is the store. */
export async function requireStore(ask: Ask, address: PostgresAddress, keys: StoreKeys): Promise<void> {
  const copy = await honestCopy(ask, address, keys)
  if (copy === undefined) return
  const is =
    copy.n === 0
      ? 'was made for a store that is moved here, and nothing of it was copied yet: the file is the store'
      : `is a copy: the file that it was copied from, ${copy.origin}, is the store`
  throw new EosflowError('store', `${addressWords(address)} ${is}`, {
    hint: 'Move it again, which ends what was begun: eosflow store move FILE ADDRESS.',
  })
}

export async function copyFault(ask: Ask, keys: StoreKeys | undefined): Promise<ChainFault | undefined> {
  const copy = await keptCopy(ask)
  return copy && faultOf(copy, keys)
}

/** Throws `store` where it is called one, and is the store. */
export async function isCopy(ask: Ask, address: PostgresAddress, keys: StoreKeys): Promise<boolean> {
  return (await honestCopy(ask, address, keys)) !== undefined
}

function faultOf(copy: KeptCopy, keys: StoreKeys | undefined): ChainFault | undefined {
  const { origin, since, isHead, newest, seal } = copy
  const seq = since ?? newest
  const what =
    since !== null
      ? `it has been written to since (record ${since})`
      : !isHead
        ? 'its register is another one than was copied'
        : keys !== undefined && !keys.isSeal(copyText(origin, copy), seal)
          ? 'no move has sealed that'
          : undefined
  if (what === undefined) return undefined
  const reason = `the database says that it is a copy of a file, and ${what}: only somebody with the rights of its owner can have changed that`
  return { seq, reason }
}

function saidCopied(address: PostgresAddress, { reason }: ChainFault) {
  return new EosflowError('store', `${addressWords(address)}: ${reason}`, {
    hint: 'Find out who had them, and verify it (eosflow audit verify). Its owner makes it the store again: DELETE FROM eosflow.copied.',
  })
}

/** Brings a copy behind the file that was closed for it, so that it is the store. Throws `store` where it is another copy, or what is there was altered. */
export async function bringHere(questions: Questions, closed: ClosedStore): Promise<void> {
  const { copy, record, checkpoint } = closed
  const kept = await keptCopy(questions.ask)
  if (kept?.copy === copy) {
    requireClosed(kept, closed)
    const { covers, ...row } = record
    const given = [copy, JSON.stringify({ ...row, covers: JSON.parse(covers) }), JSON.stringify(checkpoint)]
    await questions.ask('SELECT copied_here($1, $2::jsonb, $3::jsonb)', given)
  }
  // Somebody else may have been faster.
  if (await isHere(questions, closed)) return
  throw new EosflowError('store', `what is in the database is not the copy ${copy} that the store was moved to`, {
    hint: 'Name the database that it was moved to.',
  })
}

function requireClosed({ since, isHead, ...copy }: KeptCopy, { origin, record: { n, pos, prev } }: ClosedStore) {
  const isSame = copy.origin === origin && copy.n === n - 1 && copy.hash === prev && copy.newest === pos - 1
  if (isSame && isHead && since === null) return
  throw new EosflowError('store', `the copy ${copy.copy} is not what was copied any more: somebody has altered it`, {
    hint: 'Find out who had the rights of its owner, and put the database back to what it was: nothing has been written to it since. The file has every record.',
  })
}

async function holds(questions: Questions, condition: string, values: readonly unknown[]) {
  return (await questions.one<{ holds: boolean }>(`SELECT ${condition} AS holds`, values))?.holds === true
}

function isHere(questions: Questions, { origin, record: { n, hash } }: ClosedStore) {
  const same =
    "EXISTS (SELECT 1 FROM store s, register r WHERE s.origin = $1 AND r.n = $2 AND r.hash = decode($3, 'hex'))"
  return holds(questions, same, [origin, n, hash])
}

export async function bringHereIfCopied(questions: Questions, closed: ClosedStore): Promise<void> {
  if (await holds(questions, 'EXISTS (SELECT 1 FROM copied c WHERE c.copy = $1)', [closed.copy]))
    await bringHere(questions, closed)
}

export function isStoreOf(questions: Questions, id: string): Promise<boolean> {
  const same = 'EXISTS (SELECT 1 FROM store s WHERE s.origin = $1) AND NOT EXISTS (SELECT 1 FROM copied)'
  return holds(questions, same, [id])
}
