import { passUnless } from '../../../../model/verdict.ts'
import { ptpAnswer, SHOW_PTP } from '../../answer/show-ptp.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { PTP_NOT_CONFIGURED } from './ptp-not-configured.ts'

/** The switch is a PTP boundary clock. */
export const verifyPtpModeStatus = defineVerify({
  name: 'VerifyPtpModeStatus',
  summary: 'Verifies that the switch is a PTP boundary clock.',
  docs: 'Passes when the PTP mode is boundary clock. Skipped where PTP is not configured.',
  commands: () => [SHOW_PTP],
  answers: () => [ptpAnswer()],
  judge: (_input, [{ ptpMode }]) => {
    if (ptpMode === undefined) return PTP_NOT_CONFIGURED
    return passUnless(
      ptpMode === 'ptpBoundaryClock' ? [] : [`Not configured as a PTP Boundary Clock - Actual: ${ptpMode}`],
    )
  },
})
