import { z } from 'zod'
import {
  byName,
  enabledWord,
  isNothing,
  MissingMember,
  mismatch,
  type OutputOf,
  partly,
  printed,
  show,
  told,
} from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { count, hostname, withAliases } from '../input/words.ts'

const MOUNTED = 'mountStateMountComplete'

function isMcs({ type }: { readonly type: string }) {
  return type.startsWith('Mcs')
}

/** As many clients as expected are connected to the CVX server. */
export const VerifyActiveCVXConnections = defineVerify({
  summary: 'Verifies the number of active CVX connections.',
  docs: 'Passes when as many out-of-band connections are active as given. Fails where there is no connection.',
  example: { connections_count: 100 },
  input: () => ({ connections_count: count().describe('Expected number of active CVX connections.') }),
  asks: show('show cvx connections brief', () =>
    partly({ connections: z.array(partly({ oobConnectionActive: z.boolean() })) }),
  ),
  judge: ({ connections = [] }, { connections_count: expected }) => {
    if (connections.length === 0) return ['CVX connections are not available']
    const active = connections.filter(({ oobConnectionActive }) => oobConnectionActive === true).length
    return mismatch('Incorrect CVX active connections count', expected, active)
  },
})

const expectedPeer = () =>
  withAliases(
    { registrationState: 'registration_state' },
    z.strictObject({
      peer_name: hostname().describe('The name of the peer.'),
      registration_state: z
        .enum(['Connecting', 'Connected', 'Registration error', 'Registration complete', 'Unexpected peer state'])
        .default('Registration complete')
        .describe('The expected state of its registration.'),
    }),
  )

// What `show cvx` tells.
const answer = () =>
  partly({
    enabled: z.boolean(),
    clusterMode: z.boolean(),
    clusterStatus: partly({
      role: z.string(),
      peerStatus: byName(partly({ registrationState: z.string() })),
    }),
  })

type ExpectedPeer = OutputOf<typeof expectedPeer>
type ToldPeers = NonNullable<OutputOf<typeof answer>['clusterStatus']>['peerStatus']

/** The CVX server is a member of its cluster, in its role and with its peers. */
export const VerifyCVXClusterStatus = defineVerify({
  summary: 'Verifies the CVX server cluster: enabled, clustered, the role of the server and its peers.',
  docs: 'Passes when the server is enabled and in cluster mode, has the given role and no other than the given peers, each registered as given.',
  example: {
    role: 'Master',
    peer_status: [
      { peer_name: 'cvx-red-2', registration_state: 'Registration complete' },
      { peer_name: 'cvx-red-3', registration_state: 'Registration error' },
    ],
  },
  input: () => ({
    role: z.enum(['Master', 'Standby', 'Disconnected']).default('Master').describe('Expected role of the server.'),
    peer_status: z.array(expectedPeer()).describe('The peers of the cluster.'),
  }),
  asks: show('show cvx', answer),
  judge: ({ enabled, clusterMode, clusterStatus }, { role, peer_status }) => {
    const disabled = enabled === true ? [] : ['CVX Server status is not enabled']
    if (clusterMode !== true || isNothing(clusterStatus)) {
      return [...disabled, 'CVX Server is not a cluster']
    }
    if (clusterStatus.role !== role) {
      return [...disabled, `CVX Role is not valid: Expected: ${role} Actual: ${printed(clusterStatus.role)}`]
    }
    return [...disabled, ...peerFaults(peer_status, clusterStatus.peerStatus)]
  },
})

function peerFaults(expected: readonly ExpectedPeer[], told: ToldPeers) {
  return [
    ...mismatch('Unexpected number of peers', expected.length, told?.size ?? 0),
    ...expected.flatMap(({ peer_name, registration_state }) => {
      const peer = told?.get(peer_name)
      if (peer === undefined) return [`${peer_name} - Not present`]
      return mismatch(`${peer_name} - Invalid registration state`, registration_state, peer.registrationState, 'None')
    }),
  ]
}

