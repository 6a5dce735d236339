import { passUnless } from '../../../../model/verdict.ts'
import { ptpAnswer, SHOW_PTP } from '../../answer/show-ptp.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { PTP_NOT_CONFIGURED } from './ptp-not-configured.ts'

/** How old the last synchronisation may be, in seconds. */
const LIMIT = 60

/** The switch was locked to its upstream PTP grandmaster in the last minute. */
export const verifyPtpLockStatus = defineVerify({
  name: 'VerifyPtpLockStatus',
  summary: 'Verifies that the switch was locked to the upstream PTP grandmaster in the last minute.',
  docs: 'Passes when the last synchronisation is no more than 60 seconds old. Skipped where PTP is not configured.',
  commands: () => [SHOW_PTP],
  answers: () => [ptpAnswer()],
  judge: (_input, [{ ptpClockSummary }]) => {
    if (ptpClockSummary === undefined) return PTP_NOT_CONFIGURED
    const age = needed(ptpClockSummary, 'currentPtpSystemTime') - needed(ptpClockSummary, 'lastSyncTime')
    return passUnless(age < LIMIT ? [] : [`Lock is more than ${LIMIT}s old - Actual: ${age}s`])
  },
})
