import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const mount = (type: string, state = 'mountStateMountComplete') => ({ type, state })
const TYPES = ['Mcs::ApiConfigRedundancyStatus', 'Mcs::ActiveFlows', 'Mcs::Client::Status']
const mounted = (hostname: string, pathStates: readonly object[]) => ({
  hostname,
  mounts: [{ service: 'Mcs', mountStates: [{ pathStates: pathStates.map((one) => ({ ...one })) }] }],
})
const complete = TYPES.map((type) => mount(type))
const peers = [{ peer_name: 'cvx-2' }, { peer_name: 'cvx-3', registration_state: 'Connecting' }]
const cluster = (role: string, peerStatus: object) => ({
  enabled: true,
  clusterMode: true,
  clusterStatus: { role, peerStatus: { ...peerStatus } },
})
const registered = {
  'cvx-2': { registrationState: 'Registration complete' },
  'cvx-3': { registrationState: 'Connecting' },
}

/** What the checks of `cvx` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyMcsClientMounts', { command: 'show management cvx mounts' }, [
    passes('all of MCS; others do not count', [
      { mountStates: [mount('Mcs::DeviceConfigV1'), mount('Other::Type', 'mountStatePreservedUnmounted')] },
    ]),
    fails(
      'two of three',
      [
        {
          mountStates: [
            { type: 'Mcs::DeviceConfigV1', state: 'mountStateMountFailed' },
            { type: 'Mcs::DeviceConfigV1', state: 'mountStateMountComplete' },
            { type: 'Mcs::Other', state: 'mountStateMountComplete' },
          ],
        },
      ],
      ['MCS Client mount states are not valid - Expected: mountStateMountComplete Actual: mountStateMountFailed'],
    ),
    fails('a list that is empty', [{ mountStates: [] }], ['MCS Client mount states are not present']),
    errs('empty', [{}], '`show management cvx mounts` answered in an unknown shape at mountStates'),
  ]),
  ...rowsOf('VerifyManagementCVX', { command: 'show management cvx', inputs: { enabled: true } }, [
    passes('enabled', [{ clusterStatus: { enabled: true } }]),
    fails(
      'enabled, and should not be',
      [{ clusterStatus: { enabled: true } }],
      ['Management CVX status is not valid: Expected: disabled Actual: enabled'],
      { enabled: false },
    ),
    fails('empty', [{}], ['Management CVX status - Not configured']),
  ]),
  ...rowsOf('VerifyMcsServerMounts', { command: 'show cvx mounts', inputs: { connections_count: 2 } }, [
    passes('two clients', [{ connections: [mounted('leaf1', complete), mounted('leaf2', complete)] }]),
    fails(
      'states, types and their number; other services, no mounts',
      [
        {
          connections: [
            mounted('leaf1', [mount('Mcs::ActiveFlows', 'mountStateMountFailed'), mount('Mcs::Client::Status')]),
            mounted('leaf2', [...complete.slice(0, 2), mount('Mcs::Strange')]),
            { hostname: 'leaf3', mounts: [{ service: 'Bugalerts' }] },
            { hostname: 'leaf4', mounts: [] },
            mounted('leaf5', complete),
          ],
        },
      ],
      [
        'Host: leaf1 - Incorrect number of mount path states - Expected: 3 Actual: 2',
        'Host: leaf1 Path Type: Mcs::ActiveFlows - MCS server mount state is not valid - Expected: mountStateMountComplete Actual:mountStateMountFailed',
        'Host: leaf2 - Unexpected MCS path type - Expected: Mcs::ApiConfigRedundancyStatus, Mcs::ActiveFlows, Mcs::Client::Status Actual: Mcs::Strange',
        'Host: leaf3 - MCS mount state not detected',
        'Host: leaf4 - No mount status found',
        'Incorrect CVX successful connections count - Expected: 2 Actual: 3',
      ],
    ),
    fails('no connection is expected, but none can be seen', [{}], ['CVX connections are not available'], {
      connections_count: 0,
    }),
    fails('empty', [{ connections: [] }], ['CVX connections are not available']),
  ]),
  ...rowsOf('VerifyActiveCVXConnections', { command: 'show cvx connections brief', inputs: { connections_count: 1 } }, [
    passes('one of two is active', [{ connections: [{ oobConnectionActive: true }, { oobConnectionActive: false }] }]),
    fails(
      'none is active',
      [{ connections: [{ oobConnectionActive: false }, {}] }],
      ['Incorrect CVX active connections count - Expected: 1 Actual: 0'],
    ),
    fails('empty', [{}], ['CVX connections are not available']),
  ]),
  ...rowsOf('VerifyCVXClusterStatus', { command: 'show cvx', inputs: { role: 'Standby', peer_status: peers } }, [
    passes('in its role, with its peers', [cluster('Standby', registered)]),
    passes(
      'the state of a peer under the name that EOS gives it, and the role by default',
      [cluster('Master', { 'cvx-3': { registrationState: 'Connecting' } })],
      { peer_status: [{ peer_name: 'cvx-3', registrationState: 'Connecting' }] },
    ),
    fails(
      'another role, whatever else is wrong',
      [cluster('Master', { 'cvx-3': { registrationState: 'Registration error' } })],
      ['CVX Role is not valid: Expected: Standby Actual: Master'],
    ),
    fails(
      'the number of peers, one missing, one in another state',
      [cluster('Standby', { 'cvx-3': { registrationState: 'Registration error' } })],
      [
        'Unexpected number of peers - Expected: 2 Actual: 1',
        'cvx-2 - Not present',
        'cvx-3 - Invalid registration state - Expected: Connecting Actual: Registration error',
      ],
    ),
    fails(
      'a peer too many, which is as bad as one too few',
      [cluster('Standby', { ...registered, 'cvx-4': { registrationState: 'Registration complete' } })],
      ['Unexpected number of peers - Expected: 2 Actual: 3'],
    ),
    fails('disabled', [{ ...cluster('Standby', registered), enabled: false }], ['CVX Server status is not enabled']),
    fails('empty', [{}], ['CVX Server status is not enabled', 'CVX Server is not a cluster']),
    errs(
      'an answer of another kind',
      [{ clusterStatus: 'up' }],
      '`show cvx` answered in an unknown shape at clusterStatus',
    ),
  ]),
]
