import { EosflowError, type Problem } from '../../model/error.ts'
import { parseConfig } from '../config/text/parse.ts'
import { judgeInvariants } from './judge.ts'
import type { InvariantFile, InvariantTest } from './pattern/invariant.ts'

export function failedTests({ invariants, tests }: InvariantFile): readonly Problem[] {
  return tests.flatMap((test) => {
    const found = brokenBy(invariants, test)
    if (typeof found !== 'string') {
      const [broken, expected] = [found.toSorted().join(', '), test.breaks.toSorted().join(', ')]
      if (broken === expected) return []
      const message = `the test \`${test.name}\` breaks ${broken || 'nothing'}, and is to break ${expected || 'nothing'}`
      return [{ code: 'failed-test', message, at: test.at, hint: 'mend the invariant, or the test' }]
    }
    return [{ code: 'failed-test', message: `the test \`${test.name}\` cannot be judged: ${found}`, at: test.at }]
  })
}

function brokenBy(invariants: InvariantFile['invariants'], { before = '', config }: InvariantTest) {
  try {
    const { broken } = judgeInvariants(invariants, parseConfig(before), parseConfig(config))
    return [...new Set(broken.map(({ invariant }) => invariant))]
  } catch (error) {
    if (error instanceof EosflowError) return error.message
    throw error
  }
}
