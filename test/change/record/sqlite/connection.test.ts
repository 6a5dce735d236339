import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { Connection } from '../../../../src/change/record/sqlite/connection.ts'
import { thrownBy } from './open-for-test.ts'

const NUMBERS = "SELECT value FROM json_each('[1,2,3]')"

/** A connection that says which rows were asked for: each asks the function `seen`. */
function counting() {
  const database = new Database(':memory:')
  const seen: unknown[] = []
  database.function('seen', (value) => {
    seen.push(value)
    return value as number
  })
  return { connection: new Connection(database, 'a.db'), seen }
}

test('rows that are walked are read one at a time, and no further than they are asked for', () => {
  const { connection, seen } = counting()
  const walked = connection.moment(() => {
    for (const row of connection.each<{ value: number }>('SELECT seen(value) AS value FROM json_each(?)', '[1,2,3]'))
      if (row.value === 2) return [...seen]
    return []
  })
  expect(walked).toEqual([1, 2])
  // What is left of a walk does not hold the connection.
  connection.run('CREATE TABLE a(b)')
  expect([...connection.each(NUMBERS)]).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }])
})

test('what SQLite refuses in the middle of a walk is an error of the store, and what its reader throws is not', async () => {
  const { connection } = counting()
  const broken = 'SELECT json_extract(value, \'$\') AS value FROM json_each(\'["1","{"]\')'
  expect(await thrownBy(() => [...connection.each(broken)])).toMatchObject({ kind: 'store' })
  const own = new Error('own')
  const read = () => {
    for (const _ of connection.each(NUMBERS)) throw own
  }
  expect(await thrownBy(read)).toBe(own)
})
