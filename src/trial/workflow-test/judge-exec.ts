import type { Failure } from '../../report/test-results/test-results.ts'
import type { CaseEvidence } from './evidence.ts'
import type { TestCase } from './test-case.ts'

/** No change holds a command that acts at once and that no abort undoes. */
export function execFailures(
  { at }: Pick<TestCase, 'at'>,
  { switches }: Pick<CaseEvidence, 'switches'>,
): readonly Failure[] {
  return Object.entries(switches).flatMap(([device, { execInConfig }]) =>
    execInConfig.length === 0
      ? []
      : [
          {
            at,
            what: `exec commands in the configuration of ${device}`,
            expected: 'none',
            actual: execInConfig.join(', '),
          },
        ],
  )
}
