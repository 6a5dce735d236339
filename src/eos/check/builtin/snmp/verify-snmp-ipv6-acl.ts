import { ipv6AccessLists } from '../../answer/show-access-list-summary.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeServiceAcls, SERVICE_ACLS_EXAMPLE, serviceAclsInput, showAccessLists } from '../security/service-acls.ts'

/** The SNMP agent has the expected number of IPv6 access lists in a VRF, all of them active. */
export const verifySnmpIpv6Acl = defineVerify({
  name: 'VerifySnmpIPv6Acl',
  summary: 'Verifies the number of IPv6 access lists of the SNMP agent in a VRF.',
  docs: 'Passes when the SNMP agent has as many IPv6 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  commands: () => [showAccessLists('snmp ipv6')],
  answers: () => [ipv6AccessLists()],
  judge: (input, [lists]) => judgeServiceAcls('SNMP IPv6 ACL(s)', 'Incorrect SNMP IPv6 ACL(s)', input, lists),
})
