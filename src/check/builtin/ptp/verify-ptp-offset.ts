import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import { PTP_NOT_CONFIGURED } from './ptp-not-configured.ts'

/** How far from the master a clock may be, in nanoseconds. */
const LIMIT = 1000

/** The PTP clock is within a microsecond of its master. */
export const verifyPtpOffset = defineVerify({
  name: 'VerifyPtpOffset',
  summary: 'Verifies that the PTP timing offset is within +/- 1000ns of the master clock.',
  docs: 'Passes when each recorded offset is within +/- 1000ns. Skipped where there is none: PTP is not configured.',
  commands: () => [{ cmd: 'show ptp monitor', revision: 1 }],
  answers: () => [
    z.object({
      ptpMonitorData: z.array(z.object({ intf: z.string().optional(), offsetFromMaster: z.number().optional() })),
    }),
  ],
  judge: (_input, [{ ptpMonitorData }]) => {
    if (ptpMonitorData.length === 0) return PTP_NOT_CONFIGURED
    const offsets = new Map<string, (number | string)[]>()
    for (const { intf = 'unknown', offsetFromMaster = 'Not found' } of ptpMonitorData) {
      if (typeof offsetFromMaster === 'number' && Math.abs(offsetFromMaster) <= LIMIT) continue
      offsets.set(intf, [...(offsets.get(intf) ?? []), offsetFromMaster])
    }
    return passUnless(
      [...offsets].map(
        ([name, actual]) =>
          `Interface: ${name} - Timing offset from master is greater than +/- ${LIMIT}ns: Actual: ${actual.join(', ')}`,
      ),
    )
  },
})
