import { z } from 'zod'
import { byName, enabledWord, mismatch, show, told } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { hasEntries, vlanId } from '../input/words.ts'

// What `show ip igmp snooping` tells; no VLANs where snooping is disabled as a whole.
const SHOW_IP_IGMP_SNOOPING = show('show ip igmp snooping', () =>
  told({
    igmpSnoopingState: z.string(),
    vlans: byName(told({ igmpSnoopingState: z.string() })),
  }),
)

/** IGMP snooping is enabled or disabled as a whole. */
export const VerifyIGMPSnoopingGlobal = defineVerify({
  summary: 'Verifies whether IGMP snooping is enabled on the switch.',
  docs: 'Passes when IGMP snooping as a whole is enabled or disabled as the input says, fails otherwise.',
  example: { enabled: true },
  input: () => ({ enabled: z.boolean().describe('Whether IGMP snooping must be enabled.') }),
  asks: SHOW_IP_IGMP_SNOOPING,
  judge: ({ igmpSnoopingState }, { enabled }) =>
    mismatch('IGMP state is not valid', enabledWord(enabled), igmpSnoopingState),
})

/** IGMP snooping is enabled or disabled on VLANs. */
export const VerifyIGMPSnoopingVlans = defineVerify({
  summary: 'Verifies on which VLANs IGMP snooping is enabled.',
  docs:
    'Passes when IGMP snooping is enabled or disabled on each VLAN as its input says. Fails for each that differs, and each ' +
    'VLAN that the switch does not have.',
  example: { vlans: { '10': false, '12': false } },
  input: () => ({
    vlans: z
      .record(vlanId(), z.boolean())
      .refine(hasEntries, { error: 'expected a VLAN at least' })
      .describe('Whether IGMP snooping must be enabled, by VLAN.'),
  }),
  asks: SHOW_IP_IGMP_SNOOPING,
  judge: (answer, { vlans: wanted }) =>
    Object.entries(wanted).flatMap(([id, enabled]) => {
      const vlan = answer.vlans.get(id)
      if (vlan === undefined) return [`Supplied vlan ${id} is not present on the device`]
      return mismatch(`VLAN${id} - Incorrect IGMP state`, enabledWord(enabled), vlan.igmpSnoopingState)
    }),
})
