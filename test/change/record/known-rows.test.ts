import { expect, test } from 'vitest'
import { KnownRows } from '../../../src/change/record/chains/lookups.ts'
import type { StoredRow } from '../../../src/change/record/chains/record-rows.ts'
import { linkHash } from '../../../src/change/record/seal/chain.ts'
import { canonicalJson } from '../../../src/model/digest.ts'

const PLAN = `sha256:${'1'.repeat(64)}`

/** The second record of execution x1: its approval was used. */
const row = (more: Partial<Pick<StoredRow, 'pos'>> & { readonly nonce?: string } = {}) => {
  const { pos = 9, nonce = 'a' } = more
  const body = canonicalJson({
    v: 1,
    at: '2026-07-27T10:00:00.000Z',
    actor: 'local:0:root@host',
    execution: 'x1',
    seq: 2,
    type: 'ApprovalUsed',
    plan: PLAN,
    nonce: nonce.repeat(32),
  })
  const linked = { pos, n: 2, covers: [], prev: Buffer.alloc(32), body }
  return { ...linked, execution: 'x1', hash: linkHash(linked) }
}
const HEAD = {
  id: 'x1',
  first: 8,
  last: 9,
  head: 2,
  head_hash: Buffer.alloc(32),
  seal: Buffer.alloc(32),
  is_open: true,
  has_acted: false,
  retired: null,
}
const placeOf = ({ pos, n, hash, execution }: StoredRow) => ({ pos, n, hash, execution, ...HEAD })

/** What was read of rows that are there, and by which questions. */
async function asked(known: KnownRows, places: readonly StoredRow[], there: readonly StoredRow[]) {
  const questions: (readonly number[])[] = []
  const events = await known.at(places.map(placeOf), async (positions) => {
    questions.push(positions)
    return there.filter(({ pos }) => positions.includes(pos))
  })
  return { seqs: events?.map(({ seq }) => seq), questions }
}

test('a text is read once, for as long as its row is at its place', async () => {
  const known = new KnownRows()
  expect(await asked(known, [row()], [row()])).toEqual({ seqs: [9], questions: [[9]] })
  expect(await asked(known, [row()], [])).toEqual({ seqs: [9], questions: [] })
  expect(await asked(known, [row(), row({ pos: 12, nonce: 'b' })], [row({ pos: 12, nonce: 'b' })])).toEqual({
    seqs: [9, 12],
    questions: [[12]],
  })
  const moved = row({ pos: 15 })
  expect(await asked(known, [moved], [moved])).toEqual({ seqs: [15], questions: [[15]] })
})

test('what is not there any more has no event', async () => {
  expect(await asked(new KnownRows(), [row()], [])).toEqual({ seqs: undefined, questions: [[9]] })
})

test.each<[string, StoredRow, string]>([
  ['another text under the same hash', { ...row(), body: row({ nonce: 'b' }).body }, 'its content was altered'],
  ['another record', row({ nonce: 'b' }), 'it was replaced while it was read'],
  ['the record of another execution', { ...row(), execution: 'x2' }, 'it was replaced while it was read'],
  ['another number in its chain', { ...row(), n: 3 }, 'it was replaced while it was read'],
])('is refused: %s', async (_, there, reason) => {
  await expect(asked(new KnownRows(), [row()], [there])).rejects.toThrow(reason)
})

test('a row that says of itself that it is the one of before is judged where its place, number or execution is another', async () => {
  const known = new KnownRows()
  await asked(known, [row()], [row()])
  for (const other of [
    { ...row(), pos: 10 },
    { ...row(), n: 3 },
    { ...row(), execution: 'x2' },
  ])
    expect((await asked(known, [other], [])).questions).toEqual([[other.pos]])
  const renumbered = { ...row(), n: 3 }
  await expect(asked(known, [renumbered], [renumbered])).rejects.toThrow('its content was altered')
})

test('a text is of the execution that it names: nothing else vouches for which one its row is of', async () => {
  const pasted = { ...row(), execution: 'x2' }
  const known = new KnownRows()
  for (const time of ['first', 'again'])
    await expect(asked(known, [pasted], [pasted]), time).rejects.toThrow('its content is that of another execution')
})
