import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const COMMAND = 'show path-selection paths'

const path = (changed: object = {}) => ({
  source: '192.0.2.1',
  destination: '198.51.100.1',
  state: 'ipsecEstablished',
  dpsSessions: { 0: { active: true } },
  ...changed,
})

const peer = (dpsPaths: object, group = 'internet') => ({
  dpsPeers: { '203.0.113.1': { dpsGroups: { [group]: { dpsPaths: { ...dpsPaths } } } } },
})

const given = {
  peer: '203.0.113.1',
  path_group: 'internet',
  source_address: '192.0.2.1',
  destination_address: '198.51.100.1',
}
const ends = 'Source: 192.0.2.1 Destination: 198.51.100.1'
const subject = `Peer: 203.0.113.1 Path Group: internet ${ends}`

/** What the checks of `path_selection` must say. */
export const pathSelectionChecks: readonly Row[] = [
  ...rowsOf('VerifyPathsHealth', { command: COMMAND }, [
    passes('both good states', [peer({ path1: path(), path2: path({ state: 'routeResolved' }) })]),
    fails(
      'a state, telemetry of the second session, and both',
      [
        peer({
          path1: path({ state: 'ipsecPending' }),
          path2: path({ dpsSessions: { 0: { active: true }, 1: { active: false } } }),
          path3: path({ state: 'routeUnresolved', dpsSessions: { 0: { active: false } } }),
        }),
      ],
      [
        'Peer: 203.0.113.1 Path Group: internet - Invalid path state - Expected: ipsecEstablished, routeResolved Actual: ipsecPending',
        'Peer: 203.0.113.1 Path Group internet - Telemetry state inactive',
        'Peer: 203.0.113.1 Path Group: internet - Invalid path state - Expected: ipsecEstablished, routeResolved Actual: routeUnresolved',
      ],
    ),
    errs(
      'a path that tells nothing',
      [peer({ path1: path(), path4: {} })],
      '`show path-selection paths` does not tell dpsPeers.203.0.113.1.dpsGroups.internet.dpsPaths.path4.state',
    ),
    errs(
      'a path without sessions',
      [peer({ path1: path({ dpsSessions: {} }) })],
      '`show path-selection paths` does not tell dpsPeers.203.0.113.1.dpsGroups.internet.dpsPaths.path1.dpsSessions.0.active',
    ),
    errs('a peer without paths', [peer({})], '`show path-selection paths`: the answer has no path'),
    fails('empty', [{ dpsPeers: {} }], ['No path configured for router path-selection']),
  ]),
  ...rowsOf('VerifySpecificPath', { command: COMMAND, inputs: { paths: [given] } }, [
    passes('the given path; another one of the group is down', [
      peer({ path1: path({ source: '192.0.2.9', state: 'ipsecPending' }), path2: path() }),
    ]),
    fails(
      'a state and telemetry',
      [peer({ path1: path({ state: 'ipsecPending', dpsSessions: { 0: { active: false } } }) })],
      [`${subject} - Invalid state path - Expected: ipsecEstablished, routeResolved Actual: ipsecPending`],
    ),
    fails(
      'no such peer, no such group, no such ends',
      [peer({ path1: path() })],
      [
        `Peer: 203.0.113.9 Path Group: internet ${ends} - Peer not found`,
        `Peer: 203.0.113.1 Path Group: mpls ${ends} - No DPS path found for this peer and path group`,
        'Peer: 203.0.113.1 (To the lab) Path Group: internet Source: 192.0.2.1 Destination: 198.51.100.9 - No path matching the source and destination found',
      ],
      {
        paths: [
          { ...given, peer: '203.0.113.9' },
          { ...given, path_group: 'mpls' },
          { ...given, destination_address: '198.51.100.9', description: 'To the lab' },
        ],
      },
    ),
    fails('no peer', [{ dpsPeers: {} }], ['Router path-selection not configured']),
    fails('empty', [{}], ['Router path-selection not configured']),
  ]),
]
