import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { enabledWord } from '../../answer/printed-flag.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { hasEntries } from '../../input/has-entries.ts'
import { vlanId } from '../../input/numbers.ts'
import { igmpSnoopingAnswer, SHOW_IP_IGMP_SNOOPING } from './igmp-snooping.ts'

/** IGMP snooping is enabled or disabled on VLANs. */
export const verifyIgmpSnoopingVlans = defineVerify({
  name: 'VerifyIGMPSnoopingVlans',
  summary: 'Verifies on which VLANs IGMP snooping is enabled.',
  docs:
    'Passes when IGMP snooping is enabled or disabled on each VLAN as its input says. Fails for each that differs, and each ' +
    'VLAN that the switch does not have.',
  example: { vlans: { '10': false, '12': false } },
  input: () =>
    z.strictObject({
      vlans: z
        .record(vlanId(), z.boolean())
        .refine(hasEntries, { error: 'expected a VLAN at least' })
        .describe('Whether IGMP snooping must be enabled, by VLAN.'),
    }),
  commands: () => [SHOW_IP_IGMP_SNOOPING],
  answers: () => [igmpSnoopingAnswer()],
  judge: ({ vlans: wanted }, [answer]) =>
    passUnless(
      Object.entries(wanted).flatMap(([id, enabled]) => {
        const vlan = answer.vlans.get(id)
        if (vlan === undefined) return [`Supplied vlan ${id} is not present on the device`]
        return mismatch(`VLAN${id} - Incorrect IGMP state`, enabledWord(enabled), vlan.igmpSnoopingState)
      }),
    ),
})
