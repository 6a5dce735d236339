import { z } from 'zod'
import { defineCheck } from '../define/define-check.ts'

/** Management still works: the switch answers over a connection that did not exist before the change. */
export const reachable = defineCheck({
  name: 'reachable',
  summary: 'The switch answers over a new connection.',
  docs:
    'Sends no command: every round of verification begins with a look at the switch over a connection that was ' +
    'opened after the change, and this check passes when that look was answered. A switch that does not answer is a ' +
    'failed round, whatever other checks say.',
  input: z.strictObject({}),
  commands: () => [],
  judge: () => ({ status: 'pass', facts: ['answered over a new connection'] }),
})
