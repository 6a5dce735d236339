import { Map as PersistentMap, Set as PersistentSet } from 'immutable'
import { expect, test } from 'vitest'
import { confirmationGroups } from '../../../src/change/engine/change.ts'
import { type ExecutionState, newExecution } from '../../../src/change/engine/state.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { UNTOUCHED } from '../../../src/eos/device/history.ts'
import { partOf } from '../../lab/part-of.ts'

const planOf = (atomic: 'change' | 'wave' | 'device') =>
  partOf<Plan>({
    content: { atomic, waves: [['leaf1', 'leaf2'], ['leaf3']], concurrency: 7 },
    evidence: { roundTrips: { leaf1: 900, leaf3: 900 } },
  })

const phases = (all: Readonly<Record<string, 'armed' | 'confirming' | 'confirmed'>>) => ({
  devices: PersistentMap(Object.entries(all).map(([name, phase]) => [name, { ...UNTOUCHED, phase }])),
})

const ALL = phases({ leaf1: 'armed', leaf2: 'confirmed', leaf3: 'confirming' })
const stateOf = (more: Partial<ExecutionState>) => ({ ...newExecution('x1'), ...more })

test.each([
  [
    'change',
    'leaf1',
    {
      planned: ['leaf1', 'leaf2', 'leaf3'],
      switches: ['leaf1', 'leaf2', 'leaf3'],
      open: ['leaf1', 'leaf3'],
      concurrency: 7,
      roundTrip: 900,
    },
  ],
  [
    'wave',
    'leaf2',
    { planned: ['leaf1', 'leaf2'], switches: ['leaf1', 'leaf2'], open: ['leaf1'], concurrency: 7, roundTrip: 900 },
  ],
  ['wave', 'leaf3', { planned: ['leaf3'], switches: ['leaf3'], open: ['leaf3'], concurrency: 7, roundTrip: 900 }],
  ['device', 'leaf2', { planned: ['leaf2'], switches: ['leaf2'], open: [], concurrency: 7, roundTrip: 200 }],
] as const)('of a change that is atomic by %s, with %s', (atomic, device, expected) => {
  const plan = planOf(atomic)
  const groupOf = confirmationGroups({ state: stateOf(ALL) })
  expect(groupOf(plan, device)).toEqual(expected)
  expect(groupOf(plan, device)).toEqual(expected)
})

test('is as the record is: what has failed, is kept or has ended is not in it, and what is confirmed is not open', () => {
  const ledger = { state: stateOf(ALL) }
  const [plan, groupOf] = [planOf('change'), confirmationGroups(ledger)]
  expect(groupOf(plan, 'leaf1').open).toEqual(['leaf1', 'leaf3'])
  ledger.state = stateOf(phases({ leaf1: 'armed', leaf2: 'confirmed', leaf3: 'confirmed' }))
  expect(groupOf(plan, 'leaf1').open).toEqual(['leaf1'])
  ledger.state = stateOf({ ...ALL, failed: PersistentSet(['leaf1']), kept: PersistentSet(['leaf2']) })
  expect(groupOf(plan, 'leaf3')).toMatchObject({
    planned: ['leaf1', 'leaf2', 'leaf3'],
    switches: ['leaf3'],
    open: ['leaf3'],
  })
})
