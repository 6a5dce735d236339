import { describe, expect, test } from 'vitest'
import { parsePlan } from '../../../src/change/plan/plan.ts'
import { readRecordedPlan } from '../../../src/change/plan/recorded-plan.ts'
import { digestOf } from '../../../src/model/digest.ts'
import type { Json } from '../../../src/model/json.ts'

describe('a plan on record of another version', () => {
  /** Only what decides how it is read. */
  const stored = (version: number, content: Json) => ({
    version,
    digest: digestOf(content),
    content,
    evidence: { state: {}, requester: {}, warnings: [] },
  })

  test.each([1, 2, 4])('%i is refused by name', (v) => {
    expect(() => readRecordedPlan(stored(2, { v, devices: [] }))).toThrow(
      expect.objectContaining({
        kind: 'stale',
        message: `the plan on record is of version ${v}: this eosflow reads version 3`,
      }),
    )
  })

  test('is refused as altered, where it was', () => {
    const altered = { ...stored(2, { v: 2, devices: [] }), content: { v: 2, devices: [{}] } }
    expect(() => readRecordedPlan(altered)).toThrow('does not match its digest')
  })

  test.each([1, 2, 4])('%i is refused as a file', (version) => {
    const read = parsePlan(JSON.stringify(stored(version, { v: 2 })), 'a.plan')
    expect(read.ok ? [] : read.problems.map(({ code, message }) => [code, message])).toEqual([
      ['plan-version', `a plan file of version ${version}: this eosflow reads version 3`],
    ])
  })
})
