import { z } from 'zod'
import { recordOf, show } from '../answer/show.ts'
import { defineVerify } from '../area/define-verify.ts'

/** The switch has sent GreenT packets. */
export const verifyGreenTCounters = defineVerify({
  name: 'VerifyGreenTCounters',
  summary: 'Verifies that the GreenT (GRE Encapsulated Telemetry) counters are incremented.',
  docs: 'Passes when the switch has sent GRE packets with its telemetry.',
  asks: [show('show monitor telemetry postcard counters', () => z.object({ grePktSent: z.number() }))],
  judge: (_input, [{ grePktSent }]) => (grePktSent > 0 ? [] : ['GreenT counters are not incremented']),
})

/** There is a GreenT profile besides the default one. */
export const verifyGreenT = defineVerify({
  name: 'VerifyGreenT',
  summary: 'Verifies that a GreenT (GRE Encapsulated Telemetry) policy other than the default is created.',
  docs: 'Passes when there is a profile of postcard telemetry besides `default`.',
  asks: [show('show monitor telemetry postcard policy profile', () => z.object({ profiles: recordOf(z.object({})) }))],
  judge: (_input, [{ profiles }]) =>
    Object.keys(profiles).some((name) => name !== 'default') ? [] : ['No GreenT policy is created'],
})
