import { ipv4AccessLists } from '../../answer/show-access-list-summary.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeServiceAcls, SERVICE_ACLS_EXAMPLE, serviceAclsInput, showAccessLists } from './service-acls.ts'

/** eAPI has the expected number of IPv4 access lists in a VRF, all of them active. */
export const verifyApiIpv4Acl = defineVerify({
  name: 'VerifyAPIIPv4Acl',
  summary: 'Verifies the number of IPv4 access lists of eAPI in a VRF.',
  docs: 'Passes when eAPI has as many IPv4 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  commands: () => [showAccessLists('management api http-commands ip')],
  answers: () => [ipv4AccessLists()],
  judge: (input, [lists]) => judgeServiceAcls('eAPI IPv4 ACL(s)', 'eAPI IPv4 ACL(s) count mismatch', input, lists),
})
