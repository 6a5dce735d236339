import { z } from 'zod'
import { defineVerify } from '../../area/define-verify.ts'
import { type Finding, verdictOf } from '../../finding/finding.ts'

/** Percent of a partition that may be used (ANTA documentation). */
const THRESHOLD = 75

/** No partition is nearly full. */
export const verifyFileSystemUtilization = defineVerify({
  name: 'VerifyFileSystemUtilization',
  summary: 'Verifies that no partition uses more than 75 % of its space.',
  docs: 'Passes when no partition is used by more than 75 %. Mounted images (/dev/loop) are always full and are left out.',
  commands: () => [{ cmd: 'bash timeout 10 df -h', format: 'text' }],
  answers: () => [z.string()],
  judge: (_input, [printed]) => {
    // Images that are mounted read-only are always full.
    const lines = printed
      .split('\n')
      .slice(1)
      .filter((line) => line !== '' && !line.includes('loop'))
    if (lines.length === 0) return { status: 'error', reason: '`df -h` printed no partition' }
    return verdictOf(
      lines.flatMap((line): readonly Finding[] => {
        const [, used] = /^\s*(?:\S+\s+){4}(\d+)%?(?:\s|$)/.exec(line) ?? []
        if (used === undefined) return [{ unjudged: `\`df -h\` printed: ${line}` }]
        if (Number(used) <= THRESHOLD) return []
        const fault = `Higher disk space utilization - Expected: ${THRESHOLD}% Actual: ${Number(used)}%`
        return [{ fault: `Mount point: ${line} - ${fault}` }]
      }),
    )
  },
})
