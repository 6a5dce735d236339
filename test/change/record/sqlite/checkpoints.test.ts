import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { checkpointVerifier } from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { Checkpoints } from '../../../../src/change/record/chains/chains-audit-trail.ts'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

const SECOND = 1_000
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const entered: EventBody = { type: 'StateEntered', path: '', state: 'Push' }
const ended: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }
const many = (count: number) => Array.from({ length: count }, () => entered)

async function open(clock = new VirtualClock()) {
  const path = freshPath()
  const store = await openForTest(path, clock)
  // Whoever appends does not wait for the checkpoint that this makes due.
  const sizes = async () => {
    await store.audit.close()
    return (await store.audit.checkpoints(0)).map(({ seq }) => seq)
  }
  return { path, clock, store, sizes }
}

describe('checkpoints', () => {
  test('are signed where records leave though other processes were faster twenty times', async () => {
    const { store } = await open()
    await store.append('x1', [entered, ended])
    await store.audit.close()
    const lost = vi.spyOn(Checkpoints.prototype, 'signOver')
    onTestFinished(() => lost.mockRestore())
    for (let time = 0; time < 20; time += 1) lost.mockResolvedValueOnce(undefined)
    expect(await store.audit.linesOver(['x1'])).toContain('{"segment":"eosflow.audit')
    expect(lost).toHaveBeenCalledTimes(21)
  })

  test('a new store begins with one of nothing, signed with the key that the store shows', async () => {
    const { store } = await open()
    await store.audit.checkpointDaily()
    const [first, ...others] = await store.audit.checkpoints(0)
    expect(others).toEqual([])
    expect(first).toMatchObject({ id: 1, seq: 0, at: '2026-01-05T08:00:00.000Z' })
    const read = checkpointVerifier(store.audit.key.pem)?.openChains(first?.note ?? '')
    expect(read).toMatchObject({ origin: store.audit.origin, seq: 0, at: '2026-01-05T08:00:00.000Z' })
    expect(store.audit.origin).toMatch(/^eosflow\.audit\/[0-9a-f]{16}$/)
  })

  test('one is at the end of every execution, over the end of the register', async () => {
    const { store, sizes } = await open()
    await store.append('x1', [entered, entered])
    expect(await sizes()).toEqual([])
    await store.append('x1', [ended])
    expect(await sizes()).toEqual([3])
    await store.append('x2', [ended])
    expect(await sizes()).toEqual([3, 4])
    const read = checkpointVerifier(store.audit.key.line)?.openChains(
      (await store.audit.newestCheckpoint())?.note ?? '',
    )
    // Two executions have begun and ended: four mirrors.
    expect(read).toMatchObject({ seq: 4, register: { n: 4, hash: (await store.head()).hash } })
  })

  test('one is at every 256 records, also when several came in together, and at most one in a second', async () => {
    const { store, sizes, clock } = await open()
    for (const event of many(255)) await store.append('x1', [event])
    expect(await sizes()).toEqual([])
    await store.append('x1', [entered])
    expect(await sizes()).toEqual([256])
    await store.append('x1', [entered])
    await store.append('x1', many(600))
    expect(await sizes()).toEqual([256])
    await clock.advance(SECOND)
    await store.append('x1', [entered])
    expect(await sizes()).toEqual([256, 858])
    await store.append('x1', many(255))
    expect(await sizes()).toEqual([256, 858])
  })

  test('one is due every ten seconds in which something was written', async () => {
    const { store, sizes, clock } = await open()
    await store.append('x1', [entered])
    await store.audit.checkpointInTime()
    expect(await sizes()).toEqual([1])
    await store.append('x1', [entered])
    await clock.advance(10 * SECOND - 1)
    await store.audit.checkpointInTime()
    expect(await sizes()).toEqual([1])
    await clock.advance(1)
    await store.audit.checkpointInTime()
    expect(await sizes()).toEqual([1, 2])
    await clock.advance(10 * SECOND)
    await store.audit.checkpointInTime()
    expect(await sizes()).toEqual([1, 2])
  })

  test('an empty one is due a day after the newest, so that silence is no gap', async () => {
    const { store, path, clock } = await open()
    await store.append('x1', [ended])
    await store.audit.close()
    await clock.advance(DAY - 1)
    const other = await openForTest(path, clock)
    await other.audit.checkpointDaily()
    expect((await store.audit.checkpoints(0)).map(({ seq }) => seq)).toEqual([1])
    await clock.advance(1)
    await other.audit.checkpointDaily()
    await store.audit.checkpointDaily()
    expect((await store.audit.checkpoints(0)).map(({ seq, at }) => [seq, at])).toEqual([
      [1, '2026-01-05T08:00:00.000Z'],
      [1, '2026-01-06T08:00:00.000Z'],
    ])
  })

  test('a clock that was set back brings none, and takes none away', async () => {
    const { store, path, sizes } = await open(new VirtualClock(Date.parse('2026-01-05T08:00:00Z')))
    await store.append('x1', [ended])
    const earlier = await openForTest(path, new VirtualClock(Date.parse('2026-01-04T08:00:00Z')))
    await earlier.append('x1', [entered])
    await earlier.audit.checkpointDaily()
    await earlier.audit.checkpointInTime()
    expect(await sizes()).toEqual([1])
  })

  test('one that was signed while the clock was far ahead does not count for all the days until then', async () => {
    const { store, path, sizes } = await open(new VirtualClock(Date.parse('2027-01-05T08:00:00Z')))
    await store.audit.checkpointDaily()
    const today = new VirtualClock(Date.parse('2026-01-05T08:00:00Z'))
    const other = await openForTest(path, today)
    await other.audit.checkpointDaily()
    await other.audit.checkpointDaily()
    expect(await sizes()).toEqual([0, 0])
    await today.advance(DAY)
    await other.audit.checkpointDaily()
    expect(await sizes()).toEqual([0, 0, 0])
  })

  test('[G78] none is signed over a chain that has lost its end, of an execution or of the register', async () => {
    for (const [change, seq] of [
      ['DELETE FROM event WHERE pos = 2', 2],
      ['DELETE FROM register WHERE pos = 3', 3],
    ] as const) {
      const { store, path, sizes } = await open()
      await store.append('x1', [entered, entered])
      await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: '' }])
      tamper(path, change)
      expect(await thrownBy(() => store.audit.checkpoint())).toMatchObject({ kind: 'store', seq })
      expect(await sizes()).toEqual([])
    }
  })
})

describe('records that leave the store', () => {
  test.each([
    ["UPDATE event SET body = replace(body, 'Push', 'Pull') WHERE pos = 3", 3],
    ['DELETE FROM event WHERE pos = 3', 4],
    ['UPDATE event SET hash = (SELECT hash FROM event WHERE pos = 1) WHERE pos = 2', 2],
  ])('are verified: after %s none is given', async (change, seq) => {
    const { store, path } = await open()
    await store.append('x1', many(5))
    tamper(path, change)
    expect(await thrownBy(() => store.audit.records(2, 10))).toMatchObject({ kind: 'store', seq })
  })
})
