import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'

/** Percent of a partition that may be used (ANTA documentation). */
const THRESHOLD = 75

/** A line of `df -h` about a partition: its device, and how much of it is used. */
const PARTITION = /^(\S+)\s.*\s(\d+)%\s/

/** Images that are mounted read-only are always full. */
const IMAGE = /^\/dev\/loop/

/** No partition is nearly full. */
export const verifyFileSystemUtilization = defineVerify({
  name: 'VerifyFileSystemUtilization',
  summary: 'Verifies that no partition uses more than 75 % of its space.',
  docs: 'Passes when no partition is used by more than 75 %. Mounted images (/dev/loop) are always full and are left out.',
  commands: () => [{ cmd: 'bash timeout 10 df -h', format: 'text' }],
  answers: () => [z.string()],
  judge: (_input, [printed]) => {
    const partitions = printed.split('\n').flatMap((line) => {
      const [, device = '', used = ''] = PARTITION.exec(line) ?? []
      return device === '' || IMAGE.test(device) ? [] : [{ line, used: Number(used) }]
    })
    if (partitions.length === 0) return { status: 'error', reason: '`df -h` printed no partition' }
    return passUnless(
      partitions
        .filter(({ used }) => used > THRESHOLD)
        .map(
          ({ line, used }) =>
            `Mount point: ${line} - Higher disk space utilization - Expected: ${THRESHOLD}% Actual: ${used}%`,
        ),
    )
  },
})
