import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { printedDecimals } from '../../answer/printed-number.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Percent of the memory that may be used (ANTA documentation). */
const THRESHOLD = 75

/** The memory is not nearly full. */
export const verifyMemoryUtilization = defineVerify({
  name: 'VerifyMemoryUtilization',
  summary: 'Verifies that the memory utilization of the switch is below 75 %.',
  docs: 'Passes when less than 75 % of the memory is used.',
  commands: () => [{ cmd: 'show version', revision: 1 }],
  answers: () => [z.object({ memTotal: z.number().positive(), memFree: z.number() })],
  judge: (_input, [{ memTotal, memFree }]) => {
    const used = (1 - memFree / memTotal) * 100
    return passUnless(
      memFree / memTotal >= 1 - THRESHOLD / 100
        ? []
        : [`Device has reported a high memory usage - Expected: < ${THRESHOLD}% Actual: ${printedDecimals(used, 2)}%`],
    )
  },
})
