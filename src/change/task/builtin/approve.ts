import { z } from 'zod'
import { defineTask } from '../act/context.ts'

export const approve = defineTask({
  name: 'approve',
  summary: 'Ask for the approval of the plan, bound to its digest.',
  docs: 'At a terminal the grouped diff is shown and `yes` is asked for. With nobody to ask, the execution waits and eosflow exits 12; `eosflow approve` decides, `eosflow resume` continues.',
  scope: 'plan.read',
  effect: 'read',
  input: z.strictObject({
    expires: z.int().min(60).default(14_400).describe('For how many seconds an approval holds.'),
  }),
  async run(context) {
    return { decision: await context.approval.obtain(context.signal) }
  },
})
