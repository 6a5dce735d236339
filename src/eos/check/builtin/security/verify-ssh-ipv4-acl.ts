import { ipv4AccessLists } from '../../answer/show-access-list-summary.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeServiceAcls, SERVICE_ACLS_EXAMPLE, serviceAclsInput, showAccessLists } from './service-acls.ts'

/** The SSH daemon has the expected number of IPv4 access lists in a VRF, all of them active. */
export const verifySshIpv4Acl = defineVerify({
  name: 'VerifySSHIPv4Acl',
  summary: 'Verifies the number of IPv4 access lists of the SSH daemon in a VRF.',
  docs: 'Passes when the SSH daemon has as many IPv4 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  commands: () => [showAccessLists('management ssh ip')],
  answers: () => [ipv4AccessLists()],
  judge: (input, [lists]) => judgeServiceAcls('SSH IPv4 ACL(s)', 'SSH IPv4 ACL(s) count mismatch', input, lists),
})
