import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** There is a GreenT profile besides the default one. */
export const verifyGreenT = defineVerify({
  name: 'VerifyGreenT',
  summary: 'Verifies that a GreenT (GRE Encapsulated Telemetry) policy other than the default is created.',
  docs: 'Passes when there is a profile of postcard telemetry besides `default`.',
  commands: () => [{ cmd: 'show monitor telemetry postcard policy profile', revision: 1 }],
  answers: () => [z.object({ profiles: z.record(z.string(), z.object({})) })],
  judge: (_input, [{ profiles }]) =>
    passUnless(Object.keys(profiles).some((name) => name !== 'default') ? [] : ['No GreenT policy is created']),
})
