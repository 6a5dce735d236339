import { expect, test } from 'vitest'
import { probeFailures } from '../../../src/lab/workflow-test/judge.ts'
import type { TestCase } from '../../../src/lab/workflow-test/schema.ts'
import type { ProbeReading } from '../../../src/model/probe.ts'
import { disruptionOf } from '../../../src/report/phrases/disruption.ts'
import { lists } from '../../table.ts'
import { partOf } from '../part-of.ts'

const NO_TIME = { least: 0, most: 0 }

function reading(to: string, of: { least?: number; most?: number; unknown?: number; before?: 'gone' }): ProbeReading {
  const { least = 0, most = 0, unknown = 0, before = 'answers' } = of
  const times = most > 0 ? 1 : 0
  return {
    ...{ from: 'leaf1', to, vrf: 'PROD', every: 1, before, now: 'answers', sent: 30, lost: times, apart: 1000 },
    gone: { times, least, most, longest: times === 0 ? NO_TIME : { least, most }, spans: [] },
    unmeasured: { times: unknown > 0 ? 1 : 0, milliseconds: unknown, spans: [] },
  }
}

const DISRUPTION = disruptionOf({
  probes: {
    isMeasuring: false,
    since: 0,
    readings: [
      reading('10.0.0.1', {}),
      reading('10.0.0.2', { least: 2_000, most: 4_000 }),
      reading('10.0.0.3', { before: 'gone', least: 30_000, most: 30_000 }),
      reading('10.0.0.4', { unknown: 5_000 }),
      reading('10.0.0.5', { least: 1_000, most: 2_000, unknown: 5_000 }),
    ].map((one) => ({ reading: one, at: 0, hasRested: false })),
  },
})

test.for(lists`
  leaf1 to 10.0.0.1 vrf PROD | 0s |
  leaf1 to 10.0.0.1 vrf PROD | <= 1s |
  leaf1 to 10.0.0.1 vrf PROD | >= 1s | 0s
  leaf1 to 10.0.0.2 vrf PROD | 0s | 2.0 to 4.0 s
  leaf1 to 10.0.0.2 vrf PROD | <= 4s |
  leaf1 to 10.0.0.2 vrf PROD | <= 3.9s | 2.0 to 4.0 s
  leaf1 to 10.0.0.2 vrf PROD | >= 2s |
  leaf1 to 10.0.0.2 vrf PROD | >= 2.1s | 2.0 to 4.0 s
  leaf1 to 10.0.0.3 vrf PROD | gone before |
  leaf1 to 10.0.0.3 vrf PROD | <= 60s | gone before
  # What was not measured is never below a limit.
  leaf1 to 10.0.0.4 vrf PROD | 0s | not measured
  leaf1 to 10.0.0.4 vrf PROD | <= 60s | not measured
  leaf1 to 10.0.0.4 vrf PROD | not measured |
  leaf1 to 10.0.0.5 vrf PROD | <= 60s | 1.0 to 2.0 s
  leaf1 to 10.0.0.5 vrf PROD | >= 1s |
  leaf1 to 10.0.0.9 vrf PROD | 0s | not probed
  leaf1 to * | 0s | 2.0 to 4.0 s; gone before; not measured; 1.0 to 2.0 s
`)('%s, expected %s: %j', ([key, [expected = ''] = [], actual]) => {
  const at = { file: 't.yaml', line: 1, column: 1 }
  const testCase = partOf<TestCase>({ expect: { cutOff: { [key]: expected } }, placeOf: () => at })
  expect(probeFailures(testCase, DISRUPTION).map((one) => one.actual)).toEqual(actual)
})

test('what is said of all of them', () => {
  expect(DISRUPTION?.words).toBe(
    'users were cut off for 2.0 to 4.0 s on 2 of 5 probes: leaf1 to 10.0.0.2 vrf PROD the longest (each second); 1 of these was not measured all the time; 1 was not measured all the time; 1 was already gone before',
  )
})
