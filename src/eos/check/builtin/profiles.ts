import { z } from 'zod'
import { mismatch, recordOf, show, told } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { word } from '../input/words.ts'

/** The switch, and each line card of a modular one, runs the expected TCAM profile. */
export const VerifyTcamProfile = defineVerify({
  summary: 'Verifies that the switch, or each line card of a modular one, runs the expected TCAM profile.',
  docs: 'Passes when every system or line card runs the given profile. Fails where there is none.',
  example: { profile: 'vxlan-routing' },
  input: () => ({ profile: word().describe('Expected TCAM profile.') }),
  asks: show('show hardware tcam profile', () => ({
    pmfProfiles: recordOf(told({ status: z.string(), config: z.string() })),
  })),
  judge: ({ pmfProfiles }, { profile }) => {
    const running = Object.entries(pmfProfiles)
    if (running.length === 0) return ['No TCAM profile found']
    return running.flatMap(([card, { status, config }]) =>
      // A profile that is configured runs after the next reload.
      status === profile && config === profile
        ? []
        : [`${card} - Incorrect profile running on device - Expected: ${profile} Actual: ${status}`],
    )
  },
})

/** The switch divides its unified forwarding table as it should. */
export const VerifyUnifiedForwardingTableMode = defineVerify({
  summary: 'Verifies that the switch uses the expected mode of its unified forwarding table (UFT).',
  docs: 'Passes when the mode of the table is the given one.',
  example: { mode: 3 },
  input: () => ({ mode: z.literal([0, 1, 2, 3, 4, 'flexible']).describe('Expected mode: 0 to 4, or flexible.') }),
  asks: show('show platform trident forwarding-table partition', () => ({ uftMode: z.string() })),
  judge: ({ uftMode }, { mode }) => mismatch('Not running the correct UFT mode', String(mode), uftMode),
})
