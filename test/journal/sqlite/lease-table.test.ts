import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { PLAN } from '../one-of-each-event.ts'
import { freshPath, openForTest, thrownBy } from './open-for-test.ts'

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
    expect(await thrownBy(() => a.append('two', [stage]))).toMatchObject({ kind: 'busy' })
    await b.append('one', [ended])
    await a.append('two', [stage])
  })
})

describe('the lease of a switch', () => {
  test('[G76] is taken with the first intent of an execution, and goes on the record with it', async () => {
    const { a } = await twoControllers()
    await a.append('one', [stage])
    expect(await a.leaseOf('leaf1')).toEqual({
      device: 'leaf1',
      execution: 'one',
      token: 1,
      until: '2026-01-05T08:03:00.000Z',
    })
    await a.append('one', [arm])
    expect(await a.leaseOf('leaf1')).toMatchObject({ token: 1, until: '2026-01-05T08:08:00.000Z' })
  })

  test('keeps another execution out: its intent is not on record', async () => {
    const { a, b } = await twoControllers()
    await a.append('one', [stage])
    expect(await thrownBy(() => b.append('two', [stage]))).toMatchObject({ kind: 'busy', device: 'leaf1' })
    expect(await b.read('two')).toEqual([])
    expect(await b.leaseOf('leaf1')).toMatchObject({ execution: 'one', token: 1 })
  })

  test('of two executions that stage at the same instant one has it', async () => {
    const { a, b } = await twoControllers()
    const outcomes = await Promise.allSettled([a.append('one', [stage]), b.append('two', [stage])])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('is given back with the end of its execution', async () => {
    const { a, b } = await twoControllers()
    await a.append('one', [stage])
    await a.append('one', [ended])
    expect(await a.leaseOf('leaf1')).toEqual({ device: 'leaf1', execution: 'one', token: 1, until: null })
    await b.append('two', [stage])
    expect(await b.leaseOf('leaf1')).toMatchObject({ execution: 'two', token: 2 })
  })

  test('[F18] passes on when its time is over, and fences off who had it before', async () => {
    const { a, b, clock } = await twoControllers()
    await a.append('one', [stage])
    await clock.advance(3 * MINUTE)
    await b.append('two', [stage])
    await expect(a.fence('one', 'leaf1')).rejects.toThrow(expect.objectContaining({ kind: 'busy' }))
    await expect(b.fence('two', 'leaf1')).resolves.toMatchObject({ isFresh: true })
    expect(await thrownBy(() => a.append('one', [arm]))).toMatchObject({ kind: 'busy' })
    await b.append('two', [ended])
    expect(await thrownBy(() => a.append('one', [arm]))).toMatchObject({ kind: 'busy' })
    expect((await a.read('one')).map(({ type }) => type)).toEqual(['ActIntended'])
    await a.append('one', [abort])
  })

  test('[D3] changes hands with the execution, also when it has ended since', async () => {
    const { a, b } = await twoControllers()
    await a.append('one', [stage])
    await b.append('one', [{ type: 'ExecutionResumed' }])
    await expect(a.fence('one', 'leaf1')).rejects.toThrow(expect.objectContaining({ kind: 'busy' }))
    await b.append('one', [abort, ended])
    await expect(a.fence('one', 'leaf1')).rejects.toThrow(expect.objectContaining({ kind: 'busy' }))
    expect(await b.leaseOf('leaf1')).toEqual({ device: 'leaf1', execution: 'one', token: 2, until: null })
  })

  test('stays with the process that resumes its own execution', async () => {
    const { a } = await twoControllers()
    await a.append('one', [stage])
    await a.append('one', [{ type: 'ExecutionResumed' }, arm])
    await expect(a.fence('one', 'leaf1')).resolves.toMatchObject({ isFresh: true })
    expect(await a.leaseOf('leaf1')).toMatchObject({ token: 3 })
  })

  test('is taken over at once by another process of the same execution, which fences off the first', async () => {
    const { a, b } = await twoControllers()
    await a.append('one', [stage])
    await b.append('one', [arm])
    expect(await b.leaseOf('leaf1')).toMatchObject({ execution: 'one', token: 2 })
    expect(await thrownBy(() => a.append('one', [arm]))).toMatchObject({ kind: 'busy' })
  })

  test('that was taken in a group which was not written was not taken', async () => {
    const { a, b, path } = await twoControllers()
    const other = new Database(path)
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(FAIL, 'disk full'); END`)
    await thrownBy(() => a.append('one', [stage]))
    other.exec('DROP TRIGGER full')
    other.close()
    expect(await a.leaseOf('leaf1')).toBeUndefined()
    await b.append('two', [stage])
    await b.append('two', [ended])
    await a.append('one', [stage])
    expect(await a.leaseOf('leaf1')).toMatchObject({ execution: 'one', token: 2 })
  })

  test('is not needed for the session of a plan, nor outside an execution', async () => {
    const { a, b } = await twoControllers()
    await a.append('one', [stage])
    await b.append('two', [{ type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'p-1' }, abort])
    await b.append(undefined, [arm])
    await b.append('two', [{ type: 'ApprovalRequested', plan: PLAN }])
    expect(await a.leaseOf('leaf1')).toMatchObject({ execution: 'one', token: 1 })
  })
})
