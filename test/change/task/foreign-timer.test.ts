import { expect, test } from 'vitest'
import { requireNoTimer } from '../../../src/change/task/act/own-timer.ts'
import type { SessionTable } from '../../../src/eos/device/device.ts'
import { EosflowError } from '../../../src/model/error.ts'

const under = (session: string): SessionTable => ({
  sessions: { [session]: 'armed' },
  armed: { session, secondsLeft: 90 },
  mergeOnCommit: false,
  saveToStartupConfigOnCommit: false,
  maxOpenSessions: 5,
})

function refusal(session: string): readonly unknown[] {
  try {
    requireNoTimer('leaf1', under(session))
  } catch (error) {
    if (error instanceof EosflowError) return [error.kind, error.message, error.hint]
  }
  return []
}

const WAIT = 'Wait until it is confirmed or has run out, then start again.'

test.each([
  ['CVP-configtask-eb0d', `The name is one of CloudVision, which carries out a change there. ${WAIT}`],
  ['cvp-provisioning-a3b6', `The name is one of CloudVision, which carries out a change there. ${WAIT}`],
  ['my-cvp-1', WAIT],
])('a timer of session %s is said with its owner, where the name tells', (session, hint) => {
  expect(refusal(session)).toEqual(['busy', `leaf1: session ${session} is under a commit timer, 90 s left`, hint])
})
