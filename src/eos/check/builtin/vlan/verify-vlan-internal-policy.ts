import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { vlanId } from '../../input/numbers.ts'

/** Internal VLANs are taken in the given order from the given range. */
export const verifyVlanInternalPolicy = defineVerify({
  name: 'VerifyVlanInternalPolicy',
  summary: 'Verifies in which order, and from which range, the switch takes VLANs for itself.',
  docs:
    'Passes when the policy and both ends of the range are as given. Fails where the policy is another, and then says ' +
    'nothing of the range, which depends on it; else for each end that differs.',
  example: { policy: 'ascending', start_vlan_id: 1006, end_vlan_id: 4094 },
  input: () =>
    z.strictObject({
      policy: z.enum(['ascending', 'descending']).describe('Order in which VLANs are taken.'),
      start_vlan_id: vlanId().describe('The VLAN that the range starts with.'),
      end_vlan_id: vlanId().describe('The VLAN that the range ends with.'),
    }),
  commands: () => [{ cmd: 'show vlan internal allocation policy', revision: 1 }],
  answers: () => [
    z.object({ policy: z.string().optional(), startVlanId: z.number().optional(), endVlanId: z.number().optional() }),
  ],
  judge: ({ policy, start_vlan_id, end_vlan_id }, [actual]) => {
    const otherPolicy = mismatch('Incorrect VLAN internal allocation policy configured', policy, actual.policy, 'None')
    if (otherPolicy.length > 0) return passUnless(otherPolicy)
    const subject = `VLAN internal allocation policy: ${policy}`
    return passUnless([
      ...mismatch(`${subject} - Incorrect start VLAN id configured`, start_vlan_id, actual.startVlanId, 'None'),
      ...mismatch(`${subject} - Incorrect end VLAN id configured`, end_vlan_id, actual.endVlanId, 'None'),
    ])
  },
})
