import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { printed } from '../../answer/printed.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { hostname } from '../../input/addresses.ts'
import { withAliases } from '../../input/aliases.ts'

/** A peer of the cluster that a catalog names. */
const expectedPeer = once(() =>
  withAliases(
    { registrationState: 'registration_state' },
    z.strictObject({
      peer_name: hostname().describe('The name of the peer.'),
      registration_state: z
        .enum(['Connecting', 'Connected', 'Registration error', 'Registration complete', 'Unexpected peer state'])
        .default('Registration complete')
        .describe('The expected state of its registration.'),
    }),
  ),
)

/** What `show cvx` tells. */
const answer = once(() =>
  z.object({
    enabled: z.boolean().optional(),
    clusterMode: z.boolean().optional(),
    clusterStatus: z
      .object({
        role: z.string().optional(),
        peerStatus: byName(z.object({ registrationState: z.string().optional() })).optional(),
      })
      .optional(),
  }),
)

type ExpectedPeer = z.output<ReturnType<typeof expectedPeer>>
type ToldPeers = NonNullable<z.output<ReturnType<typeof answer>>['clusterStatus']>['peerStatus']

/** The CVX server is a member of its cluster, in its role and with its peers. */
export const verifyCvxClusterStatus = defineVerify({
  name: 'VerifyCVXClusterStatus',
  summary: 'Verifies the CVX server cluster: enabled, clustered, the role of the server and its peers.',
  docs: 'Passes when the server is enabled and in cluster mode, has the given role and no other than the given peers, each registered as given.',
  example: {
    role: 'Master',
    peer_status: [
      { peer_name: 'cvx-red-2', registration_state: 'Registration complete' },
      { peer_name: 'cvx-red-3', registration_state: 'Registration error' },
    ],
  },
  input: () =>
    z.strictObject({
      role: z.enum(['Master', 'Standby', 'Disconnected']).default('Master').describe('Expected role of the server.'),
      peer_status: z.array(expectedPeer()).describe('The peers of the cluster.'),
    }),
  commands: () => [{ cmd: 'show cvx', revision: 1 }],
  answers: () => [answer()],
  judge: ({ role, peer_status }, [{ enabled, clusterMode, clusterStatus }]) => {
    const disabled = enabled === true ? [] : ['CVX Server status is not enabled']
    if (clusterMode !== true || clusterStatus === undefined || Object.keys(clusterStatus).length === 0) {
      return passUnless([...disabled, 'CVX Server is not a cluster'])
    }
    if (clusterStatus.role !== role) {
      return passUnless([
        ...disabled,
        `CVX Role is not valid: Expected: ${role} Actual: ${printed(clusterStatus.role)}`,
      ])
    }
    return passUnless([...disabled, ...peerFaults(peer_status, clusterStatus.peerStatus)])
  },
})

function peerFaults(expected: readonly ExpectedPeer[], told: ToldPeers): readonly string[] {
  return [
    ...mismatch('Unexpected number of peers', expected.length, told?.size ?? 0),
    ...expected.flatMap(({ peer_name, registration_state }) => {
      const peer = told?.get(peer_name)
      if (peer === undefined) return [`${peer_name} - Not present`]
      return mismatch(`${peer_name} - Invalid registration state`, registration_state, peer.registrationState, 'None')
    }),
  ]
}
