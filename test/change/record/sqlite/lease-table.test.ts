import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { freshPath, openForTest, tamper, thrownBy } from './open-for-test.ts'

const stage: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 's-1', checkpoint: 'c' }
const arm: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'arm', session: 's-1', seconds: 300 }
const abort: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'abort', session: 's-1' }
const ended: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }
const MINUTE = 60_000

/** Two controllers on one store and under one clock. */
async function twoControllers() {
  const path = freshPath()
  const clock = new VirtualClock()
  return { a: await openForTest(path, clock), b: await openForTest(path, clock), clock, path }
}

const isBusy = async (act: () => unknown) => expect(await thrownBy(act)).toMatchObject({ kind: 'busy' })

describe('the quarantine of a switch', () => {
  const takenOver: EventBody = { type: 'ExecutionResumed', abandoned: ['leaf1'] }
  const released: EventBody = {
    type: 'DeviceReleased',
    device: 'leaf1',
    released: 'one',
    reason: 'nothing is on its way',
  }

  test('begins with the takeover: who took over goes on and ends, another execution is kept out for ten seconds', async () => {
    const { a, b, clock } = await twoControllers()
    await a.append('one', [stage, arm])
    await b.append('one', [takenOver])
    await b.append('one', [{ ...stage, session: 's-2' } as EventBody, { ...arm, session: 's-2' } as EventBody])
    expect(await thrownBy(() => a.append('two', [stage]))).toMatchObject({ kind: 'busy', device: 'leaf1' })
    await b.append('one', [ended])
    expect(await b.leaseOf('leaf1')).toEqual({
      device: 'leaf1',
      execution: 'one',
      token: 3,
      until: null,
      quarantine: '2026-01-05T08:00:10.000Z',
    })

    await clock.advance(9_999)
    expect(await thrownBy(() => a.append('two', [stage]))).toMatchObject({
      kind: 'busy',
      message: expect.stringContaining('until 2026-01-05T08:00:10.000Z'),
    })
    await a.append('two', [{ type: 'ActIntended', device: 'leaf1', act: 'stage', session: 's-1' }, abort])
    await clock.advance(1)
    await a.append('two', [stage])
    expect(await a.leaseOf('leaf1')).toMatchObject({ execution: 'two', token: 4 })
    expect(await a.leaseOf('leaf1')).not.toHaveProperty('quarantine')
  })

  test('is not begun where the process before ended cleanly, nor for a switch of another execution', async () => {
    const { a, b } = await twoControllers()
    await a.append('one', [stage])
    await a.append('one', [{ type: 'ExecutionResumed' }, ended])
    await b.append('two', [stage])
    await a.append('one', [takenOver])
    expect(await b.leaseOf('leaf1')).toMatchObject({ execution: 'two' })
    expect(await b.leaseOf('leaf1')).not.toHaveProperty('quarantine')
  })

  test('is ended by a release, which leaves the lease as it is', async () => {
    const { a, b } = await twoControllers()
    await a.append('one', [stage])
    await b.append('one', [takenOver])
    const before = await b.leaseOf('leaf1')
    await a.append(undefined, [{ ...released, released: 'zero' }])
    expect(await b.leaseOf('leaf1'), 'because of another execution').toEqual(before)
    await a.append(undefined, [released])
    expect(before).toHaveProperty('quarantine')
    expect(await b.leaseOf('leaf1')).toEqual({
      device: 'leaf1',
      execution: 'one',
      token: 2,
      until: '2026-01-05T08:03:00.000Z',
    })
    await isBusy(() => a.append('two', [stage]))
    await b.append('one', [ended])
    await a.append('two', [stage])
  })
})

describe('the lease of a switch', () => {
  test('[F18] passes on when its time is over, and fences off who had it before', async () => {
    const { a, b, clock } = await twoControllers()
    await a.append('one', [stage])
    await clock.advance(3 * MINUTE)
    await b.append('two', [stage])
    await isBusy(() => a.fence('one', 'leaf1'))
    await expect(b.fence('two', 'leaf1')).resolves.toMatchObject({ isFresh: true })
    await isBusy(() => a.append('one', [arm]))
    await b.append('two', [ended])
    await isBusy(() => a.append('one', [arm]))
    expect((await a.read('one')).map(({ type }) => type)).toEqual(['ActIntended'])
    await a.append('one', [abort])
  })

  test('[D3] changes hands with the execution, also when it has ended since', async () => {
    const { a, b } = await twoControllers()
    await a.append('one', [stage])
    await b.append('one', [{ type: 'ExecutionResumed' }])
    await isBusy(() => a.fence('one', 'leaf1'))
    await b.append('one', [abort, ended])
    await isBusy(() => a.fence('one', 'leaf1'))
    expect(await b.leaseOf('leaf1')).toEqual({ device: 'leaf1', execution: 'one', token: 2, until: null })
  })

  test('is taken over at once by another process of the same execution, which fences off the first', async () => {
    const { a, b } = await twoControllers()
    await a.append('one', [stage])
    await b.append('one', [arm])
    expect(await b.leaseOf('leaf1')).toMatchObject({ execution: 'one', token: 2 })
    await isBusy(() => a.append('one', [arm]))
  })
})

test.each([
  ['has ended on record', [stage, ended], undefined],
  ['is on no record', [stage, ended], 'nobody'],
  ['has not ended', [stage], undefined],
] as const)(
  '[S24] a lease for ever of an execution that %s gives nobody the switch, and is named',
  async (_, events, holder) => {
    const path = freshPath()
    const store = await openForTest(path)
    await store.append('one', events)
    tamper(
      path,
      `UPDATE lease SET until = '2099-01-01T00:00:00.000Z'${holder === undefined ? '' : `, execution = '${holder}'`}`,
    )
    const altered = {
      kind: 'store',
      message: expect.stringContaining('the lease of leaf1 is not what was sealed last'),
    }
    expect(await thrownBy(() => store.leaseOf('leaf1'))).toMatchObject(altered)
    expect(await thrownBy(() => store.append('two', [stage]))).toMatchObject(altered)
    expect(await thrownBy(() => store.verifyChain())).toMatchObject(
      holder === undefined ? altered : { kind: 'store', message: expect.stringContaining('the lease of leaf1') },
    )
    // Whatever needs no switch goes on.
    await store.append('two', [{ type: 'StateEntered', path: '', state: 'plan' }])
  },
)