/** The CVX client of the switch is enabled or disabled as it should be. */
export const VerifyManagementCVX = defineVerify({
  summary: 'Verifies whether management CVX is enabled.',
  docs: 'Passes when management CVX is enabled or disabled as given. Fails where the switch does not tell.',
  example: { enabled: true },
  input: () => ({ enabled: z.boolean().describe('Whether management CVX must be enabled.') }),
  asks: show('show management cvx', () => partly({ clusterStatus: partly({ enabled: z.boolean() }) }), 3),
  judge: ({ clusterStatus }, { enabled }) => {
    const actual = clusterStatus?.enabled
    if (actual === undefined) return ['Management CVX status - Not configured']
    return actual === enabled
      ? []
      : [`Management CVX status is not valid: Expected: ${enabledWord(enabled)} Actual: ${enabledWord(actual)}`]
  },
})

/** Everything that the Media Control Service mounts on this client of CVX is mounted. */
export const VerifyMcsClientMounts = defineVerify({
  summary: 'Verifies that all mounts of the MCS client are complete.',
  docs: 'Passes when each mount of a type of MCS is in mountStateMountComplete. Fails where there is none.',
  asks: show('show management cvx mounts', () => ({
    mountStates: z.array(told({ type: z.string(), state: z.string() })),
  })),
  judge: ({ mountStates }) => {
    const ofMcs = mountStates.filter(isMcs)
    if (ofMcs.length === 0) return ['MCS Client mount states are not present']
    return ofMcs.flatMap(({ state }) => mismatch('MCS Client mount states are not valid', MOUNTED, state))
  },
})

const TYPES: readonly string[] = ['Mcs::ApiConfigRedundancyStatus', 'Mcs::ActiveFlows', 'Mcs::Client::Status']

const connection = () =>
  told({
    hostname: z.string(),
    mounts: z
      .array(
        told({
          service: z.string(),
          mountStates: z.array(told({ pathStates: z.array(partly({ type: z.string(), state: z.string() })) })),
        }),
      )
      .default([]),
  })

type Connection = OutputOf<typeof connection>
type Mount = Connection['mounts'][number]

/** The Media Control Service of the CVX server has mounted all it needs of the expected number of clients. */
export const VerifyMcsServerMounts = defineVerify({
  summary: 'Verifies that all mounts of the MCS server are complete, for the expected number of connections.',
  docs: 'Passes when each connection has its three mounts of MCS in mountStateMountComplete, and as many connections as given have mounts of MCS.',
  example: { connections_count: 100 },
  input: () => ({ connections_count: count().describe('Expected number of connections with mounts of MCS.') }),
  asks: show('show cvx mounts', () => partly({ connections: z.array(connection()) })),
  judge: ({ connections = [] }, { connections_count }) => {
    if (connections.length === 0) return ['CVX connections are not available']
    const faults = connections.flatMap(faultsOf)
    const mounted = connections.flatMap(mcsMountsOf).length
    return [...faults, ...mismatch('Incorrect CVX successful connections count', connections_count, mounted)]
  },
})

function mcsMountsOf({ mounts }: Connection) {
  return mounts.filter(({ service }) => service === 'Mcs')
}

function faultsOf(one: Connection) {
  const host = `Host: ${one.hostname}`
  if (one.mounts.length === 0) return [`${host} - No mount status found`]
  const mounts = mcsMountsOf(one)
  return mounts.length === 0
    ? [`${host} - MCS mount state not detected`]
    : mounts.flatMap((mount) => mountFaults(host, mount))
}

function mountFaults(host: string, mount: Mount) {
  const [first] = mount.mountStates
  if (first === undefined) throw new MissingMember(mount, 'mountStates.0')
  const paths = first.pathStates
  return [
    ...mismatch(`${host} - Incorrect number of mount path states`, TYPES.length, paths.length),
    ...paths.flatMap(({ type, state }) => [
      ...(type !== undefined && TYPES.includes(type)
        ? []
        : [`${host} - Unexpected MCS path type - Expected: ${TYPES.join(', ')} Actual: ${printed(type)}`]),
      // The recorded wording has no space before the actual state.
      ...(state === MOUNTED
        ? []
        : [
            `${host} Path Type: ${printed(type)} - MCS server mount state is not valid - Expected: ${MOUNTED} Actual:${printed(state)}`,
          ]),
    ]),
  ]
}
