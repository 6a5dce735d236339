import { hash as digestOf } from 'node:crypto'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { SegmentFiles } from '../../../../src/change/record/chains/retired-segments.ts'
import { openStore, type SqliteStore } from '../../../../src/change/record/sqlite/open-store.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { fill } from '../fill-store.ts'
import { ALICE } from '../one-of-each-event.ts'
import { asAlice, freshPath, KEY, thrownBy } from './open-for-test.ts'

const LATER = '2026-02-01T00:00:00.000Z'

/** A store that has let go the records of its first execution, and the files of its segments. */
async function retired(path: string) {
  const kept = new Map<string, Uint8Array>()
  const files: SegmentFiles = { path: (file) => file, bytes: (file) => kept.get(file) }
  const clock = new VirtualClock()
  const open = async () => asAlice(await openStore({ path, installKey: KEY, clock, segments: files }))
  const store = await open()
  await fill(store, () => store.audit.close())
  // Another execution takes the switch that the first one had.
  await store.append('x3', [{ type: 'ActIntended', act: 'stage', device: 'leaf1', session: 's', checkpoint: 'c' }])
  const record = await segmentOf(store, kept)
  await store.append(undefined, [{ type: 'SegmentRetired', principal: ALICE, reason: 'a year', ...record }])
  return { store, kept, clock, open, record }
}

async function segmentOf(store: SqliteStore, kept: Map<string, Uint8Array>) {
  const { retirement } = store
  const asked = { executions: [], through: 1_000, now: LATER }
  const leaving = await retirement.leaving({ before: LATER }, asked)
  expect(leaving).toEqual([{ id: 'x1', n: 6, first: 1, last: 7 }])
  const content = await retirement.content(leaving)
  let lines = ''
  await retirement.write(content, (line) => {
    lines += line
  })
  const file = 'executions-1-7-0123456789abcdef.jsonl'
  kept.set(file, Buffer.from(lines))
  return { ...content, file, digest: digestOf('sha256', lines, 'base64') }
}

test('takes the records of an execution out with the record that says so, and reads them from their segment', async () => {
  const path = freshPath()
  const { store, open, clock } = await retired(path)
  const places = (await store.read('x1')).map(({ seq }) => seq)
  expect(places).toEqual([1, 2, 3, 5, 6, 7])
  expect((await store.verifyChain()).seq).toBe(18)
  await store.close()
  const database = new Database(path, { readonly: true })
  expect(database.prepare("SELECT pos FROM event WHERE execution = 'x1' ORDER BY pos").pluck().all()).toEqual([
    1, 2, 3, 5, 7,
  ])
  database.close()
  await clock.advance(172_800_000)
  const again = await open()
  expect((await again.read('x1')).map(({ seq }) => seq)).toEqual(places)
  // The plan of the execution is in its segment; the snapshot of another one stays.
  expect(await again.retirement.takeOutTexts()).toEqual({ texts: 1, bytes: 36 })
  const plans = (await again.read('x1')).flatMap((event) => (event.type === 'PlanMade' ? [event.plan] : []))
  expect(await Promise.all(plans.map((ref) => again.get(ref)))).toEqual(['the plan'])
  expect((await again.executions()).map(({ id }) => id)).toEqual(['x3', 'x2', 'x1'])
  await again.close()
})

test('goes on with no execution whose records have left, and lets none leave that is open, has another length, or has left', async () => {
  const { store, record } = await retired(':memory:')
  const gone = { kind: 'refused', message: expect.stringContaining('the records of execution x1 have left the store') }
  expect(await thrownBy(() => store.append('x1', [{ type: 'ExecutionRedriven' }]))).toMatchObject(gone)
  for (const executions of [{ x1: 6 }, { x2: 7 }, { x9: 1 }]) {
    const event = { type: 'SegmentRetired', principal: ALICE, reason: 'a year', ...record, executions } as const
    expect(await thrownBy(() => store.append(undefined, [event]))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('may not leave the store'),
    })
  }
  expect((await store.verifyChain()).seq).toBe(18)
  await store.close()
})

test('lets no execution leave that has a switch', async () => {
  const store = asAlice(await openStore({ path: ':memory:', installKey: KEY, clock: new VirtualClock() }))
  await fill(store, () => store.audit.close())
  expect(await store.retirement.leaving({ before: LATER }, { executions: [], through: 1_000, now: LATER })).toEqual([])
  const record = { file: 'executions-1-7-0123456789abcdef.jsonl', digest: '', root: '', carried: 5, left: '' }
  const event = { type: 'SegmentRetired', principal: ALICE, reason: 'a year', ...record, first: 1, last: 7 } as const
  expect(await thrownBy(() => store.append(undefined, [{ ...event, executions: { x1: 6 } }]))).toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('the records of execution x1 may not leave the store'),
  })
  await store.close()
})

test('says which segment is missing, and finds one that was altered', async () => {
  const { store, kept } = await retired(':memory:')
  const [[file, bytes] = ['', Buffer.alloc(0)]] = kept
  kept.set(file, Buffer.concat([bytes, Buffer.from('\n')]))
  expect(await thrownBy(() => store.verifyChain())).toMatchObject({
    kind: 'store',
    message: expect.stringContaining(`the segment ${file} was altered`),
  })
  await store.close()
})
