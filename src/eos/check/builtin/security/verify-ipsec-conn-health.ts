import { passUnless } from '../../../../model/verdict.ts'
import { printed } from '../../answer/printed.ts'
import { downState, ipSecurityConnections } from '../../answer/show-ip-security-connection.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Every IPsec connection is established. */
export const verifyIpsecConnHealth = defineVerify({
  name: 'VerifyIPSecConnHealth',
  summary: 'Verifies that all IPv4 security connections are established.',
  docs: 'Passes when every IPv4 security connection of every VRF is established, fails when there is none.',
  commands: () => [{ cmd: 'show ip security connection vrf all' }],
  answers: () => [ipSecurityConnections()],
  judge: (_input, [{ connections }]) => {
    const all = Object.values(connections)
    if (all.length === 0) return passUnless(['No IPv4 security connection configured'])
    return passUnless(
      all
        .filter((connection) => downState(connection) !== undefined)
        .map(
          ({ saddr, daddr, tunnelNs }) =>
            `Source: ${printed(saddr)} Destination: ${printed(daddr)} VRF: ${printed(tunnelNs)} - IPv4 security connection not established`,
        ),
    )
  },
})
