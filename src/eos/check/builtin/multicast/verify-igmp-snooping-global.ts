import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { enabledWord } from '../../answer/printed-flag.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { igmpSnoopingAnswer, SHOW_IP_IGMP_SNOOPING } from './igmp-snooping.ts'

/** IGMP snooping is enabled or disabled as a whole. */
export const verifyIgmpSnoopingGlobal = defineVerify({
  name: 'VerifyIGMPSnoopingGlobal',
  summary: 'Verifies whether IGMP snooping is enabled on the switch.',
  docs: 'Passes when IGMP snooping as a whole is enabled or disabled as the input says, fails otherwise.',
  example: { enabled: true },
  input: () => z.strictObject({ enabled: z.boolean().describe('Whether IGMP snooping must be enabled.') }),
  commands: () => [SHOW_IP_IGMP_SNOOPING],
  answers: () => [igmpSnoopingAnswer()],
  judge: ({ enabled }, [{ igmpSnoopingState }]) =>
    passUnless(mismatch('IGMP state is not valid', enabledWord(enabled), igmpSnoopingState)),
})
