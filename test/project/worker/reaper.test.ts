import { expect, test } from 'vitest'
import type { OwnedExecution } from '../../../src/change/record/store/workers.ts'
import { Reaper } from '../../../src/project/worker/worker.ts'

/** A store with processes, and a clock that a test sets. */
class Table {
  now = 0
  isAway = false
  readonly rows = new Map<string, { beat: number; ttl: number; dead?: string; driven: OwnedExecution[] }>()
  readonly orphaned: string[] = []
  readonly reaped: string[] = []
  readonly failed: string[] = []
  /** Who has found a death that is not on record, and when. */
  readonly unsaid: string[] = []
  isSaid = false
  /** An execution of which nobody can be told. */
  unreadable = ''
  /** An execution whose sending never ends. */
  stuck = ''

  constructor(...ids: readonly string[]) {
    for (const id of ids) this.rows.set(id, { beat: 0, ttl: 10_000, driven: [{ execution: `x-${id}`, token: 1 }] })
  }

  reaper(own: string): Reaper {
    return new Reaper({
      workers: {
        own,
        list: async () => {
          if (this.isAway) throw new Error('the store is away')
          return [...this.rows].map(([id, { beat, ttl, dead, driven }]) => ({
            id,
            kind: 'worker',
            sites: [],
            version: '0',
            since: '',
            beat: String(beat),
            ttl,
            age: 0,
            driven,
            lastSign: '',
            ...(dead === undefined ? {} : { dead, isOnRecord: this.isSaid }),
          }))
        },
        reap: async (id, beat) => {
          const row = this.rows.get(id)
          if (row === undefined || row.dead !== undefined || String(row.beat) !== beat) return false
          row.dead = 'now'
          return true
        },
      },
      clock: { monotonic: () => this.now },
      orphaned: async ({ execution }) => {
        if (execution === this.unreadable) throw new Error('its chain is broken')
        this.orphaned.push(`${own}: ${execution}`)
        if (execution === this.stuck) await new Promise(() => undefined)
      },
      failed: (execution) => void this.failed.push(`${own}: ${execution}`),
      unrecorded: () => void this.unsaid.push(`${own}: ${this.now}`),
      reaped: ({ id }) => void this.reaped.push(`${own}: ${id}`),
    })
  }

  /** Looks every two seconds for so long, while these give signs of life. */
  async pass(seconds: number, reapers: readonly Reaper[], living: readonly string[]): Promise<void> {
    for (let end = this.now + seconds * 1000; this.now < end; ) {
      this.now += 2000
      for (const id of living) {
        const row = this.rows.get(id)
        if (row !== undefined) row.beat += 1
      }
      for (const one of reapers) await one.look().catch(() => undefined)
    }
  }
}

test('who gives no sign of life for the TTL is dead, and not before; itself nobody declares dead', async () => {
  const table = new Table('a', 'b')
  const reaper = table.reaper('a')
  await table.pass(10, [reaper], [])
  expect(table.reaped).toEqual([])
  await table.pass(2, [reaper], [])
  expect(table.reaped).toEqual(['a: b'])
  expect(table.orphaned).toEqual(['a: x-b'])
  await table.pass(60, [reaper], [])
  expect(table.reaped).toEqual(['a: b'])
})

test('who gives signs of life lives, however long', async () => {
  const table = new Table('a', 'b')
  await table.pass(600, [table.reaper('a')], ['b'])
  expect(table.reaped).toEqual([])
})

test('[G110] of two reapers one wins, and both send somebody to what is left as long as nobody has it', async () => {
  const table = new Table('a', 'b', 'c')
  const reapers = [table.reaper('a'), table.reaper('b')]
  await table.pass(12, reapers, ['a', 'b'])
  expect(table.reaped).toEqual(['a: c'])
  expect(table.orphaned.toSorted()).toEqual(['a: x-c', 'b: x-c'])
  table.orphaned.length = 0
  table.rows.get('c')?.driven.splice(0)
  await table.pass(20, reapers, ['a', 'b'])
  expect(table.orphaned).toEqual([])
})

