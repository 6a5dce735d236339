import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { addressWords, type PostgresAddress } from './address.ts'
import { type Deviation, deviations } from './catalogue.ts'
import { askOver, Questions, type Session } from './database.ts'
import { SCHEMAS } from './rights.ts'

// Functions and operators are those of PostgreSQL, whatever lies in a schema of the store.
const ONLY_CATALOG = 'SET LOCAL search_path = pg_catalog, pg_temp'
const AS_BEFORE = 'SET LOCAL search_path = eosflow, pg_temp'

const TABLES = `SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname) AS tables
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p')`

/**
 * Has the schemas of eosflow as the table of rights says, within a transaction of whoever owns them and before anything is written there: what somebody
 * has planted would run with the rights of who writes. Throws `store` where something is there that only a person can judge.
 */
export async function putRight(session: Session, address: PostgresAddress): Promise<void> {
  await session.send(ONLY_CATALOG)
  const ask = askOver(session)
  const found = await deviations(ask)
  requireNone(found, address)
  if (found.some(({ mend }) => mend !== undefined)) {
    const [{ tables } = {}] = await ask<{ tables: string | null }>(TABLES, [[...SCHEMAS]])
    if (typeof tables === 'string') await session.send(`LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`)
    // Looked at again as often as something comes to light that was behind something else: a right that is given again once all were taken back.
    for (let round = 0; round < 3; round += 1) {
      const left = await deviations(ask)
      requireNone(left, address)
      for (const { mend } of left) if (mend !== undefined) await session.send(mend)
    }
    requireNothingLeft(await deviations(ask), address)
  }
  await session.send(AS_BEFORE)
}

function requireNone(found: readonly Deviation[], address: PostgresAddress) {
  const grave = found.find(({ stops }) => stops)
  if (grave === undefined) return
  throw new EosflowError('store', `nothing is written to ${addressWords(address)}: ${grave.what}`, {
    ...definedMembers({ hint: grave.hint }),
  })
}

function requireNothingLeft(found: readonly Deviation[], address: PostgresAddress) {
  requireNone(found, address)
  const left = found.find(({ mend }) => mend !== undefined)
  if (left === undefined) return
  throw new EosflowError(
    'store',
    `nothing is written to ${addressWords(address)}: ${left.what}, also once it was put right`,
    {
      hint: 'Find out who puts it there again, and take it away; then try again.',
    },
  )
}

/** Throws `store`. */
export async function foundDeviations(address: PostgresAddress): Promise<readonly Deviation[]> {
  const questions = new Questions(address, { name: 'eosflow, checking' })
  try {
    return await questions.view(async (ask) => {
      await ask(ONLY_CATALOG)
      return deviations(ask)
    })
  } finally {
    await questions.close()
  }
}
