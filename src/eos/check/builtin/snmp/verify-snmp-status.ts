import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_SNMP, snmpAnswer } from '../../answer/show-snmp.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { vrf } from '../../input/words.ts'

/** The SNMP agent is enabled in a VRF. */
export const verifySnmpStatus = defineVerify({
  name: 'VerifySnmpStatus',
  summary: 'Verifies that the SNMP agent is enabled in a VRF.',
  docs: 'Passes when the SNMP agent is enabled, and in the VRF.',
  example: { vrf: 'default' },
  input: () => z.strictObject({ vrf: vrf().describe('The VRF that the agent listens in.') }),
  commands: () => [SHOW_SNMP],
  answers: () => [snmpAnswer()],
  judge: ({ vrf }, [agent]) => {
    const listens = needed(agent, 'enabled') && needed(needed(agent, 'vrfs'), 'snmpVrfs').includes(vrf)
    return passUnless(listens ? [] : [`VRF: ${vrf} - SNMP agent disabled`])
  },
})
