import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Random numbers come from the hardware. */
export const verifyHardwareEntropy = defineVerify({
  name: 'VerifyHardwareEntropy',
  summary: 'Verifies that hardware entropy generation is enabled.',
  docs: 'Passes when hardware entropy generation is enabled.',
  commands: () => [{ cmd: 'show management security' }],
  answers: () => [z.object({ hardwareEntropyEnabled: z.boolean().default(false) })],
  judge: (_input, [{ hardwareEntropyEnabled }]) =>
    passUnless(hardwareEntropyEnabled ? [] : ['Hardware entropy generation is disabled']),
})
