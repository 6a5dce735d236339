import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The categories that are judged; what a CVX server has to say is none of them. */
const CATEGORIES = ['localVtep', 'mlag', 'pd'] as const

/** The switch finds nothing wrong with its VXLAN configuration. */
export const verifyVxlanConfigSanity = defineVerify({
  name: 'VerifyVxlanConfigSanity',
  summary: 'Verifies that the switch finds no inconsistency in its VXLAN configuration.',
  docs:
    'Passes when all checks of every category of `show vxlan config-sanity` pass. Fails for each category in which one ' +
    'does not. Skipped where VXLAN is not configured.',
  commands: () => [{ cmd: 'show vxlan config-sanity', revision: 1 }],
  answers: () => [z.object({ categories: byName(z.object({ allCheckPass: z.boolean().optional() })).prefault({}) })],
  judge: (_input, [{ categories }]) => {
    if (categories.size === 0) return { status: 'skip', reason: 'VXLAN is not configured' }
    return passUnless(
      CATEGORIES.flatMap((category) =>
        categories.get(category)?.allCheckPass === true
          ? []
          : [`Vxlan Category: ${category} - Config sanity check is not passing`],
      ),
    )
  },
})
