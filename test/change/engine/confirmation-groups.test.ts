import { Map as PersistentMap, Set as PersistentSet } from 'immutable'
import { expect, test } from 'vitest'
import { shareBase } from '../../../src/change/engine/absence.ts'
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
  ['change', 'leaf1', ['leaf1', 'leaf2', 'leaf3'], ['leaf1', 'leaf3'], 900],
  ['wave', 'leaf2', ['leaf1', 'leaf2'], ['leaf1'], 900],
  ['wave', 'leaf3', ['leaf3'], ['leaf3'], 900],
  ['device', 'leaf2', ['leaf2'], [], 200],
] as const)('of a change that is atomic by %s, with %s', (atomic, device, planned, open, roundTrip) => {
  const plan = planOf(atomic)
  const groupOf = confirmationGroups({ state: stateOf(ALL) })
  const expected = { planned, switches: planned, open, concurrency: 7, roundTrip }
  expect([groupOf(plan, device), groupOf(plan, device)]).toEqual([expected, expected])
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

test('a share of failures is of the switches that change, and of each that was left out as a failure before', () => {
  const left = ['leaf3', 'leaf8', 'leaf9'].map((name) => [name, { by: 'maxFailures', message: '' }] as const)
  const plan = partOf<ExecutionState['plan']>({ waves: [['leaf3']] })
  expect(shareBase(stateOf({ plan, leftOut: PersistentMap(left) }))).toBe(3)
})
