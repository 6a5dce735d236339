import { expect, test } from 'vitest'
import { faultPhase } from '../../../src/eos/sim/fabric/network-part.ts'
import type { OperationalFault } from '../../../src/eos/sim/fault/operational.ts'

const down: OperationalFault = { kind: 'link-down', device: 'leaf1', port: 'Ethernet1', from: 5_000, until: 9_000 }
const phases = (faults: readonly OperationalFault[], ...times: number[]) =>
  new Set(times.map((at) => faultPhase(faults, at))).size

test('what lasts is one phase, and another before and after it', () => {
  expect(phases([down], 5_000, 6_000, 8_999)).toBe(1)
  expect(phases([down], 4_999, 5_000, 9_000)).toBe(3)
  expect(phases([{ kind: 'mlag-inactive', device: 'leaf1' }], 0, 1_000_000)).toBe(1)
})

test('what flaps or counts is another every second, until it is over', () => {
  const flap: OperationalFault = { ...down, kind: 'link-flap', periodMs: 4_000 }
  const errors: OperationalFault = { ...down, kind: 'error-counters', counter: 'fcsErrors', perSecond: 3 }
  for (const fault of [flap, errors]) {
    expect(phases([fault], 5_000, 6_000, 7_000)).toBe(3)
    expect(phases([fault], 9_000, 10_000, 20_000)).toBe(1)
  }
})