test.each([
  ['the store was away', 30],
  ['this process was frozen', 0],
])('where %s for longer than the TTL, everybody has a fresh term', async (_, away) => {
  const table = new Table('a', 'b')
  const reaper = table.reaper('a')
  await table.pass(8, [reaper], [])
  table.isAway = true
  if (away > 0) await table.pass(away, [reaper], [])
  else table.now += 30_000
  table.isAway = false
  await table.pass(8, [reaper], [])
  expect(table.reaped).toEqual([])
  await table.pass(6, [reaper], [])
  expect(table.reaped).toEqual(['a: b'])
})

test('who comes back at the last moment lives: the sign of life that was seen is compared where it is written', async () => {
  const table = new Table('a', 'b')
  const reaper = table.reaper('a')
  await table.pass(10, [reaper], [])
  const row = table.rows.get('b')
  const list = reaper.look()
  if (row !== undefined) row.beat += 1
  await list
  expect(table.reaped).toEqual([])
})

test('one execution that cannot be sent for keeps nobody from the others, and nobody from being declared dead', async () => {
  const table = new Table('a', 'b', 'c')
  table.unreadable = 'x-b'
  table.rows.get('b')?.driven.push({ execution: 'x-b2', token: 1 })
  const reaper = table.reaper('a')
  await table.pass(12, [reaper], ['a', 'c'])
  expect([table.reaped, table.orphaned, table.failed]).toEqual([['a: b'], ['a: x-b2'], ['a: x-b']])
  await table.pass(12, [reaper], ['a'])
  expect(table.reaped).toEqual(['a: b', 'a: c'])
  expect(table.orphaned).toContain('a: x-c')
})

test('each is dead after the term that it has named itself, whatever term the one has that looks', async () => {
  const table = new Table('a', 'b', 'c')
  for (const [id, ttl] of [
    ['b', 30_000],
    ['c', 4_000],
  ] as const) {
    const row = table.rows.get(id)
    if (row !== undefined) row.ttl = ttl
  }
  const reaper = table.reaper('a')
  await table.pass(8, [reaper], ['a'])
  expect(table.reaped).toEqual(['a: c'])
  await table.pass(22, [reaper], ['a'])
  expect(table.reaped).toEqual(['a: c'])
  await table.pass(4, [reaper], ['a'])
  expect(table.reaped).toEqual(['a: c', 'a: b'])
})

test('somebody who is sent for and takes long keeps nobody else from being declared dead, and is sent for once', async () => {
  const table = new Table('a', 'b', 'c')
  table.stuck = 'x-b'
  const reaper = table.reaper('a')
  await table.pass(12, [reaper], ['a', 'c'])
  expect(table.reaped).toEqual(['a: b'])
  const looked = Promise.race([
    table.pass(14, [reaper], ['a']).then(() => 'looked'),
    new Promise((resolve) => setTimeout(resolve, 2000)),
  ])
  expect(await looked).toBe('looked')
  expect(table.reaped).toEqual(['a: b', 'a: c'])
  expect(table.orphaned.filter((one) => one === 'a: x-b')).toHaveLength(1)
})

test('a death that is not on record is said at each look, by everybody, until it is', async () => {
  const table = new Table('a', 'b', 'c')
  const reapers = [table.reaper('a'), table.reaper('b')]
  await table.pass(10, reapers, ['a', 'b'])
  expect(table.unsaid).toEqual([])
  await table.pass(4, reapers, ['a', 'b'])
  expect(table.unsaid).toEqual(['a: 12000', 'b: 12000', 'a: 14000', 'b: 14000'])
  table.isSaid = true
  await table.pass(4, reapers, ['a', 'b'])
  expect(table.unsaid).toHaveLength(4)
})
