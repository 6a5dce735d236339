import { describe, expect, test } from 'vitest'
import { openLedger, patienceLeft } from '../../../src/change/engine/ledger.ts'
import { type ExecutionState, newExecution } from '../../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { unlimitedRoom } from '../../../src/change/record/room.ts'
import { OutageError, type RepeatedWrite, type WriteInDoubt } from '../../../src/change/record/store/journal.ts'
import { UNTOUCHED } from '../../../src/eos/device/history.ts'
import { EosflowError } from '../../../src/model/error.ts'

const arm = (device: string): EventBody => ({ type: 'ActIntended', act: 'arm', device, session: 's', seconds: 300 })
const CONFIRM: EventBody = { type: 'ActIntended', act: 'confirm', device: 'leaf1', session: 's' }
const ABORT: EventBody = { type: 'ActIntended', act: 'abort', device: 'leaf1', session: 's' }
const ARMED: EventBody = { type: 'ActFinished', act: 'arm', device: 'leaf1', session: 's', outcome: 'done' }

const idle: ExecutionState = { ...newExecution('x'), status: 'running', seq: 7 }
/** Armed at time 0 under a timer. */
const armed = (timer: number): ExecutionState => ({
  ...idle,
  devices: idle.devices.set('leaf1', { ...UNTOUCHED, reached: 'arm', phase: 'armed', armedAt: 0, timer }),
})

const DOUBT: WriteInDoubt = { after: 7, hash: 'h' }

/** What a store answers: it is away, with or without a doubt, or writes, finds what it has written, or refuses; a number: it is written when so many milliseconds have passed. */
type Answer = number | 'away' | 'in doubt' | 'written' | 'found' | 'not there' | EosflowError

/** A ledger on a store that answers as it is told, under a clock that only sleeping moves. */
function ledgerOn(answers: readonly Answer[], start: ExecutionState = idle, otherwise: Answer = 'written') {
  const left = [...answers]
  const told: { readonly asked: string[]; now: number } = { asked: [], now: 0 }
  const words = (events: readonly EventBody[], again?: RepeatedWrite) => {
    const what = events.map((event) => ('act' in event ? `${event.type} ${event.act}` : event.type)).join(', ')
    return again === undefined ? what : `${what}, again: ${again.write.hash} ${again.ifLost}`
  }
  let seq = start.seq
  const ledger = openLedger(
    {
      journal: {
        append: async (_, events, _after, again) => {
          told.asked.push(words(events, again))
          const answer = left.shift() ?? otherwise
          if (typeof answer === 'number') told.now += answer
          if (answer === 'away') throw new OutageError('away')
          if (answer === 'in doubt') throw new OutageError('broke off', { doubt: DOUBT })
          if (answer instanceof EosflowError) throw answer
          if (answer === 'not there') return []
          return events.map((event) => {
            seq += 1
            return { v: 1, seq, at: '2026-01-05T08:00:00.000Z', actor: 'a', execution: 'x', ...event } as JournalEvent
          })
        },
        read: async () => [],
      },
      room: unlimitedRoom,
      clock: {
        now: () => told.now,
        monotonic: () => told.now,
        sleep: async (milliseconds) => {
          told.now += milliseconds
          await new Promise((resolve) => setImmediate(resolve))
        },
      },
    },
    start,
    () => undefined,
  )
  return { ledger, told }
}

const outcomeOf = (work: Promise<void>) =>
  work.then(
    () => 'written',
    (error: unknown) => (error as Error).message,
  )

