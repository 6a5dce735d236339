import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_SNMP, snmpAnswer } from '../../answer/show-snmp.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { snmpHost, vrfOf } from './snmp-host.ts'

/** SNMP logging is enabled and reaches given hosts. */
export const verifySnmpHostLogging = defineVerify({
  name: 'VerifySnmpHostLogging',
  summary: 'Verifies SNMP logging and its hosts.',
  docs: 'Passes when SNMP logging is enabled and each host is configured in its VRF.',
  example: { hosts: [{ hostname: '192.168.1.103', vrf: 'MGMT' }] },
  input: () => z.strictObject({ hosts: z.array(snmpHost()).min(1).describe('The hosts to verify.') }),
  commands: () => [SHOW_SNMP],
  answers: () => [snmpAnswer()],
  judge: ({ hosts }, [{ logging }]) => {
    if (logging?.loggingEnabled !== true) return passUnless(['SNMP logging is disabled'])
    return passUnless(
      hosts.flatMap(({ hostname, vrf }) => {
        const subject = `Host: ${hostname} VRF: ${vrf}`
        const shown = logging.hosts?.get(hostname)
        if (shown === undefined || Object.keys(shown).length === 0) return [`${subject} - Not configured`]
        const actual = vrfOf(shown)
        return actual === vrf ? [] : [`${subject} - Incorrect VRF - Actual: ${actual}`]
      }),
    )
  },
})
