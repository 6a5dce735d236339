import { expect, test } from 'vitest'
import { requireUnaltered, walkRows } from '../../../src/change/record/chains/record-rows.ts'
import { BrokenChainError, linkGenesis, linkHash } from '../../../src/change/record/seal/chain.ts'

const body = '{"type":"ExecutionResumed"}'
const link = { n: 1, prev: linkGenesis('origin', 'x1').hash, covers: [], body }
const row = { ...link, pos: 7, execution: 'x1', hash: linkHash(link) }

test('a record that is bytes in place of a text is altered, though it has the same hash', () => {
  expect(() => requireUnaltered(row)).not.toThrow()
  for (const other of [Buffer.from(body), 5, null])
    expect(() => requireUnaltered({ ...row, body: other as unknown as string })).toThrow(BrokenChainError)
})

test.each([
  [2, 'a record before it is missing'],
  [0, 'the record is out of order'],
])('record %d, where the first one must be: %s', (n, says) => {
  expect(() => walkRows({ ...linkGenesis('origin', 'x1'), uncovered: [] }, [{ ...row, n }])).toThrow(says)
})
