import { describe, expect, test } from 'vitest'
import { foldAll } from '../../../src/change/engine/fold.ts'
import { deviceEnds, outcomeOfCompletion } from '../../../src/change/engine/outcome.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import type { ErrorKind } from '../../../src/model/error.ts'
import { changeMachine, journalled } from './machine.ts'

const session = 'eosflow-1a2b3c4d-1'
const started: EventBody = {
  type: 'ExecutionStarted',
  purpose: 'run',
  workflow: 'add-vlan',
  file: 'add-vlan.yaml',
  definition: 'sha256:d',
  interpreter: 2,
  machine: changeMachine as never,
  params: {},
  input: {},
  context: {},
  requester: { id: 'local:1000:ann@desk', kind: 'person' } as never,
  targets: ['leaf1'],
}
type Act = Extract<EventBody, { type: 'ActIntended' }>['act']
const intended = (act: Act): EventBody => ({
  type: 'ActIntended',
  device: 'leaf1',
  act,
  session,
  ...(act === 'stage' ? { checkpoint: 'eosflow-1a2b3c4d' } : {}),
  ...(act === 'arm' ? { seconds: 300 } : {}),
})
const finished = (act: Act, outcome: 'done' | 'refused' | 'unknown', kind?: ErrorKind): EventBody => ({
  type: 'ActFinished',
  device: 'leaf1',
  act,
  session,
  outcome,
  ...(kind === undefined ? {} : { error: { kind, message: 'why' } }),
})
const until = (...events: readonly EventBody[]) =>
  foldAll('20261120-000000-1a2b3c4d', journalled(started, intended('stage'), finished('stage', 'done'), ...events))

describe('how far a switch got', () => {
  test.each([
    ['a commit that the switch refused', [intended('arm'), finished('arm', 'refused', 'refused')], 'stage', 'staged'],
    ['a commit that never left', [intended('arm'), finished('arm', 'refused', 'unreachable')], 'stage', 'staged'],
    ['a commit without a login', [intended('arm'), finished('arm', 'refused', 'unauthenticated')], 'arm', 'arming'],
    ['a commit whose answer was lost', [intended('arm'), finished('arm', 'unknown')], 'arm', 'arming'],
    ['a commit', [intended('arm'), finished('arm', 'done')], 'arm', 'armed'],
  ] as const)('%s', (_name, events, reached, phase) => {
    expect(until(...events).devices.get('leaf1')).toMatchObject({ reached, phase })
  })
})

describe('an execution that ends', () => {
  const confirmed = [intended('arm'), finished('arm', 'done'), intended('confirm'), finished('confirm', 'done')]

  test.each([
    ['saved and heard', [...confirmed, intended('save'), finished('save', 'done')], 'succeeded', 'changed'],
    ['saved and never heard', [...confirmed, intended('save'), finished('save', 'unknown')], 'unknown', 'unknown'],
    [
      'saved, not heard, and read back',
      [...confirmed, intended('save'), finished('save', 'unknown'), finished('save', 'done')],
      'succeeded',
      'changed',
    ],
  ] as const)('%s', (_name, events, outcome, end) => {
    const state = until(...events)
    expect(outcomeOfCompletion(state)).toBe(outcome)
    expect(deviceEnds(state)).toEqual({ leaf1: end })
  })
})
