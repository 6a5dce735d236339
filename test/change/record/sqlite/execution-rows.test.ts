import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { BrokenChainError, linkHash } from '../../../../src/change/record/seal/chain.ts'
import { rowsOf, tamperWith } from './cells.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const REDRIVEN: EventBody = { type: 'ExecutionRedriven' }
const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }
const PLANNED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1' }
const PUSHED: EventBody = { ...PLANNED, session: 'eosflow-2', checkpoint: 'eosflow-2' }
const ASKED: EventBody = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }

/** Eight records: x1 has 1, 4 and 8, x2 has 2 and 3, x3 has 5 and 7; 6 is nobody's. x2 has ended. */
async function filled(path: string) {
  const store = await openForTest(path)
  await store.append('x1', [RESUMED])
  await store.append('x2', [RESUMED, ENDED])
  await store.append('x1', [PLANNED])
  await store.append('x3', [RESUMED])
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: '' }])
  await store.append('x3', [PUSHED])
  await store.append('x1', [ASKED])
  return store
}

test('an execution that is taken over more than once in one append holds', async () => {
  const store = await openForTest(':memory:')
  await store.append('x1', [REDRIVEN, RESUMED])
  await store.append('x1', [RESUMED, ENDED, REDRIVEN, RESUMED])
  expect((await store.verifyChain()).seq).toBe(6)
})

async function areBroken(...asks: readonly (() => unknown)[]) {
  for (const ask of asks) expect(await thrownBy(ask)).toBeInstanceOf(BrokenChainError)
}

describe('what is kept of executions, tampered with', () => {
  test.each<[string, string]>([
    ['an open one taken away', "DELETE FROM execution WHERE id = 'x3'"],
    ['an open one said to have ended', "UPDATE execution SET is_open = 0 WHERE id = 'x3'"],
    ['one that has ended said to be open', "UPDATE execution SET is_open = 1 WHERE id = 'x2'"],
    [
      'one that has ended said to be open, and an open one said to have ended',
      "UPDATE execution SET is_open = 1 - is_open WHERE id IN ('x2', 'x3')",
    ],
    ['one said to have touched nothing', "UPDATE execution SET has_acted = 0 WHERE id = 'x3'"],
    [
      'one with the seal of another',
      "UPDATE execution SET seal = (SELECT seal FROM execution WHERE id = 'x1') WHERE id = 'x3'",
    ],
    ['how many there are', 'UPDATE register_head SET open = 1'],
    ['the sum of all of them', 'UPDATE register_head SET execution_root = zeroblob(32)'],
  ])('is not believed: %s', async (_name, change) => {
    const path = freshPath()
    const store = await filled(path)
    tamper(path, change)
    await areBroken(
      () => store.openExecutions(),
      () => store.executions({ open: true }),
      () => store.verifyChain(),
    )
  })

  test('is not believed: one that is open, of an older moment', async () => {
    const path = freshPath()
    const store = await filled(path)
    const old = rowsOf(path, 'execution').filter(({ id }) => id === 'x3')
    await store.append('x3', [ENDED])
    tamperWith(path, 'execution', (rows) => [...rows.filter(({ id }) => id !== 'x3'), ...old])
    await areBroken(
      () => store.openExecutions(),
      () => store.read('x3'),
      () => store.append('x3', [RESUMED]),
    )
  })

  test('hides no execution that has ended from whoever asks for it', async () => {
    const path = freshPath()
    const store = await filled(path)
    tamper(path, "DELETE FROM execution WHERE id = 'x2'")
    const says = expect.stringContaining('execution x2, which begins there, is gone')
    for (const ask of [
      () => store.read('x2'),
      () => store.resolveExecution('x2'),
      () => store.append('x2', [RESUMED]),
      () => store.append('x2', [RESUMED], 0),
    ])
      expect(await thrownBy(ask)).toMatchObject({ kind: 'store', seq: 2, message: says })
    await areBroken(() => store.verifyChain())
  })
})

/** The first record of x1 with another type, and the ones behind it hashed anew: only its head is sealed. */
function retype(path: string, type: string) {
  tamperWith(path, 'event', (rows) => {
    let prev: unknown
    return rows.map((row) => {
      if (row.execution !== 'x1') return row
      const changed = { ...row, body: String(row.body).replace('ExecutionResumed', type) }
      const following = prev === undefined ? changed : { ...changed, prev }
      const covers = JSON.parse(String(row.covers))
      const hash = linkHash({ ...following, covers } as unknown as Parameters<typeof linkHash>[0])
      prev = Buffer.from(hash)
      return { ...following, hash: prev }
    })
  })
}

describe('records of an execution that were tampered with by somebody who knows how they are hashed', () => {
  test('are found by reading that execution, and by no other reading but of the whole', async () => {
    const path = freshPath()
    const store = await filled(path)
    retype(path, 'ExecutionRedriven')
    await areBroken(
      () => store.read('x1'),
      () => store.verifyChain(),
    )
    expect(await store.read('x3')).toHaveLength(2)
  })

  test('are not said to be of a newer eosflow: whether they are on record is judged first', async () => {
    const path = freshPath()
    const store = await filled(path)
    retype(path, 'ExecutionReinvented')
    for (const ask of [() => store.read('x1'), () => store.read('x1', { but: ['ActIntended'] })])
      expect(await thrownBy(ask)).toMatchObject({
        kind: 'store',
        message: expect.stringContaining('execution x1 does not end where it was sealed'),
      })
  })

  test('are found where they were taken away from the end', async () => {
    const path = freshPath()
    const store = await filled(path)
    tamper(path, 'DELETE FROM event WHERE pos = 7')
    expect(await thrownBy(() => store.read('x3'))).toMatchObject({ kind: 'store', seq: 7 })
    expect(await thrownBy(() => store.executions())).toMatchObject({ kind: 'store' })
    expect(await thrownBy(() => store.append('x3', [RESUMED]))).toMatchObject({ kind: 'store', seq: 7 })
    expect(await store.read('x1')).toHaveLength(3)
  })
})
