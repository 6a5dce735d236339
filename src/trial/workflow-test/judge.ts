import type { Failure } from '../../report/test-results/test-results.ts'
import { areaReader } from './area-reader.ts'
import { eachSwitch } from './each-switch.ts'
import type { CaseEvidence } from './evidence.ts'
import { configFailures } from './judge-config.ts'
import { execFailures } from './judge-exec.ts'
import { leftoverFailures } from './judge-leftovers.ts'
import type { Lab } from './lab.ts'
import { missedFaults } from './missed-faults.ts'
import { stateDifferences } from './state-difference.ts'
import type { TestCase, Texts } from './test-case.ts'

/** Everything in which a case did not end as it expects. Every case is asked for the common end as well: nothing of ours is left, no exec command ran in a config session, and each of its faults has struck. */
export async function judge(
  testCase: TestCase,
  evidence: CaseEvidence,
  lab: Lab,
  texts: Texts,
): Promise<readonly Failure[]> {
  const failures = [
    ...endFailures(testCase, evidence),
    ...deviceFailures(testCase, evidence),
    ...checkFailures(testCase, evidence),
    ...requestFailures(testCase, evidence),
    ...configFailures(testCase, evidence, texts),
    ...(await stateFailures(testCase, lab)),
    ...leftoverFailures(testCase, evidence),
    ...execFailures(testCase, evidence),
    ...missedFaults(testCase, evidence, lab),
  ]
  return failures.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
}

function endFailures(testCase: TestCase, evidence: CaseEvidence): readonly Failure[] {
  const { expect, placeOf } = testCase
  const said = evidence.error === '' ? '' : `\n${evidence.error}`
  return [
    ...differs(testCase, ['outcome'], expect.outcome, evidence.outcome, said),
    ...differs(testCase, ['exit'], expect.exit, evidence.exit, expect.outcome === undefined ? said : ''),
    ...[expect.error ?? []].flat().flatMap((text, index): Failure[] => {
      if (evidence.error.includes(text)) return []
      const at = placeOf(Array.isArray(expect.error) ? ['error', index] : ['error'])
      return [{ at, what: 'error', expected: `… ${text} …`, actual: evidence.error === '' ? 'none' : evidence.error }]
    }),
    ...differs(testCase, ['states'], expect.states?.join(' → '), evidence.states.join(' → ')),
    ...differs(testCase, ['calls'], expect.calls?.join('\n'), evidence.calls.join('\n')),
  ]
}

function deviceFailures(testCase: TestCase, { ends }: CaseEvidence): readonly Failure[] {
  return eachSwitch(testCase, 'devices', (device, expected, key) =>
    differs(testCase, ['devices', key], expected, ends[device] ?? 'untouched', '', device),
  )
}

function checkFailures(testCase: TestCase, { verdicts }: CaseEvidence): readonly Failure[] {
  return eachSwitch(testCase, 'checks', (device, expected, key) =>
    Object.entries(expected).flatMap(([check, status]) => {
      const verdict = verdicts[device]?.[check]
      const why = verdict !== undefined && 'reasons' in verdict ? `: ${verdict.reasons.join('; ')}` : ''
      const actual = verdict === undefined ? 'not judged' : verdict.status
      if (actual === status) return []
      const at = testCase.placeOf(['checks', key, check])
      return [{ at, what: `${check} on ${device}`, expected: status, actual: `${actual}${why}` }]
    }),
  )
}

function requestFailures(testCase: TestCase, { switches }: CaseEvidence): readonly Failure[] {
  return eachSwitch(testCase, 'requests', (device, expected, key) => {
    const actual = switches[device]?.requests ?? 0
    const limit = typeof expected === 'string' ? Number(expected.replace('<=', '')) : undefined
    const good = limit === undefined ? actual === expected : actual <= limit
    return good ? [] : differs(testCase, ['requests', key], expected, actual, '', device)
  })
}

async function stateFailures(testCase: TestCase, lab: Lab): Promise<readonly Failure[]> {
  const asked = eachSwitch(testCase, 'state', (device, areas, key) => [{ device, areas, key }])
  const failures: Failure[] = []
  for (const { device, areas, key } of asked) {
    const read = areaReader(lab, device)
    for (const [area, expected] of Object.entries(areas)) {
      const at = testCase.placeOf(['state', key, area])
      for (const { path, ...found } of stateDifferences(expected, await read(area), area)) {
        failures.push({ at, what: `${path} of ${device}`, ...found })
      }
    }
  }
  return failures
}

function differs(
  { placeOf }: TestCase,
  path: readonly [string, ...string[]],
  expected: string | number | undefined,
  actual: string | number,
  detail = '',
  device?: string,
): readonly Failure[] {
  if (expected === undefined || expected === actual) return []
  const what = device === undefined ? path[0] : `${path[0]} of ${device}`
  return [{ at: placeOf(path), what, expected: String(expected), actual: `${actual}${detail}` }]
}
