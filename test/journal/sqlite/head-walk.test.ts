import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { BrokenChainError, type ChainRow, chainRow, genesis } from '../../../src/journal/chain.ts'
import { ForeignWrites } from '../../../src/journal/sqlite/foreign-writes.ts'
import { HeadWalk } from '../../../src/journal/sqlite/head-walk.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { freshFolder } from './open-for-test.ts'

const START = genesis('test')

/** A walk over a chain of rows in memory, whose file is a real one. `from` are the positions behind which it was walked. */
function bench() {
  const path = join(freshFolder(), 'store.sqlite')
  const database = new Database(path)
  const other = new Database(path)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t(x)')
  onTestFinished(() => {
    other.close()
    database.close()
  })
  const clock = new VirtualClock()
  const rows: ChainRow[] = []
  const from: number[] = []
  let whole = 0
  const write = (body: string): void => {
    rows.push(chainRow(rows.at(-1) ?? START, body))
  }
  const walk = new HeadWalk({
    clock,
    foreign: new ForeignWrites(database, path),
    walk: (before) => {
      from.push(before.seq)
      return { ...(rows.at(-1) ?? START), latest: undefined }
    },
    readAnew: () => undefined,
    requireAll: () => {
      whole += 1
    },
  })
  return { database, other, clock, rows, from, write, walk, counted: () => whole }
}

test('what was walked is not walked again while only this connection writes', () => {
  const { database, rows, from, write, walk, counted } = bench()
  for (const body of ['a', 'b', 'c']) write(body)
  const decisions = rows.slice(0, 1)
  expect(walk.faultSince('p', START, decisions)).toBeUndefined()
  database.exec('INSERT INTO t VALUES (1)')
  write('d')
  expect(walk.faultSince('p', START, decisions)).toBeUndefined()
  expect(walk.faultSince('p', START, decisions)).toBeUndefined()
  expect(from).toEqual([0, 3, 4])
  expect(counted()).toBe(1)
})

test('a decision that is new is walked with what is new', () => {
  const { rows, from, write, walk } = bench()
  write('a')
  expect(walk.faultSince('p', START, rows.slice(0, 1))).toBeUndefined()
  write('b')
  expect(walk.faultSince('p', START, rows.slice(0, 2))).toBeUndefined()
  expect(from).toEqual([0, 1])
})

test('everything is walked again once anybody else has written, and after a minute', async () => {
  const { other, clock, rows, from, write, walk, counted } = bench()
  for (const body of ['a', 'b']) write(body)
  const decisions = rows.slice(0, 1)
  walk.faultSince('p', START, decisions)
  other.exec('INSERT INTO t VALUES (2)')
  walk.faultSince('p', START, decisions)
  await clock.advance(59_999)
  walk.faultSince('p', START, decisions)
  await clock.advance(1)
  walk.faultSince('p', START, decisions)
  expect(from).toEqual([0, 0, 2, 0])
  expect(counted()).toBe(3)
})

test.each<[string, (rows: readonly ChainRow[]) => readonly ChainRow[]]>([
  ['is gone', () => []],
  ['has another text', ([row]) => (row === undefined ? [] : [{ ...row, body: 'other' }])],
  ['has another hash', ([row]) => (row === undefined ? [] : [chainRow(START, 'other')])],
  ['was put before', (rows) => rows],
])('everything is walked again when a decision that was walked %s', (how, later) => {
  const { rows, from, write, walk } = bench()
  for (const body of ['a', 'b']) write(body)
  walk.faultSince('p', START, how === 'was put before' ? [] : rows.slice(0, 1))
  walk.faultSince('p', START, later(rows.slice(0, 1)))
  expect(from).toEqual([0, 0])
})

test('a fault is kept from nobody: the next walk is a whole one', () => {
  const { database, clock } = bench()
  let faults = 0
  const walk = new HeadWalk({
    clock,
    foreign: new ForeignWrites(database, ':memory:'),
    walk: () => {
      faults += 1
      throw new BrokenChainError({ seq: 1, reason: 'its content was altered' })
    },
    readAnew: () => undefined,
    requireAll: () => undefined,
  })
  expect(walk.faultSince('p', START, [])).toBeInstanceOf(BrokenChainError)
  expect(walk.faultSince('p', START, [])).toBeInstanceOf(BrokenChainError)
  expect(faults).toBe(2)
})

test('what was walked for one is not walked again for another that begins later', () => {
  const { rows, from, write, walk, counted } = bench()
  for (const body of ['a', 'b', 'c']) write(body)
  walk.verify(START)
  const second = rows[0]
  expect(second?.seq).toBe(1)
  if (second !== undefined) walk.verify(second)
  expect(walk.faultSince('p', START, rows.slice(2, 3))).toBeUndefined()
  expect(walk.faultSince('p', START, rows.slice(2, 3))).toBeUndefined()
  // A plan is looked at for the first time: all is walked, and that nothing is missing is counted once.
  expect(from).toEqual([0, 3, 0, 3])
  expect(counted()).toBe(1)
})

test('what begins before what was walked is walked from there', () => {
  const { rows, from, write, walk } = bench()
  for (const body of ['a', 'b', 'c']) write(body)
  if (rows[1] !== undefined) walk.verify(rows[1])
  walk.verify(START)
  expect(from).toEqual([2, 0])
})
