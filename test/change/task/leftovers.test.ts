import { expect, test } from 'vitest'
import type { TaskContext } from '../../../src/change/task/act/context.ts'
import { abortOwn, ownAtLast } from '../../../src/change/task/act/observe-switch.ts'
import type { Phase } from '../../../src/eos/device/history.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { partOf } from '../../lab/part-of.ts'

const EXECUTION = '20260105-080000-9903f963'

const listing = (...sessions: readonly string[]) =>
  ({ sessions: { sessions: Object.fromEntries(sessions.map((session) => [session, 'pending'])) } }) as never

/** What is found on a switch that lists the session of the execution from so many looks on, and how often it is asked. */
async function found(phase: Phase, from: number) {
  let [looks, slept] = [0, 0]
  const device = {
    look: async () => {
      looks += 1
      return looks < from ? listing() : listing('eosflow-9903f963-2')
    },
  }
  const context = partOf<TaskContext<unknown>>({
    execution: EXECUTION,
    history: () => ({ phase, session: 'eosflow-9903f963-2' }),
    fleet: { device: async () => device },
    clock: {
      sleep: async (pause: number) => {
        slept += pause
      },
    },
  })
  const own = await ownAtLast(context, 'leaf1', { own: [], look: listing() })
  return { own: own.map(({ name }) => name), looks, slept }
}

const OURS = ['eosflow-9903f963-2']

test.each<[Phase, string[], number]>([
  ['staging', OURS, 2],
  ['arming', OURS, 2],
  ['aborting', OURS, 2],
  ['staged', OURS, 0],
  ['armed', [], 0],
  ['confirmed', [], 0],
  ['untouched', [], 0],
])('%s: a switch that lists no session of ours finds %j, asked %i times more', async (phase, own, looks) => {
  expect(await found(phase, 2)).toEqual({ own, looks, slept: looks * 1_500 })
})

test.each<[Phase]>([['staging'], ['arming'], ['aborting']])(
  '%s: a switch that never lists it is asked four times more, in six seconds',
  async (phase) => {
    expect(await found(phase, 99)).toEqual({ own: [], looks: 4, slept: 6_000 })
  },
)

/**
 * Aborts one session on a switch whose answers are lost, and which ends the session with so many of them; gives how often it is asked to. So many
 * looks behind an abort its list is of the time before the session was there.
 */
async function aborts(needed: number, lag = 0) {
  let [sent, looks] = [0, 0]
  const log: string[] = []
  const device = {
    abort: async () => {
      sent += 1
      looks = 0
      throw new EosflowError('lost-answer', 'no answer')
    },
    look: async () => {
      looks += 1
      return listing(...(sent < needed && looks > lag ? OURS : []))
    },
  }
  const context = partOf<TaskContext<unknown>>({
    execution: EXECUTION,
    clock: { sleep: async () => undefined },
    history: () => ({ phase: 'staged', session: 'eosflow-9903f963-2' }),
    fleet: { device: async () => device },
    log: {
      intended: async (_: string, kind: string) => void log.push(`${kind} intended`),
      finished: async (_: string, kind: string, { outcome }: { outcome: string }) =>
        void log.push(`${kind} ${outcome}`),
    },
  })
  await abortOwn(context, 'leaf1', [{ name: 'eosflow-9903f963-2', state: 'pending' }])
  expect(log).toEqual(Array.from({ length: sent }, () => ['abort intended', 'abort unknown']).flat())
  return sent
}

test('[P20] an abort whose answer is lost is sent once more where the session is still there, and never a third time', async () => {
  expect([await aborts(1), await aborts(2), await aborts(99)]).toEqual([1, 2, 2])
})

test('[T7] an abort whose answer is lost is sent once more where a list that lags shows the session again', async () => {
  expect([await aborts(2, 1), await aborts(2, 4), await aborts(1, 4)]).toEqual([2, 2, 1])
})
