import { z } from 'zod'
import { matchesWithin } from '../../../../text/source/bounded-pattern.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { tooSlow, verdictOf } from '../../finding/finding.ts'
import { pattern } from '../../input/words.ts'

/** running-config has lines of some forms. */
export const verifyRunningConfigLines = defineVerify({
  name: 'VerifyRunningConfigLines',
  summary: 'Verifies that patterns are found in running-config.',
  docs: 'Passes when every pattern is found; ^ and $ are the ends of a line. VerifyRunningConfig knows sections and says more.',
  example: { regex_patterns: ['^logging host .*$', '^ip routing$'] },
  input: () => z.strictObject({ regex_patterns: z.array(pattern()).min(1).describe('Regular expressions.') }),
  commands: () => [{ cmd: 'show running-config', format: 'text' }],
  answers: () => [z.string()],
  judge: ({ regex_patterns }, [config]) => {
    const found = regex_patterns.map((one) => ({ one, isFound: matchesWithin(one, config, 'm') }))
    const missing = found.filter(({ isFound }) => isFound === false).map(({ one }) => `'${one}'`)
    return verdictOf([
      ...found.filter(({ isFound }) => isFound === undefined).map(({ one }) => tooSlow(one)),
      ...(missing.length === 0 ? [] : [{ fault: `Following patterns were not found: ${missing.join(', ')}` }]),
    ])
  },
})
