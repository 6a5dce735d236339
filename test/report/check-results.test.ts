import { describe, expect, test } from 'vitest'
import { type CheckResult, checkResultsAs } from '../../src/report/check-results/formats.ts'
import { plain } from '../../src/report/text/text.ts'

const of = (device: string, check: string, rest: Partial<CheckResult>): CheckResult => ({
  device,
  check,
  categories: ['mlag'],
  description: 'What it verifies.',
  status: 'success',
  messages: [],
  commands: ['show mlag'],
  ...rest,
})

const RESULTS: readonly CheckResult[] = [
  of('leaf1', 'VerifyMlagStatus', {}),
  of('leaf1', 'VerifyNTP', { status: 'skipped', messages: ['no NTP here'], categories: [] }),
  of('leaf1', 'VerifyMlagInterfaces', {
    status: 'failure',
    messages: ['state - Expected: up Actual: <down>', '=cmd|"evil"'],
    commands: ['show mlag', 'show version', 'show clock'],
  }),
  of('leaf2', 'VerifyMlagStatus', { status: 'error', messages: ['no answer\nat all'], customField: 'CHG-7' }),
]

describe('results of checks', () => {
  test('are a block for each switch, failures first, with the command to look at', () => {
    expect(checkResultsAs.text(RESULTS, { by: 'device', hide: [] }, plain)).toBe(
      `leaf1   1 failed, 1 skipped, 1 passed
  ✗ VerifyMlagInterfaces  state - Expected: up Actual: <down>
                          =cmd|"evil"
                          look at: show mlag, show version, 1 more
  - VerifyNTP             no NTP here
  ✔ VerifyMlagStatus

leaf2   1 not judged
  ! VerifyMlagStatus      no answer
                          at all
                          look at: show mlag

Checks: 4 results on 2 switches · 1 failed, 1 not judged, 1 skipped, 1 passed`,
    )
  })

  test('are a block for each check, and what is hidden is still counted', () => {
    expect(checkResultsAs.text(RESULTS, { by: 'check', hide: ['success', 'skipped'] }, plain)).toBe(
      `VerifyMlagInterfaces   1 failed
  ✗ leaf1  state - Expected: up Actual: <down>
           =cmd|"evil"
           look at: show mlag, show version, 1 more

VerifyMlagStatus   1 not judged, 1 passed
  ! leaf2  no answer
           at all
           look at: show mlag

Checks: 4 results on 2 switches · 1 failed, 1 not judged, 1 skipped, 1 passed`,
    )
  })

  test('are JSON with a version and a summary', () => {
    expect(JSON.parse(checkResultsAs.json(RESULTS))).toMatchObject({
      version: 1,
      kind: 'check-results',
      summary: { success: 1, failure: 1, error: 1, skipped: 1 },
      results: [{ check: 'VerifyMlagStatus', status: 'success' }, {}, {}, { customField: 'CHG-7' }],
    })
  })

  test('are JUnit, a suite for each switch', () => {
    expect(checkResultsAs.junit(RESULTS)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="1" errors="1" skipped="1" name="eosflow check">
  <testsuite tests="3" failures="1" errors="0" skipped="1" name="leaf1">
    <testcase classname="leaf1.mlag" name="VerifyMlagInterfaces">
      <failure message="state - Expected: up Actual: &lt;down&gt;; =cmd|&quot;evil&quot;">state - Expected: up Actual: &lt;down&gt;
=cmd|&quot;evil&quot;
look at: show mlag
look at: show version
look at: show clock</failure>
    </testcase>
    <testcase classname="leaf1" name="VerifyNTP">
      <skipped message="no NTP here"/>
    </testcase>
    <testcase classname="leaf1.mlag" name="VerifyMlagStatus"/>
  </testsuite>
  <testsuite tests="1" failures="0" errors="1" skipped="0" name="leaf2">
    <testcase classname="leaf2.mlag" name="VerifyMlagStatus">
      <error message="no answer\\u{a}at all">no answer
    at all
look at: show mlag</error>
    </testcase>
  </testsuite>
</testsuites>
`)
  })

  test('are CSV that a spreadsheet does not calculate', () => {
    expect(checkResultsAs.csv(RESULTS).split('\r\n')).toEqual([
      '"Device","Check","Status","Messages","Description","Categories","Custom field","Commands"',
      '"leaf1","VerifyMlagStatus","success","","What it verifies.","mlag","","show mlag"',
      '"leaf1","VerifyNTP","skipped","no NTP here","What it verifies.","","","show mlag"',
      '"leaf1","VerifyMlagInterfaces","failure","state - Expected: up Actual: <down>; =cmd|""evil""","What it verifies.","mlag","","show mlag; show version; show clock"',
      '"leaf2","VerifyMlagStatus","error","no answer\\u{a}at all","What it verifies.","mlag","CHG-7","show mlag"',
      '',
    ])
    expect(checkResultsAs.csv([of('leaf1', '=HYPERLINK(1)', {})])).toContain(`,"'=HYPERLINK(1)"`.slice(1))
    for (const text of ['+1', '-1', '@x', '\t=1', '  =1', '＝1', '＋1', '－1', '＠x'])
      expect(checkResultsAs.csv([of('leaf1', text, {})]), text).toContain(`,"'${text}"`)
  })

  test('are Markdown in which nothing of a switch is markup', () => {
    expect(checkResultsAs.markdown(RESULTS)).toBe(`### eosflow check: 4 results on 2 switches

1 passed, 1 failed, 1 not judged, 1 skipped

| Device | Passed | Failed | Not judged | Skipped |
| --- | ---: | ---: | ---: | ---: |
| leaf1 | 1 | 1 | 0 | 1 |
| leaf2 | 0 | 0 | 1 | 0 |

| Device | Check | Status | Expected against actual | Look at |
| --- | --- | --- | --- | --- |
| leaf1 | VerifyMlagInterfaces | failure | state - Expected: up Actual: &#60;down&#62;<br>=cmd&#124;"evil" | show mlag<br>show version |
| leaf1 | VerifyNTP | skipped | no NTP here | show mlag |
| leaf2 | VerifyMlagStatus | error | no answer&#92;u{a}at all | show mlag |
`)
  })
})
