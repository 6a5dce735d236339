import { globMatches } from '../../model/glob.ts'
import { boundsWords, type Disruption, type ProbeRow } from '../../report/phrases/disruption.ts'
import type { Failure } from '../../report/test-results/test-results.ts'
import type { TestCase } from './test-case.ts'

/** What was said of the pairs that are probed, where it is not as expected. A key is a pair as the report names it, or a glob of such names. */
export function probeFailures({ expect, placeOf }: TestCase, disruption: Disruption | undefined): readonly Failure[] {
  return Object.entries(expect.cutOff ?? {}).flatMap(([key, expected]): Failure[] => {
    const at = placeOf(['cutOff', key])
    const rows = (disruption?.probes ?? []).filter(({ name }) => name === key || globMatches(key, name))
    if (rows.length === 0) return [{ at, what: `cutOff of ${key}`, expected, actual: 'not probed' }]
    return rows
      .filter((row) => !isMet(row, expected))
      .map((row) => ({ at, what: `cutOff of ${row.name}`, expected, actual: actualOf(row) }))
  })
}

function isMet({ result, reading: { gone, unmeasured } }: ProbeRow, expected: string): boolean {
  if (expected === 'gone before') return result === 'gone-before'
  if (expected === 'not measured') return unmeasured.times > 0 || result === 'not-measured'
  if (result !== 'answered' && result !== 'cut') return false
  if (expected === '0s') return result === 'answered'
  const milliseconds = Number(/[\d.]+/.exec(expected)?.[0] ?? 0) * 1000
  return expected.startsWith('<=') ? gone.most <= milliseconds && unmeasured.times === 0 : gone.least >= milliseconds
}

function actualOf({ result, reading }: ProbeRow): string {
  switch (result) {
    case 'answered':
      return '0s'
    case 'cut':
      return boundsWords(reading.gone)
    case 'gone-before':
      return 'gone before'
    case 'not-measured':
      return 'not measured'
  }
}
