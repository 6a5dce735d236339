import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import type { Notes } from '../../../../src/change/record/store/notes.ts'
import { openProjectStore } from '../../../../src/project/app/store/project-store.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { planOf } from '../../../change/plan/material.ts'
import { hostIn } from '../../../lab/opened-app.ts'
import { adminOf, asSuperuser, serverForTests } from '../../../postgres/store-for-test.ts'
import { ended, knownOf } from '../../execution/taken-forms-contract.ts'
import { movedProject, writeStore } from './moved-project.ts'

const servers = serverForTests()
const WHY = ['--reason', 'more than one machine']
type Row = Readonly<Record<string, unknown>>

async function tablesIn(address: PostgresAddress) {
  const columns = await asSuperuser(
    address,
    "SELECT table_name AS name, array_agg(column_name::text ORDER BY column_name::text) AS columns FROM information_schema.columns WHERE table_schema = 'eosflow' GROUP BY 1",
  )
  const read = columns.map(async ({ name, columns }) => {
    const rows = await asSuperuser(address, `SELECT * FROM eosflow.${name}`)
    return [String(name), { columns: columns as string[], rows }] as const
  })
  return new Map(await Promise.all(read))
}

function tablesOf(file: string) {
  const database = new Database(file, { readonly: true })
  const names = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1").pluck()
  const tables = names.all().map((name) => {
    const columns = database.prepare<[string], string>('SELECT name FROM pragma_table_xinfo(?)').pluck().all(name)
    const rows = database.prepare<[], Row>(`SELECT * FROM ${name}`).all()
    return [name, { columns: columns.toSorted(), rows }] as const
  })
  database.close()
  return new Map(tables)
}

const LISTS = ['covers', 'uncovered']
const FLAGS = ['one', 'is_open', 'has_acted']

/** A value, the same of both: SQLite has lists as JSON, flags as 0 and 1, and times as milliseconds. */
function same(column: string, value: unknown) {
  if (LISTS.includes(column) && typeof value === 'string') return JSON.parse(value)
  if (FLAGS.includes(column)) return value === 1 || value === true
  if (value instanceof Date) return value.getTime()
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

const textsOf = (rows: readonly Row[], columns: readonly string[]) =>
  rows.map((row) => JSON.stringify(columns.map((column) => same(column, row[column])))).toSorted()

/** What one has and the other has not. */
const only = (of: readonly string[], other: readonly string[]) => of.filter((name) => !other.includes(name))

test('every row of a store with segments, a rotated key, leases and deliveries is in the database as it was in the file', async () => {
  const { dir, file, url, id, done: eosflow } = await movedProject(servers.server, 6)
  await eosflow('audit', 'export', '--format', 'jsonl', '--to', 'before.jsonl')
  await eosflow('store', 'seal', '--keep', '4', '--reason', 'it is long')
  appendFileSync(
    join(dir, 'eosflow.yaml'),
    'audit: { anchors: [{ name: worm, file: worm.note }], sinks: [{ name: siem, format: jsonl, file: siem.jsonl }] }\n',
  )
  await eosflow('freeze', '--reason', 'a maintenance')
  const host = hostIn(dir)
  const inStore = async <T>(ask: (notes: Notes) => Promise<T>) => {
    const { notes, store } = await openProjectStore(openProject(host, {}), host)
    return ask(notes).finally(() => store.close())
  }
  const isUsed = () => inStore(async (notes) => !(await notes.put('spent begun', 'a token', '', { lasts: 86_400_000 })))
  const confirmed = () =>
    inStore(async (notes) => {
      await ended(notes, planOf(), { leaf1: 'changed' }, executionOfKinds)
      return knownOf(notes)
    })
  let executionOfKinds = 'e1'
  const known = await confirmed()
  // Whatever ends from here on is another execution.
  executionOfKinds = 'e2'
  expect(known).toMatchObject({ kinds: [expect.anything(), expect.anything()] })
  expect(await isUsed()).toBe(false)
  writeFileSync(join(dir, '.eosflow/install.next.key'), `${'7'.repeat(64)}\n`, { mode: 0o600 })
  await eosflow('key', 'rotate', 'install', '--reason', 'a laptop was lost')
  await eosflow('unfreeze', '--reason', 'it is over', '--all')
  await eosflow('store', 'init', url)
  await eosflow('store', 'move', '.', url, ...WHY)

  const address = { ...adminOf(servers.server), database: new URL(url).pathname.slice(1) }
  const [there, here] = [tablesOf(file), await tablesIn(address)]
  const [inFile, inDatabase] = [[...there.keys()], [...here.keys()]]
  expect(only(inFile, inDatabase)).toEqual(['node'])
  expect(only(inDatabase, inFile).toSorted()).toEqual([
    ...['copied', 'delivery_head', 'freeze_lock', 'hold', 'migration', 'timeline', 'worker'],
  ])
  const counts: Record<string, number> = {}
  const columnsOfFile: string[] = []
  const columnsOfDatabase: string[] = []
  for (const [name, { columns, rows }] of there) {
    const found = here.get(name)
    if (found === undefined) continue
    const both = columns.filter((column) => found.columns.includes(column))
    columnsOfFile.push(...only(columns, both).map((column) => `${name}.${column}`))
    columnsOfDatabase.push(...only(found.columns, both).map((column) => `${name}.${column}`))
    expect(textsOf(found.rows, both), name).toEqual(textsOf(rows, both))
    counts[name] = rows.length
  }
  expect(columnsOfDatabase).toEqual(['event.at', 'event.type', 'execution.worker', 'register.at'])
  expect(columnsOfFile).toEqual([
    'execution.place',
    'lease.place',
    ...[
      'deliveries',
      'execution_root',
      'executions',
      'latest',
      'lease_root',
      'leases',
      'newest',
      'notes',
      'open',
      'whole',
    ].map((column) => `register_head.${column}`),
  ])
  // Two executions have left the store: three rows of each, and its task token.
  expect(counts).toEqual({
    ...{ blob: 6, delivery: 2, event: 42, execution: 6, lease: 2, register: 24, task_token: 4, used: 6 },
    ...{ checkpoint: expect.any(Number), checkpoint_head: 1, register_head: 1, store: 1 },
    ...{ note: 5, note_head: 2 },
  })
  expect(here.get('copied')?.rows).toEqual([])

  // The record goes on, and so do the file of the anchor and what was exported.
  writeStore(dir, url)
  expect(await eosflow('store', 'id')).toBe(`${id}\n`)
  expect(await isUsed()).toBe(true)
  expect(await confirmed()).toEqual(known)
  await eosflow('freeze', '--reason', 'once more')
  const verified = JSON.parse(await eosflow('audit', 'verify', '--json'))
  expect(verified).toMatchObject({ outcome: 'intact', signatures: 'judged' })
  // Each checkpoint was sent to the anchor once.
  expect(verified.anchors).toBe(verified.checkpoints)
  await eosflow('audit', 'verify', 'before.jsonl')
})
