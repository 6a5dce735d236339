import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_SNMP, snmpAnswer } from '../../answer/show-snmp.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { vrf } from '../../input/words.ts'

/** SNMP messages leave from the expected interface of each VRF. */
export const verifySnmpSourceInterface = defineVerify({
  name: 'VerifySnmpSourceInterface',
  summary: 'Verifies the source interfaces of SNMP.',
  docs: 'Passes when the source interface of SNMP in each VRF is the expected one.',
  example: { interfaces: [{ interface: 'Management0', vrf: 'MGMT' }] },
  input: () =>
    z.strictObject({
      interfaces: z
        .array(
          z.strictObject({
            interface: interfaceName().describe('The interface that SNMP messages leave from.'),
            vrf: vrf().describe('The VRF of the interface.'),
          }),
        )
        .min(1)
        .describe('The source interfaces to verify.'),
    }),
  commands: () => [SHOW_SNMP],
  answers: () => [snmpAnswer()],
  judge: ({ interfaces }, [{ srcIntf }]) => {
    const actualByVrf = srcIntf?.sourceInterfaces
    if (actualByVrf === undefined || actualByVrf.size === 0)
      return passUnless(['SNMP source interface(s) not configured'])
    return passUnless(
      interfaces.flatMap(({ interface: expected, vrf }) => {
        const subject = `Source Interface: ${expected} VRF: ${vrf}`
        const actual = actualByVrf.get(vrf)
        if (actual === undefined) return [`${subject} - Not configured`]
        return actual === expected ? [] : [`${subject} - Incorrect source interface - Actual: ${actual}`]
      }),
    )
  },
})
