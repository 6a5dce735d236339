import { expect, test } from 'vitest'
import type { ChainReader } from '../../../../src/change/record/chains/chain-reader.ts'
import { executionsOver, KeptSummaries } from '../../../../src/change/record/chains/executions.ts'
import type { RecordRows } from '../../../../src/change/record/chains/record-rows.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { partOf } from '../../../lab/part-of.ts'
import { rowOf } from '../postgres/by-hand.ts'

/** An execution with one record, in a position. */
function executionAt(pos: number) {
  const id = `x${pos}`
  const { prev, hash, ...made } = rowOf({ type: 'ExecutionResumed' }, 1, '00'.repeat(32), id)
  const row = { ...made, pos, execution: id, prev: Buffer.from(prev, 'hex'), hash: Buffer.from(hash, 'hex') }
  const sealed = { head_hash: row.hash, seal: Buffer.alloc(32), is_open: true, has_acted: false, retired: null }
  return { head: { id, first: pos, last: pos, head: 1, ...sealed }, row }
}

const all = [1, 2, 3].map(executionAt)
/** The text of one of them, as its first and as its last record. */
const TEXT = 2 * (all[0]?.row.body.length ?? 0)

test.each([
  ['executions', { executions: 2 }],
  ['characters', { text: 2 * TEXT }],
])('so many %s are kept, of those that were listed last', async (_what, limits) => {
  const asked: number[] = []
  const rows = {
    at: async (positions: readonly number[]) => {
      asked.push(...positions)
      return all.map(({ row }) => row).filter(({ pos }) => positions.includes(pos))
    },
  }
  const kept = new KeptSummaries(rows, new VirtualClock(), limits)
  const list = async (...places: readonly number[]) => {
    asked.length = 0
    const found = await kept.of(
      places.flatMap((place) => all[place - 1]?.head ?? []),
      { version: 7, isKept: true },
    )
    expect(found.map(({ id, first, last }) => [id, first.seq, last.seq])).toEqual(
      places.map((place) => [`x${place}`, place, place]),
    )
    return [...new Set(asked)]
  }
  expect(await list(1, 2)).toEqual([1, 2])
  expect(await list(1)).toEqual([])
  expect(await list(3)).toEqual([3])
  expect([await list(1), await list(3)]).toEqual([[], []])
  expect(await list(2)).toEqual([2])
  // A list that is longer than what is kept is whole.
  expect(await list(3, 2, 1)).toEqual([1])
})

test('where a store cannot tell who has written, records are read each time and parsed once', async () => {
  const { head, row } = executionAt(1)
  let [read, stored] = [0, row]
  const rows = {
    at: async () => {
      read += 1
      return [stored]
    },
  }
  const kept = new KeptSummaries(rows, new VirtualClock())
  const ASKED = { version: undefined, isKept: true }
  const [before] = await kept.of([head], ASKED)
  const [after] = await kept.of([head], ASKED)
  expect([read, after?.first === before?.first, after?.last === before?.last]).toEqual([2, true, true])
  stored = { ...row, body: row.body.replace('Resumed', 'Redriven') }
  await expect(kept.of([head], ASKED)).rejects.toThrow('its content was altered')
})

test('where rows have marks, records are read again once anybody has written to one of their rows, and after a minute', async () => {
  const other = executionAt(2)
  const head = { ...other.head, id: 'x1', first: 1 }
  const stored = new Map(
    [1, 2].map((pos) => [pos, { ...executionAt(pos).row, execution: 'x1', mark: `700 (0,${pos})` }]),
  )
  const asked: string[] = []
  const rows = {
    at: async (positions: readonly number[]) => {
      asked.push(`records ${positions.join()}`)
      return positions.flatMap((pos) => stored.get(pos) ?? [])
    },
    marksAt: async (positions: readonly number[]) => {
      asked.push(`marks ${positions.join()}`)
      return positions.flatMap((pos) => stored.get(pos) ?? []).map(({ pos, mark }) => ({ pos, mark }))
    },
  }
  const clock = new VirtualClock()
  const kept = new KeptSummaries(rows, clock)
  const list = async (isKept = true) => {
    asked.length = 0
    await kept.of([head], { version: undefined, isKept })
    return [...asked]
  }
  const READ = ['marks 1,2', 'records 1,2']
  expect(await list()).toEqual(['records 1,2'])
  expect([await list(), await list()]).toEqual([['marks 1,2'], ['marks 1,2']])
  // Whoever walks through all of them asks for no marks.
  expect(await list(false)).toEqual(['records 1,2'])
  for (const pos of [1, 2]) {
    const row = stored.get(pos)
    if (row !== undefined) stored.set(pos, { ...row, mark: `701 (0,${pos})` })
    expect([pos, await list(), await list()]).toEqual([pos, READ, ['marks 1,2']])
  }
  await clock.advance(59_999)
  expect(await list()).toEqual(['marks 1,2'])
  await clock.advance(1)
  expect(await list()).toEqual(READ)
  for (const pos of [1, 2]) {
    const row = stored.get(pos)
    stored.delete(pos)
    await expect(list()).rejects.toThrow('records of execution x1 are gone')
    if (row !== undefined) stored.set(pos, row)
  }
})

test('what somebody writes while a list is read is seen by the next one', async () => {
  const { head, row } = executionAt(1)
  let [version, stored] = [1, row]
  const rows = partOf<RecordRows>({
    foreignWrites: () => version,
    heads: async () => [head],
    at: async () => {
      const found = [stored]
      // Somebody alters the record right behind the reading of it.
      version = 2
      stored = { ...row, body: row.body.replace('Resumed', 'Redriven') }
      return found
    },
  })
  const reading = partOf<ChainReader>({ requireSealed: () => undefined })
  const executions = executionsOver(rows, reading, new VirtualClock())
  expect(await executions.executions({ again: true })).toHaveLength(1)
  await expect(executions.executions({ again: true })).rejects.toThrow('its content was altered')
})
