import { expect, test } from 'vitest'
import type { InterfaceState } from '../../../src/eos/sim/converge/network-state.ts'
import { packets, traffic } from '../../../src/eos/sim/show/format/interface-json.ts'

const BOOT = Date.UTC(2026, 10, 20)
const port = (given: Partial<InterfaceState>) => ({ kind: 'ethernet', status: 'connected', ...given }) as InterfaceState

test('counters rise with the clock, by the second', () => {
  const after = (seconds: number) => traffic(port({}), BOOT + seconds * 1000, BOOT)
  expect(after(10)).toEqual({ unicast: 30, multicast: 5, broadcast: 1, octets: 3539 })
  expect(packets(after(10))).toBe(36)
  expect(after(11).octets).toBeGreaterThan(after(10).octets)
  expect(after(10.9)).toEqual(after(10))
})

test('a port counts from when it came up, and one that is down carries nothing', () => {
  const silent = { unicast: 0, multicast: 0, broadcast: 0, octets: 0 }
  expect(traffic(port({ since: BOOT + 9000 }), BOOT + 10_000, BOOT).unicast).toBe(3)
  expect(traffic(port({ status: 'notconnect' }), BOOT + 10_000, BOOT)).toEqual(silent)
  expect(traffic(port({ kind: 'loopback' }), BOOT + 10_000, BOOT)).toEqual(silent)
})
