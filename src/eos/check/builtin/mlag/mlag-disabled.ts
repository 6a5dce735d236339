import type { Verdict } from '../../../../model/verdict.ts'

/** Where MLAG is disabled there is nothing to judge. */
export const MLAG_DISABLED: Verdict = { status: 'skip', reason: 'MLAG is disabled' }
