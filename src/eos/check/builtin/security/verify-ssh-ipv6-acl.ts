import { ipv6AccessLists } from '../../answer/show-access-list-summary.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeServiceAcls, SERVICE_ACLS_EXAMPLE, serviceAclsInput, showAccessLists } from './service-acls.ts'

/** The SSH daemon has the expected number of IPv6 access lists in a VRF, all of them active. */
export const verifySshIpv6Acl = defineVerify({
  name: 'VerifySSHIPv6Acl',
  summary: 'Verifies the number of IPv6 access lists of the SSH daemon in a VRF.',
  docs: 'Passes when the SSH daemon has as many IPv6 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  commands: () => [showAccessLists('management ssh ipv6')],
  answers: () => [ipv6AccessLists()],
  judge: (input, [lists]) => judgeServiceAcls('SSH IPv6 ACL(s)', 'SSH IPv6 ACL(s) count mismatch', input, lists),
})
