import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { vlanId } from '../../input/numbers.ts'

/** VLANs have the given administrative status. */
export const verifyVlanStatus = defineVerify({
  name: 'VerifyVlanStatus',
  summary: 'Verifies the administrative status of VLANs.',
  docs:
    'Passes when each VLAN is configured and has its status. Fails for each that is not configured, and each with another ' +
    'status.',
  example: {
    vlans: [
      { vlan_id: 10, status: 'suspended' },
      { vlan_id: 4094, status: 'active' },
    ],
  },
  input: () =>
    z.strictObject({
      vlans: z
        .array(
          z.strictObject({
            vlan_id: vlanId().describe('Number of the VLAN.'),
            status: z.enum(['active', 'suspended', 'inactive']).describe('Its status.'),
          }),
        )
        .min(1)
        .describe('The VLANs.'),
    }),
  commands: () => [{ cmd: 'show vlan', revision: 1 }],
  answers: () => [z.object({ vlans: byName(told({ status: z.string() })).optional() })],
  judge: ({ vlans: wanted }, [{ vlans }]) =>
    passUnless(
      wanted.flatMap(({ vlan_id, status }) => {
        const name = `VLAN: Vlan${vlan_id}`
        const vlan = vlans?.get(String(vlan_id))
        if (vlan === undefined) return [`${name} - Not configured`]
        return mismatch(`${name} - Incorrect administrative status`, status, vlan.status)
      }),
    ),
})
