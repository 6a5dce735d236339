import { z } from 'zod'
import { show } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'

/** LANZ, the latency analyzer, is enabled. */
export const VerifyLANZ = defineVerify({
  summary: 'Verifies that LANZ (the latency analyzer) is enabled.',
  docs: 'Passes when LANZ is enabled, and fails when it is disabled.',
  asks: show('show queue-monitor length status', () => ({ lanzEnabled: z.boolean() })),
  judge: ({ lanzEnabled }) => (lanzEnabled ? [] : ['LANZ is not enabled']),
})
