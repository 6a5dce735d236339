import { ipv4AccessLists } from '../../answer/show-access-list-summary.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeServiceAcls, SERVICE_ACLS_EXAMPLE, serviceAclsInput, showAccessLists } from '../security/service-acls.ts'

/** The SNMP agent has the expected number of IPv4 access lists in a VRF, all of them active. */
export const verifySnmpIpv4Acl = defineVerify({
  name: 'VerifySnmpIPv4Acl',
  summary: 'Verifies the number of IPv4 access lists of the SNMP agent in a VRF.',
  docs: 'Passes when the SNMP agent has as many IPv4 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  commands: () => [showAccessLists('snmp ipv4')],
  answers: () => [ipv4AccessLists()],
  judge: (input, [lists]) => judgeServiceAcls('SNMP IPv4 ACL(s)', 'Incorrect SNMP IPv4 ACL(s)', input, lists),
})