describe('[F38] a write of which nobody knows whether it is there', () => {
  test('[G136] is asked for before anything else is written, and sent again as it was', async () => {
    const { ledger, told } = ledgerOn(['in doubt', 'away', 'found'])
    const outcomes = Promise.all([outcomeOf(ledger.append(arm('leaf1'))), outcomeOf(ledger.append(ABORT))])
    expect(await outcomes).toEqual(['written', 'written'])
    expect(told).toEqual({
      asked: [
        'ActIntended arm',
        'ActIntended arm, again: h send',
        'ActIntended arm, again: h send',
        'ActIntended abort',
      ],
      now: 2000,
    })
  })

  test('that somebody else has overtaken ends the execution here: nothing is written any more', async () => {
    const { ledger, told } = ledgerOn(['in doubt', new EosflowError('busy', 'continued by another process')])
    expect(await outcomeOf(ledger.append(ARMED))).toBe('continued by another process')
    expect(await outcomeOf(ledger.append(ABORT))).toBe('continued by another process')
    expect(told.asked).toEqual(['ActFinished arm', 'ActFinished arm, again: h send'])
  })

  test.each<[string, Answer]>([
    ['is there', 'found'],
    ['is not there', 'not there'],
  ])('and that leads on is given up after a minute, and then only asked for: it %s', async (_, answer) => {
    const away = Array.from({ length: 80 }, (): Answer => 'away')
    const { ledger, told } = ledgerOn(['in doubt', ...away, answer])
    const refused = outcomeOf(ledger.append(arm('leaf1')))
    expect(await refused).toBe('away')
    // The way back waits on, and is written behind what is settled.
    expect(await outcomeOf(ledger.append(ABORT))).toBe('written')
    expect(told.asked.at(-2)).toBe('ActIntended arm, again: h leave')
    expect(told.asked.at(-1)).toBe('ActIntended abort')
    expect(told.asked.filter((line) => line.endsWith('h send'))).toHaveLength(60)
    expect(ledger.state.seq).toBe(answer === 'found' ? 9 : 8)
  })

  test('of several that were to be written together gives up what leads on alone', async () => {
    const away = Array.from({ length: 70 }, (): Answer => 'away')
    const { ledger, told } = ledgerOn(['written', 'in doubt', ...away, 'not there'])
    const first = ledger.append(ABORT)
    const together = Promise.all([
      outcomeOf(ledger.append(arm('leaf1'))),
      outcomeOf(ledger.append(ARMED)),
      outcomeOf(ledger.append(arm('leaf2'))),
    ])
    await first
    expect(await together).toEqual(['away', 'written', 'away'])
    expect(told.asked.at(-1)).toBe('ActFinished arm')
  })
})

describe('[F39] a store that is away', () => {
  test.each<[string, EventBody, ExecutionState, number]>([
    ['a timed commit for a minute', arm('leaf2'), idle, 60_000],
    ['a confirm until 30 s before its timer', CONFIRM, armed(60), 30_000],
    ['a confirm under a longer timer for a minute', CONFIRM, armed(300), 60_000],
  ])('is waited for: %s', async (_, event, state, milliseconds) => {
    const { ledger, told } = ledgerOn([], state, 'away')
    expect(await outcomeOf(ledger.append(event))).toBe('away')
    expect(told.now).toBe(milliseconds)
  })

  test('is waited for without an end by the way back, and by what was done', async () => {
    const away = Array.from({ length: 3600 }, (): Answer => 'away')
    const { ledger, told } = ledgerOn(away, armed(300))
    expect(await Promise.all([outcomeOf(ledger.append(ARMED)), outcomeOf(ledger.append(ABORT))])).toEqual([
      'written',
      'written',
    ])
    expect(told.now).toBe(3_600_000)
  })

  test('and has returned too late does nothing that leads on, though it was to be announced in time', async () => {
    const away = Array.from({ length: 90 }, (): Answer => 'away')
    const { ledger, told } = ledgerOn(away)
    const both = Promise.all([outcomeOf(ledger.append(ARMED)), outcomeOf(ledger.append(arm('leaf2')))])
    expect(await both).toEqual(['written', 'the answer of the store came too late: what was announced is not done'])
    expect(told.asked.filter((line) => line === 'ActIntended arm')).toEqual([])
  })

  test('for less than a minute makes nothing fail', async () => {
    const away = Array.from({ length: 40 }, (): Answer => 'away')
    const { ledger } = ledgerOn(away)
    const both = Promise.all([outcomeOf(ledger.append(ARMED)), outcomeOf(ledger.append(arm('leaf2')))])
    expect(await both).toEqual(['written', 'written'])
    expect(ledger.onlyBack).toBeUndefined()
  })
})

test.each<[string, EventBody, number, string]>([
  ['a timed commit', arm('leaf2'), 60_000, 'written'],
  ['a timed commit', arm('leaf2'), 60_001, 'the answer of the store came too late: what was announced is not done'],
  ['a confirm', CONFIRM, 60_001, 'the answer of the store came too late: what was announced is not done'],
  ['what was done', ARMED, 3_600_000, 'written'],
  ['the way back', ABORT, 3_600_000, 'written'],
])('a process that was held up while it announced %s: %#', async (_, event, milliseconds, outcome) => {
  const { ledger } = ledgerOn([milliseconds], armed(300))
  expect(await outcomeOf(ledger.append(event))).toBe(outcome)
  // It is on record in any case.
  await new Promise((resolve) => setImmediate(resolve))
  expect(ledger.state.seq).toBe(8)
})

test.each([
  ['no timer runs', idle, 60_000],
  ['a timer of five minutes runs', armed(300), 60_000],
  ['a timer of a minute runs', armed(60), 20_000],
  ['a timer of half a minute runs', armed(30), -10_000],
])(
  'how long an act that leads on may still wait ten seconds later, for a store that has just gone: %s',
  (_, state, left) => {
    expect(
      patienceLeft(state, 10_000, { now: () => 10_000, monotonic: () => 10_000, sleep: async () => undefined }),
    ).toBe(left)
  },
)
