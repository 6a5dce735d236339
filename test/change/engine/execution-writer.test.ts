import { describe, expect, test } from 'vitest'
import { type ExecutionWriter, newWriting } from '../../../src/change/engine/ledger.ts'
import { type ExecutionState, newExecution } from '../../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { UNTOUCHED } from '../../../src/eos/device/history.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { partOf } from '../../lab/part-of.ts'

const ARM: EventBody = { type: 'ActIntended', act: 'arm', device: 'leaf1', session: 's', seconds: 300 }
const ABORT: EventBody = { type: 'ActIntended', act: 'abort', device: 'leaf1', session: 's' }
const ARMED: EventBody = { type: 'ActFinished', act: 'arm', device: 'leaf1', session: 's', outcome: 'done' }

const locked = () => new EosflowError('store', 'another process holds it', { retryable: true })
const full = () => new EosflowError('store', 'the disk is full')

const idle: ExecutionState = { ...newExecution('x'), status: 'running' }
const live: ExecutionState = {
  ...idle,
  devices: idle.devices.set('leaf1', { ...UNTOUCHED, reached: 'arm', phase: 'arming' }),
}

/** A journal that fails as it is told to, one entry for each attempt, and a reserve that can be given up so many times. */
function writingOn(failures: readonly (EosflowError | undefined)[], reserves = 0) {
  const left = [...failures]
  const told = { attempts: 0, released: 0, written: [] as string[] }
  const writing: ExecutionWriter = newWriting(
    {
      journal: {
        append: async (_, events) => {
          told.attempts += 1
          const failure = left.shift()
          if (failure !== undefined) throw failure
          told.written.push(...events.map((event) => ('act' in event ? `${event.type} ${event.act}` : event.type)))
          return partOf<readonly JournalEvent[]>(events)
        },
        read: async () => [],
      },
      room: {
        require: () => undefined,
        release: () => {
          told.released += 1
          return told.released <= reserves
        },
      },
      clock: { now: () => 0, monotonic: () => 0, sleep: async () => undefined },
    },
    () => undefined,
  )
  return { writing, told }
}

const messageOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'written',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

describe('a store that is locked', () => {
  test('fails the act that was to be announced, and nothing else', async () => {
    const { writing, told } = writingOn([locked()])
    expect(await messageOf(writing.append(idle, [ARM]))).toBe('another process holds it')
    expect(await messageOf(writing.append(idle, [ARM]))).toBe('written')
    expect(told).toMatchObject({ attempts: 2, released: 0 })
  })

  test.each([
    ['what was done', ARMED],
    ['an act of the way back', ABORT],
  ])('is asked once more to keep %s', async (_, event) => {
    const { writing, told } = writingOn([locked()])
    expect(await messageOf(writing.append(live, [event]))).toBe('written')
    expect(told.attempts).toBe(2)
  })

  test('twice is not asked again', async () => {
    const { writing, told } = writingOn([locked(), locked()])
    expect(await messageOf(writing.append(live, [ARMED]))).toBe('another process holds it')
    expect(await messageOf(writing.append(live, [ABORT]))).toBe('another process holds it')
    expect(told.attempts).toBe(2)
  })
})

describe('a store that is full', () => {
  test('is given its reserve for what was done, and nothing leads on from there', async () => {
    const { writing, told } = writingOn([full()], 1)
    expect(await messageOf(writing.append(live, [ARMED]))).toBe('written')
    expect(writing.onlyBack?.message).toBe('the disk is full')
    expect(await messageOf(writing.append(live, [ARM]))).toBe('the disk is full')
    expect(await messageOf(writing.append(live, [ABORT]))).toBe('written')
    expect(told).toMatchObject({ released: 1, written: ['ActFinished arm', 'ActIntended abort'] })
  })

  test('is given its reserve when an act could not be announced, and the act is refused', async () => {
    const { writing, told } = writingOn([full()], 1)
    expect(await messageOf(writing.append(live, [ARM]))).toBe('the disk is full')
    expect(await messageOf(writing.append(live, [ABORT]))).toBe('written')
    expect(told.written).toEqual(['ActIntended abort'])
  })

  test('keeps its reserve while nothing was touched', async () => {
    const { writing, told } = writingOn([full()], 1)
    expect(await messageOf(writing.append(idle, [ARM]))).toBe('the disk is full')
    expect(await messageOf(writing.append(idle, [ABORT]))).toBe('the disk is full')
    expect(told).toMatchObject({ attempts: 1, released: 0 })
  })

  test('again is written no more', async () => {
    const { writing, told } = writingOn([full(), undefined, full()], 2)
    expect(await messageOf(writing.append(live, [ARMED]))).toBe('written')
    expect(await messageOf(writing.append(live, [ABORT]))).toBe('the disk is full')
    expect(await messageOf(writing.append(live, [ABORT]))).toBe('the disk is full')
    expect(told).toMatchObject({ attempts: 3, released: 1 })
  })

  test('and has no reserve is written no more', async () => {
    const { writing, told } = writingOn([full()])
    expect(await messageOf(writing.append(live, [ARMED]))).toBe('the disk is full')
    expect(await messageOf(writing.append(live, [ABORT]))).toBe('the disk is full')
    expect(told.attempts).toBe(1)
  })
})

test('a switch that somebody else has leased is refused alone; a taken over execution writes no more', async () => {
  const { writing } = writingOn([
    new EosflowError('busy', 'leased', { device: 'leaf1' }),
    undefined,
    new EosflowError('busy', 'continued by another process'),
  ])
  expect(await messageOf(writing.append(idle, [ARM]))).toBe('leased')
  expect(await messageOf(writing.append(idle, [ARM]))).toBe('written')
  expect(await messageOf(writing.append(idle, [ARM]))).toBe('continued by another process')
  expect(await messageOf(writing.append(idle, [ARM]))).toBe('continued by another process')
})
