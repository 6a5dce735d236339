import type { Verdict } from '../../../../model/verdict.ts'

/** Where a switch tells nothing of PTP there is nothing to judge. */
export const PTP_NOT_CONFIGURED: Verdict = { status: 'skip', reason: 'PTP is not configured' }
