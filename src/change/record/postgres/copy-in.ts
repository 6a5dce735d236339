import { EosflowError } from '../../../model/error.ts'
import { hexOf } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Value } from '../sqlite/connection.ts'
import { positionsIn } from '../sqlite/kept-rows.ts'
import { type MovingStore, STORED_TABLES, type StoredColumns, type StoredTable } from '../sqlite/move-out.ts'
import { isCopy, sealAsCopy } from './copied.ts'
import { askOver, type Session } from './database.ts'
import { deliveriesText, keptDeliveries } from './deliveries.ts'
import { asOwner, becomeOwner } from './layout.ts'
import type { PostgresAddress } from './server-config.ts'

const TABLES = STORED_TABLES.map(({ name }) => name)

const STATE =
  'SELECT key_check AS "check", EXISTS (SELECT 1 FROM register) OR EXISTS (SELECT 1 FROM event) AS used FROM store'

/** Throws `refused` for a database that has records, and `store`. */
export function copyIn(address: PostgresAddress, store: MovingStore, keys: StoreKeys): Promise<string> {
  return asOwner(address, async (session) => {
    await becomeOwner(session, address)
    const { rows } = await session.send(STATE)
    const [{ check, used } = {}] = rows
    if (check !== store.check)
      throw new EosflowError('store', 'the database was made under another key than the store', {
        hint: 'Make it under the install.key, or the EOSFLOW_KEY, of the store that is moved.',
      })
    const ask = askOver(session)
    if (!(await isCopy(ask, address, keys)) && used === true)
      throw new EosflowError('refused', 'the database already has records', {
        hint: 'Move the store into one that is new: eosflow store init.',
      })
    return copied(session, store, keys)
  })
}

async function copied(session: Session, store: MovingStore, keys: StoreKeys) {
  // The triggers refuse what is emptied, and would take the rows of segments out once more.
  for (const table of TABLES) await session.send(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
  await session.send(`TRUNCATE ${TABLES.join(', ')}, copied`)
  for (const table of STORED_TABLES) for (const rows of store.rows(table)) await insert(session, table, rows)
  for (const table of TABLES) await session.send(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
  const { origin, whole } = store
  const { newest, register } = whole
  await session.send('UPDATE store SET origin = $1', [origin])
  const { rows } = await keptDeliveries(askOver(session))
  await session.send("UPDATE delivery_head SET seal = decode($1, 'hex')", [keys.seal(deliveriesText(origin, rows))])
  await session.send("SELECT setval('position', greatest($1::bigint, 1), $1::bigint > 0)", [newest])
  return sealAsCopy(session, keys, origin, { n: register.n, hash: register.hash, newest })
}

// SQLite has lists as JSON, and times in milliseconds since the epoch.
function given(column: string, value: Value) {
  if (value instanceof Uint8Array) return `\\x${hexOf(value)}`
  if (column === 'put') return new Date(Number(value)).toISOString()
  return column === 'covers' || column === 'uncovered' ? positionsIn(String(value)) : value
}

async function insert(session: Session, { name, columns }: StoredTable, rows: readonly StoredColumns[]) {
  const named = columns.join(', ')
  const made = rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column, given(column, row[column] ?? null)])),
  )
  await session.send(`INSERT INTO ${name}(${named}) SELECT ${named} FROM json_populate_recordset(NULL::${name}, $1)`, [
    JSON.stringify(made),
  ])
}
