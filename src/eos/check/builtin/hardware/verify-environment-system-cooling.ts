import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_COOLING } from '../../answer/show-system-environment-cooling.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'

/** The switch says that it is cooled enough. */
export const verifyEnvironmentSystemCooling = defineVerify({
  name: 'VerifyEnvironmentSystemCooling',
  summary: 'Verifies the cooling status of the switch.',
  docs: 'Passes when the cooling status is coolingOk.',
  commands: () => [SHOW_COOLING],
  answers: () => [z.object({ systemStatus: z.string().default('') })],
  judge: (_input, [{ systemStatus }]) =>
    passUnless(mismatch('Device system cooling status invalid', 'coolingOk', systemStatus)),
})
