import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The switch has sent GreenT packets. */
export const verifyGreenTCounters = defineVerify({
  name: 'VerifyGreenTCounters',
  summary: 'Verifies that the GreenT (GRE Encapsulated Telemetry) counters are incremented.',
  docs: 'Passes when the switch has sent GRE packets with its telemetry.',
  commands: () => [{ cmd: 'show monitor telemetry postcard counters', revision: 1 }],
  answers: () => [z.object({ grePktSent: z.number() })],
  judge: (_input, [{ grePktSent }]) => passUnless(grePktSent > 0 ? [] : ['GreenT counters are not incremented']),
})
