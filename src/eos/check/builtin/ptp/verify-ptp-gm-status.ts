import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { ptpAnswer, SHOW_PTP } from '../../answer/show-ptp.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { word } from '../../input/words.ts'
import { PTP_NOT_CONFIGURED } from './ptp-not-configured.ts'

/** The switch is locked to the PTP grandmaster that it should follow. */
export const verifyPtpGmStatus = defineVerify({
  name: 'VerifyPtpGMStatus',
  summary: 'Verifies that the switch is locked to the given PTP grandmaster.',
  docs: 'Passes when the identity of the grandmaster is the given one. Skipped where PTP is not configured.',
  example: { gmid: '0xec:46:70:ff:fe:00:ff:a9' },
  input: () =>
    z.strictObject({ gmid: word().describe('Identity of the grandmaster that the switch should be locked to.') }),
  commands: () => [SHOW_PTP],
  answers: () => [ptpAnswer()],
  judge: ({ gmid }, [{ ptpClockSummary }]) => {
    if (ptpClockSummary === undefined) return PTP_NOT_CONFIGURED
    const gmClockIdentity = needed(ptpClockSummary, 'gmClockIdentity')
    return passUnless(mismatch('The device is locked to the incorrect Grandmaster', gmid, gmClockIdentity))
  },
})
