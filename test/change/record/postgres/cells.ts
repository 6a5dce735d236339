import { Session } from '../../../../src/change/record/postgres/database.ts'
import { sqlStateOf } from '../../../../src/change/record/postgres/postgres-error.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import type { Cell, ColumnType, Row, Table } from '../chains/cells.ts'

/** The tables of the store in a database, each column of each as the catalogue has it. */
const COLUMNS = `SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, NULL) AS type, a.attgenerated <> '' AS "isComputed",
    NOT a.attnotnull AS "isNullable", coalesce(a.attnum = ANY(i.indkey), false) AS "isKey"
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
  WHERE c.relnamespace = 'eosflow'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY c.relname, a.attnum`

interface CatalogueColumn {
  readonly table: string
  readonly column: string
  readonly type: string
  readonly isComputed: boolean
  readonly isNullable: boolean
  readonly isKey: boolean
}

/** A unique index has no place for it, or no type has such a value. */
const NO_PLACE: readonly string[] = ['23505', '22P02', '22003', '22007', '22008']

/**
 * A store in a database as its superuser has it who has no key: past every trigger, check and foreign key, also in what PostgreSQL would compute.
 * What was done is undone by putting the rows back.
 */
export class TamperedTables {
  readonly #session: Session
  readonly #columns: readonly CatalogueColumn[]

  private constructor(session: Session, columns: readonly CatalogueColumn[]) {
    this.#session = session
    this.#columns = columns
  }

  /** Takes away what keeps somebody from writing what they like. What is computed is computed by a trigger from then on, so that others can write. */
  static async of(address: PostgresAddress): Promise<TamperedTables> {
    const session = new Session({ ...address, user: 'postgres' }, { name: 'test' })
    await session.open()
    const columns = (await session.send(COLUMNS)).rows as unknown as readonly CatalogueColumn[]
    for (const table of new Set(columns.map((column) => column.table))) {
      const computed = columns.filter((column) => column.table === table && column.isComputed)
      if (computed.length > 0) await computeByTrigger(session, table, computed)
    }
    const { rows } = await session.send(
      `SELECT conrelid::regclass AS "table", conname FROM pg_constraint WHERE connamespace = 'eosflow'::regnamespace AND contype = 'c'`,
    )
    for (const { table, conname } of rows) await session.send(`ALTER TABLE ${table} DROP CONSTRAINT ${conname}`)
    await session.send('SET session_replication_role = replica')
    return new TamperedTables(session, columns)
  }

