import { expect, test } from 'vitest'
import { whySection } from '../../../src/report/page/execution.ts'
import { inPeoplesOrder, spokenSwitches } from '../../../src/report/phrases/spoken.ts'
import { causeOf } from '../../../src/report/view/headline.ts'
import { executionMarkdown } from '../../../src/report/view/markdown.ts'
import { reasonOf, whyOf } from '../../../src/report/view/view-of.ts'
import { type LastVerdict, newView, type ViewState } from '../../../src/report/view/view-state.ts'

/** A view of an execution without switches. */
const EMPTY = {
  headline: 'a\nb',
  unattended: 'c',
  title: '',
  workflow: '',
  id: '',
  requester: null,
  startedAt: null,
  endedAt: null,
  waves: [],
  warnings: [],
  approvals: [],
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `leaf${index + 1}`)

/** A view of a wave whose switches failed a check, beside others that are good. */
function failedWave(bad: readonly string[], good: readonly string[]): ViewState {
  const verdict = (status: 'pass' | 'fail'): ReadonlyMap<string, LastVerdict> => {
    const given =
      status === 'pass'
        ? ({ status } as const)
        : ({ status, reasons: ['VLAN 161 - expected: active, actual: not there'] } as const)
    return new Map([['vlans-present', { check: 'vlans-present', round: 1, at: 0, verdict: given as never }]])
  }
  const before = newView('one')
  const error = { kind: 'verification', message: 'verification failed' }
  return {
    ...before,
    execution: { ...before.execution, compensation: { reason: 'failed', error } as never },
    verdicts: new Map([
      ...bad.map((name) => [name, verdict('fail')] as const),
      ...good.map((name) => [name, verdict('pass')] as const),
    ]),
    failed: {
      ...before.failed,
      failures: bad.map((device) => ({ path: '', state: 'Verify', device, error, caught: false })) as never,
    },
  }
}

test('a headline counts switches from four on, and names fewer in the order in which people count', () => {
  expect(spokenSwitches(['leaf10', 'leaf2'])).toBe('leaf2 and leaf10')
  expect(spokenSwitches(['leaf10', 'leaf9', 'leaf2'])).toBe('leaf2, leaf9 and leaf10')
  expect(spokenSwitches(names(4))).toBe('4 switches')
  expect(spokenSwitches(names(100), 300)).toBe('100 of 300 switches')
  expect(inPeoplesOrder(['pod10-leaf1', 'pod2-leaf11', 'pod2-leaf3'])).toEqual([
    'pod2-leaf3',
    'pod2-leaf11',
    'pod10-leaf1',
  ])
})

test('[B5] of many switches the cause says how many failed what, of few which', () => {
  expect(causeOf(failedWave(names(100), []))).toBe('100 of 100 switches failed vlans-present')
  expect(causeOf(failedWave(names(41), names(299).slice(41)))).toBe('41 of 299 switches failed vlans-present')
  const view = failedWave(names(100), [])
  // The first that is not good in time ends the wave: the record has one failure, and a hundred verdicts.
  const ended = { ...view, failed: { ...view.failed, failures: view.failed.failures.slice(0, 1) } }
  expect(causeOf(ended)).toBe('100 of 100 switches failed vlans-present')
  expect(causeOf(failedWave(['leaf10', 'leaf9'], ['leaf1']))).toBe('leaf9 and leaf10 were not good after the commit')
})

test('[B5] [B9] what a check says of a hundred switches alike is said once, with their number', () => {
  const why = whyOf(failedWave(names(100).toReversed(), []))
  expect(why.findings).toHaveLength(1)
  expect(why.findings[0]).toMatchObject({ device: 'leaf1', check: 'vlans-present' })
  expect(why.findings[0]?.alike).toHaveLength(99)
  expect(why.findings[0]?.alike?.slice(0, 2)).toEqual(['leaf2', 'leaf3'])
  expect(why.failures.length).toBeLessThanOrEqual(1)
  const page = String(whySection({ why, endedAt: '', status: 'ended' } as never))
  expect(page).toContain('<b>100 switches</b>')
  expect(page.match(/<li>/g)).toHaveLength(1 + why.failures.length)
  // The number opens into the first thirty places of its names, on the page and in Markdown alike.
  expect(page).toContain('leaf28, leaf29 and 71 more</details>')
  const report = executionMarkdown({ ...EMPTY, why } as never)
  expect(report).toContain('leaf28, leaf29 and 71 more: vlans-present: ')
  expect(page + report).not.toContain('leaf30')
  expect(reasonOf('VLAN 161 - expected: active, actual: not there').actual).toBe('not there')
})

test('[B2] a message of several lines is one line of the Markdown report, and no character code', () => {
  const why = {
    findings: [],
    failures: [
      {
        state: 'Push',
        path: '',
        device: 'leaf1',
        kind: 'refused',
        message: 'leaf1: refused\n  at line 2\n\n  ! bad',
        isHandled: false,
      },
    ],
  }
  const text = executionMarkdown({ ...EMPTY, why } as never)
  expect(text).toContain('- leaf1: leaf1: refused; at line 2; ! bad')
  expect(text).toContain('### a; b')
  expect(text).not.toContain('u{a}')
})
