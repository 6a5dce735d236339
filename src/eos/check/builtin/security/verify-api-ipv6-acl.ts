import { ipv6AccessLists } from '../../answer/show-access-list-summary.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeServiceAcls, SERVICE_ACLS_EXAMPLE, serviceAclsInput, showAccessLists } from './service-acls.ts'

/** eAPI has the expected number of IPv6 access lists in a VRF, all of them active. */
export const verifyApiIpv6Acl = defineVerify({
  name: 'VerifyAPIIPv6Acl',
  summary: 'Verifies the number of IPv6 access lists of eAPI in a VRF.',
  docs: 'Passes when eAPI has as many IPv6 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  commands: () => [showAccessLists('management api http-commands ipv6')],
  answers: () => [ipv6AccessLists()],
  judge: (input, [lists]) => judgeServiceAcls('eAPI IPv6 ACL(s)', 'eAPI IPv6 ACL(s) count mismatch', input, lists),
})
