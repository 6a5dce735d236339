import { expect, test } from 'vitest'
import { VirtualClock } from '../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../src/model/error.ts'
import { runUntilSettled } from '../../src/project/execution/run/run-until-settled.ts'
import { journalled, started } from '../change/engine/machine.ts'
import { type App, partOf } from '../lab/lab.ts'

const session = 'eosflow-1a2b3c4d-1'
const LEAF1_ARMED = journalled(
  started(['leaf1']),
  { type: 'ActIntended', device: 'leaf1', act: 'arm', session, seconds: 300 },
  { type: 'ActFinished', device: 'leaf1', act: 'arm', session, outcome: 'done' },
)

test.each([
  ['has claimed it', [true], 'busy'],
  ['claims it a moment later', [false, true], 'busy'],
  ['is gone again', [false, false], 'rollback-incomplete'],
])('who is too late for an execution with an armed switch because another process %s', async (_name, claimed, kind) => {
  const clock = new VirtualClock()
  let asked = 0
  const app = partOf<App>({
    claims: { isClaimed: async () => claimed[asked++] === true },
    store: { read: async () => LEAF1_ARMED },
    clock,
    isLost: () => false,
    words: () => 'hint',
  })
  const late = new EosflowError('busy', 'execution e-1 was continued by another process')
  const ended = runUntilSettled(app, 'e-1', () => Promise.reject(late)).catch((error: unknown) => error)
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (clock.sleeping > 0) await clock.advance(500)
  }
  expect(await ended).toMatchObject({ kind })
})

test.each([
  ['cannot be asked any more says what its error says', true, async () => LEAF1_ARMED, /Not settled: leaf1/, 'look'],
  ['can be asked says how to go on', false, async () => LEAF1_ARMED, /Not settled: leaf1/, 'resume'],
  ['cannot be read leaves its error as it is', true, () => Promise.reject(new Error('gone')), /^the disk$/, 'look'],
])('[P20] an end before a switch is settled where the store %s', async (_name, isLost, read, message, hint) => {
  const app = partOf<App>({
    claims: { isClaimed: async () => false },
    store: { read },
    isLost: () => isLost,
    words: ({ code }: { readonly code: string }) => code,
  })
  const failed = runUntilSettled(app, 'e-1', () =>
    Promise.reject(new EosflowError('store', 'the disk', { hint: 'look' })),
  )
  await expect(failed).rejects.toMatchObject({ message: expect.stringMatching(message), hint })
})
