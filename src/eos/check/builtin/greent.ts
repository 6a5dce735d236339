import { z } from 'zod'
import { recordOf, show } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'

/** The switch has sent GreenT packets. */
export const VerifyGreenTCounters = defineVerify({
  summary: 'Verifies that the GreenT (GRE Encapsulated Telemetry) counters are incremented.',
  docs: 'Passes when the switch has sent GRE packets with its telemetry.',
  asks: show('show monitor telemetry postcard counters', () => ({ grePktSent: z.number() })),
  judge: ({ grePktSent }) => (grePktSent > 0 ? [] : ['GreenT counters are not incremented']),
})

/** There is a GreenT profile besides the default one. */
export const VerifyGreenT = defineVerify({
  summary: 'Verifies that a GreenT (GRE Encapsulated Telemetry) policy other than the default is created.',
  docs: 'Passes when there is a profile of postcard telemetry besides `default`.',
  asks: show('show monitor telemetry postcard policy profile', () => ({ profiles: recordOf({}) })),
  judge: ({ profiles }) =>
    Object.keys(profiles).some((name) => name !== 'default') ? [] : ['No GreenT policy is created'],
})