  get names(): readonly string[] {
    return [...new Set(this.#columns.map(({ table }) => table))]
  }

  /** Keeps what is there in another schema. */
  async keep(as: 'now' | 'then'): Promise<void> {
    await this.#session.send(`CREATE SCHEMA kept_${as}`)
    for (const table of this.names)
      await this.#session.send(`CREATE TABLE kept_${as}.${table} AS TABLE eosflow.${table}`)
    await this.#session.send(`CREATE TABLE kept_${as}.position AS SELECT last_value FROM eosflow.position`)
  }

  /** Puts back what was kept as it is now. */
  async restore(): Promise<void> {
    const each = this.names.map((table) => `DELETE FROM ${table}; INSERT INTO ${table} TABLE kept_now.${table};`)
    await this.#session.send(
      `DO $$ BEGIN ${each.join(' ')} PERFORM setval('position', (SELECT last_value FROM kept_now.position)); END $$`,
    )
  }

  /** The tables as they were kept. */
  async tables(): Promise<readonly Table[]> {
    const tables: Table[] = []
    for (const name of this.names) {
      const columns = this.#columns.filter(({ table }) => table === name)
      const key = columns.filter(({ isKey }) => isKey).map(({ column }) => column)
      const rowsOf = async (schema: string): Promise<readonly Row[]> => {
        const texts = columns.map(({ column }) => `${column}::text AS ${column}`).join(', ')
        const order = key.map((column) => `t.${column}`).join(', ')
        return (await this.#session.send(`SELECT ${texts} FROM ${schema}.${name} t ORDER BY ${order}`)).rows
      }
      tables.push({
        name,
        columns: columns.map(({ column, type, isNullable }) => ({ name: column, type: typeNamed(type), isNullable })),
        key,
        rows: await rowsOf('kept_now'),
        older: await rowsOf('kept_then'),
      })
    }
    return tables
  }

  /** Does to the store what a cell says. False where PostgreSQL itself has no place for such rows. */
  async tamper({ table, rows }: Pick<Cell, 'table' | 'rows'>): Promise<boolean> {
    try {
      await this.#session.send('BEGIN')
      await this.#session.send(`DELETE FROM ${table}`)
      await this.#session.send(
        `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
        [JSON.stringify(rows)],
      )
      await this.#session.send('COMMIT')
      return true
    } catch (thrown) {
      await this.#session.send('ROLLBACK')
      if (NO_PLACE.includes(sqlStateOf(thrown) ?? '')) return false
      throw thrown
    }
  }

  close(): Promise<void> {
    return this.#session.close()
  }
}

async function computeByTrigger(session: Session, table: string, columns: readonly CatalogueColumn[]) {
  const { rows } = await session.send(
    `SELECT a.attname AS "column", pg_get_expr(d.adbin, d.adrelid) AS expression FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      WHERE d.adrelid = $1::regclass AND a.attgenerated <> ''`,
    [table],
  )
  const sets = rows.map(({ column, expression }) => {
    const of = String(expression).replaceAll(/\bbody\b/g, 'NEW.body')
    return `NEW.${column} := ${of};`
  })
  for (const { column } of columns) await session.send(`ALTER TABLE ${table} ALTER COLUMN ${column} DROP EXPRESSION`)
  await session.send(
    `CREATE FUNCTION computed_${table}() RETURNS trigger LANGUAGE plpgsql SET search_path = eosflow AS $$ BEGIN ${sets.join(' ')} RETURN NEW; END $$`,
  )
  await session.send(
    `CREATE TRIGGER computed BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION computed_${table}()`,
  )
}

/** What the value of each type can be made: all of them as text. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  text: { altered: (value) => `${value ?? ''}x`, empty: '' },
  bigint: numbers(),
  integer: numbers(),
  boolean: { altered: (value) => String(value !== 'true'), empty: 'false' },
  bytea: {
    altered: (value) =>
      String(value ?? '\\x00').replace(/..$/, (last) => (Number.parseInt(last, 16) ^ 1).toString(16).padStart(2, '0')),
    empty: `\\x${'00'.repeat(32)}`,
  },
  'bigint[]': {
    altered: (value) =>
      value === '{}' || value === null ? '{1}' : String(value).replace(/(\d+)\}$/, (_, last) => `${Number(last) + 1}}`),
    empty: '{}',
    others: { 'with one more': (value) => (value === '{}' ? '{2}' : String(value).replace('}', ',900}')) },
  },
  'text[]': { altered: () => '{other}', empty: '{}' },
  interval: {
    altered: (value) => `${value ?? '0'} 1 hour`,
    empty: '0',
    others: { 'below zero': () => '-1 hour' },
  },
  'timestamp with time zone': {
    altered: (value) =>
      value === null ? '2026-01-05 08:00:00+00' : String(value).replace(/^\d{4}/, (year) => String(Number(year) - 1)),
    empty: '-infinity',
    others: { 'in years': () => '2126-01-05 08:00:00+00' },
  },
}

function numbers(): ColumnType {
  return {
    altered: (value) => String(Number(value) + 1),
    empty: '0',
    others: { 'below zero': (value) => String(-1 - Number(value)) },
  }
}

function typeNamed(type: string): ColumnType {
  const found = TYPES[type]
  if (found === undefined) throw new Error(`no cells are made of ${type}`)
  return found
}
