import { expect, test, vi } from 'vitest'
import type { EventBody } from '../../src/change/record/event/event.ts'
import { MissingSegmentError } from '../../src/change/record/seal/chain.ts'
import { recordedEnds } from '../../src/doors/http/pages/overview-data.ts'
import { VirtualClock } from '../../src/lab/trial/timeline.ts'
import { switchEnds } from '../../src/project/history/executions/switch-ends.ts'
import { journalled, started } from '../change/engine/machine.ts'
import { freshPath, openForTest } from '../change/record/sqlite/open-for-test.ts'
import { type App, appOf, openLab, partOf, whileTimePasses } from '../lab/lab.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const REDRIVEN: EventBody = { type: 'ExecutionRedriven' }
const ended = (devices: (EventBody & { readonly type: 'ExecutionEnded' })['devices']): EventBody => ({
  type: 'ExecutionEnded',
  outcome: 'failed',
  devices,
})

/** A store as another process writes it and as this one reads it: what is shown of leaf1, as it is now. */
async function stores() {
  const path = freshPath()
  const clock = new VirtualClock()
  const [writer, reader] = [await openForTest(path, clock), await openForTest(path, clock)]
  const shown = async () => (await recordedEnds({ store: reader, clock }, ['leaf1'])).get('leaf1')
  return { writer, reader, clock, shown }
}

test('what a switch was left as is shown as soon as it is on record, by whatever process', async () => {
  const { writer, clock, shown } = await stores()
  expect(await shown()).toEqual({})
  for (const id of ['x1', 'x2', 'x3']) await writer.append(id, [RESUMED])
  await writer.append(undefined, [
    {
      type: 'SnapshotTaken',
      name: 'night',
      snapshot: 'blob:1',
      devices: ['leaf1'],
      baseline: ['leaf1'],
      notices: ['leaf1'],
    },
  ])
  const snapshot = { source: { kind: 'snapshot', name: 'night' }, since: '2026-01-05T08:00:00.000Z' }
  expect(await shown()).toEqual({ confirmed: snapshot })
  await clock.advance(1_000)
  await writer.append('x3', [ended({ leaf1: 'unknown', leaf2: 'changed' })])
  expect(await shown()).toEqual({ unknown: 'x3', confirmed: snapshot })
  await writer.append('x2', [ended({ leaf1: 'untouched' })])
  expect(await shown()).toEqual({ unknown: 'x3', confirmed: snapshot })
  await writer.append('x1', [ended({ leaf1: 'changed' })])
  const changed = { source: { kind: 'execution', id: 'x1' }, since: '2026-01-05T08:00:01.000Z' }
  expect(await shown()).toEqual({ confirmed: changed })
  await writer.append('x4', [RESUMED, ended({ leaf1: 'reverted' })])
  expect(await shown()).toEqual({ confirmed: changed })
})

test('a record behind the end of an execution, or a redrive that has not ended, takes nothing of what its end says', async () => {
  const { writer, shown } = await stores()
  await writer.append('x1', [RESUMED, ended({ leaf1: 'unknown' })])
  await writer.append('x1', [{ type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }])
  expect(await shown()).toEqual({ unknown: 'x1' })
  await writer.append('x1', [REDRIVEN])
  expect(await shown()).toEqual({ unknown: 'x1' })
  const again = await stores()
  await again.writer.append('x1', [RESUMED, ended({ leaf1: 'unknown' }), REDRIVEN])
  expect(await again.shown()).toEqual({ unknown: 'x1' })
})

test('all of a long record is read with pauses in which others go on, and once for all who ask meanwhile', async () => {
  const { writer, reader, clock } = await stores()
  for (let index = 0; index < 120; index += 1)
    await writer.append(`x${index}`, [RESUMED, ended({ [`leaf${index}`]: 'changed' })])
  const sleep = vi.spyOn(clock, 'sleep')
  const asked = [switchEnds({ store: reader, clock }), switchEnds({ store: reader, clock })]
  let isOver = false
  const over = Promise.all(asked).finally(() => {
    isOver = true
  })
  while (!isOver) await clock.next()
  // 120 executions, 50 at once.
  expect(sleep.mock.calls).toEqual([[0], [0]])
  const [first, second] = await over
  expect([first?.size, second?.size]).toEqual([120, 120])
  await writer.append('x0', [RESUMED, ended({ leaf0: 'unknown' })])
  expect((await switchEnds({ store: reader, clock })).get('leaf0')?.newest).toMatchObject({
    execution: 'x0',
    end: 'unknown',
  })
})

test('one process goes on from where another one was, and reads no execution that had ended by then', {
  tags: ['long', 'turn'],
}, async () => {
  const path = freshPath()
  const clock = new VirtualClock()
  const writer = await openForTest(path, clock)
  for (let index = 0; index < 500; index += 1)
    await writer.append(`x${index}`, [RESUMED, ended({ [`leaf${index % 10}`]: 'changed' })])
  const looked = vi.spyOn(writer, 'executions')
  const asked = async (store: typeof writer) => {
    let isOver = false
    const over = switchEnds({ store, clock, notes: store.notes }).finally(() => {
      isOver = true
    })
    while (!isOver) await clock.next()
    return over
  }
  expect((await asked(writer)).get('leaf7')?.newest).toMatchObject({ execution: 'x497', end: 'changed' })
  expect(looked.mock.calls).toHaveLength(11)
  await writer.append('x500', [RESUMED, ended({ leaf7: 'reverted' })])
  const other = await openForTest(path, clock)
  const again = vi.spyOn(other, 'executions')
  const ends = await asked(other)
  expect(ends.size).toBe(10)
  expect(ends.get('leaf7')).toMatchObject({
    newest: { execution: 'x500', end: 'reverted' },
    changed: { execution: 'x497' },
  })
  expect(again.mock.calls).toEqual([])
  // Further behind than all executions are worth, everything is read anew.
  const words = Array.from({ length: 800 }, () => ({ type: 'StopRequested' as const, stopped: 'x1', reason: 'more' }))
  for (let round = 0; round < 3; round += 1) await writer.append(undefined, words)
  const third = await openForTest(path, clock)
  const anew = vi.spyOn(third, 'executions')
  expect((await asked(third)).get('leaf7')?.newest).toMatchObject({ execution: 'x500' })
  expect(anew.mock.calls).toHaveLength(11)
})

const ARMED = journalled(
  started(['leaf1']),
  { type: 'ActIntended', device: 'leaf1', act: 'arm', session: 'eosflow-00c0ffee-1', seconds: 300 },
  { type: 'ActFinished', device: 'leaf1', act: 'arm', session: 'eosflow-00c0ffee-1', outcome: 'done' },
)

test('[P20] the end of a switch is read past records whose segment is away, and past no other error', async () => {
  const gone = new MissingSegmentError('segments/records-1-9-00112233aabbccdd.db', { first: 1, last: 9 })
  const storeOf = async (error: Error) => {
    const app = await appOf(openLab())
    vi.spyOn(app.store, 'executions').mockResolvedValue(
      partOf<Awaited<ReturnType<App['store']['executions']>>>([{ id: 'x1', first: ARMED[0], last: ARMED[1] }]),
    )
    vi.spyOn(app.store, 'read').mockRejectedValue(error)
    return app
  }
  const [away, broken] = [await storeOf(gone), await storeOf(new Error('the store is away'))]
  expect(await whileTimePasses(away.clock as VirtualClock, switchEnds(away))).toEqual(new Map())
  await expect(whileTimePasses(broken.clock as VirtualClock, switchEnds(broken))).rejects.toThrow('the store is away')
})
