import { expect, test } from 'vitest'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { Lease } from '../../src/change/record/store/lease.ts'
import { features } from '../../src/features/index.ts'
import { VirtualClock } from '../../src/lab/trial/timeline.ts'
import { resumeHere } from '../../src/project/execution/run/run.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import { journalled, started } from '../change/engine/machine.ts'
import { type App, partOf } from '../lab/lab.ts'

const session = 'eosflow-1a2b3c4d-1'
const RESTING = journalled(started(['leaf1', 'leaf2']))
const LIVE = journalled(
  started(['leaf1', 'leaf2']),
  { type: 'ActIntended', device: 'leaf1', act: 'arm', session, seconds: 300 },
  { type: 'ActFinished', device: 'leaf1', act: 'arm', session, outcome: 'done' },
)
/** Of another execution, whose process was taken over at 08:00:00, the time of the clock. */
const LEAF2: Lease = {
  device: 'leaf2',
  execution: 'other',
  token: 3,
  until: null,
  quarantine: '2026-01-05T08:00:10.000Z',
}

/** Resumes an execution of `leaf1` and `leaf2`, as far as it is taken up. Gives what was told, how it ended, and how long it waited. */
async function resumed(records: readonly JournalEvent[], stop = new AbortController().signal) {
  const clock = new VirtualClock()
  const told: string[] = []
  const takenUp = new Error('taken up')
  const app = partOf<App>({
    clock,
    features,
    project: {},
    claims: { isClaimed: async () => false },
    store: { read: async () => records, freezes: async () => [] },
    leases: { quarantineSeconds: 10, leaseOf: async (name: string) => (name === 'leaf2' ? LEAF2 : undefined) },
    journalAs: () => ({ read: () => Promise.reject(takenUp), append: () => Promise.reject(takenUp) }),
  })
  const caller = partOf<Caller>({ stop, tell: (text: string) => told.push(text) })
  let ended: unknown
  const work = resumeHere(app, caller, 'own', { detach: true }).catch((error: unknown) => {
    ended = error
  })
  for (let turn = 0; ended === undefined && turn < 200; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (clock.sleeping > 0) await clock.next()
  }
  await work
  return {
    told,
    ended,
    isTakenUp: ended === takenUp,
    seconds: (clock.now() - Date.parse('2026-01-05T08:00:00Z')) / 1000,
  }
}

test('an execution that rests waits for the quarantine of another, says so once, and goes on by itself', async () => {
  const { told, isTakenUp, seconds } = await resumed(RESTING)
  expect([isTakenUp, seconds]).toEqual([true, 10])
  expect(told).toEqual([expect.stringContaining('leaf2 until 2026-01-05T08:00:10.000Z (other)')])
})

test('one whose own change is live waits for none: its commit timer runs', async () => {
  expect(await resumed(LIVE)).toMatchObject({ told: [], isTakenUp: true, seconds: 0 })
})

test('who ends the waiting takes nothing up', async () => {
  const { ended, isTakenUp } = await resumed(RESTING, AbortSignal.abort())
  expect(isTakenUp).toBe(false)
  expect(ended).toMatchObject({ kind: 'busy', device: 'leaf2' })
})
