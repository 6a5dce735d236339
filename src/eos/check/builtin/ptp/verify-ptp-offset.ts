import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
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
      ptpMonitorData: z.array(told({ intf: z.string(), offsetFromMaster: z.number() })),
    }),
  ],
  judge: (_input, [{ ptpMonitorData }]) => {
    if (ptpMonitorData.length === 0) return PTP_NOT_CONFIGURED
    const offsets = new Map<string, number[]>()
    for (const one of ptpMonitorData) {
      if (Math.abs(one.offsetFromMaster) <= LIMIT) continue
      offsets.set(one.intf, [...(offsets.get(one.intf) ?? []), one.offsetFromMaster])
    }
    return passUnless(
      [...offsets].map(
        ([name, actual]) =>
          `Interface: ${name} - Timing offset from master is greater than +/- ${LIMIT}ns: Actual: ${actual.join(', ')}`,
      ),
    )
  },
})
