import { z } from 'zod'
import { type DpsPath, SHOW_PATH_SELECTION_PATHS, stateMismatch, telemetryOf } from '../answer/routes.ts'
import { type Answer, isNothing, MissingMember, needed, type OutputOf, remarked } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { ipv4, maybeText, someOf, word } from '../input/words.ts'

/** Every path of dynamic path selection carries traffic and has telemetry. */
export const VerifyPathsHealth = defineVerify({
  summary: 'Verifies the state and the telemetry of all paths of router path-selection.',
  docs: 'Passes when every path is IPsec established or resolved and its telemetry active. Fails where there is no path.',
  asks: SHOW_PATH_SELECTION_PATHS,
  judge: (answer) => {
    const peers = needed(answer, 'dpsPeers')
    if (peers.size === 0) return ['No path configured for router path-selection']
    const paths = [...peers].flatMap(([peer, told]) =>
      [...needed(told, 'dpsGroups')].flatMap(([group, one]) =>
        [...needed(one, 'dpsPaths').values()].map((path) => ({ peer, group, path })),
      ),
    )
    if (paths.length === 0) return { status: 'error', reason: 'the answer has no path' }
    return paths.flatMap(({ peer, group, path }) => pathFaults(peer, group, path))
  },
})

function pathFaults(peer: string, group: string, path: DpsPath) {
  needed(path, 'state')
  const sessions = needed(path, 'dpsSessions')
  const isActive = telemetryOf(path)
  if (isActive === undefined) throw new MissingMember(sessions, '0.active')
  const mismatch = stateMismatch(path)
  // What a path measures that carries nothing does not matter.
  if (mismatch !== undefined) return [`Peer: ${peer} Path Group: ${group} - Invalid path state - ${mismatch}`]
  return isActive ? [] : [`Peer: ${peer} Path Group ${group} - Telemetry state inactive`]
}

const expectedPath = () =>
  z.strictObject({
    peer: ipv4().describe('The IPv4 address of the static peer.'),
    description: maybeText('A word on the path; reports show it.'),
    path_group: word().describe('The path group of the router.'),
    source_address: ipv4().describe('The IPv4 address that the path starts from.'),
    destination_address: ipv4().describe('The IPv4 address that the path leads to.'),
  })

type Expected = OutputOf<typeof expectedPath>
type Peers = NonNullable<Answer<typeof SHOW_PATH_SELECTION_PATHS>['dpsPeers']>

/** The given paths of dynamic path selection are there, carry traffic and have telemetry. */
export const VerifySpecificPath = defineVerify({
  summary: 'Verifies the state and the telemetry of the given paths to IPv4 peers.',
  docs: 'Passes when each given path is there, IPsec established or resolved, and its telemetry active.',
  example: {
    paths: [
      {
        peer: '10.255.0.1',
        path_group: 'internet',
        source_address: '100.64.3.2',
        destination_address: '100.64.1.2',
      },
    ],
  },
  input: () => ({ paths: someOf(expectedPath(), 'Router paths to verify.') }),
  asks: SHOW_PATH_SELECTION_PATHS,
  judge: ({ dpsPeers = new Map() }, { paths }) =>
    dpsPeers.size === 0
      ? ['Router path-selection not configured']
      : paths.flatMap((expected) => specificPathFaults(expected, dpsPeers)),
})

function specificPathFaults(expected: Expected, peers: Peers) {
  const subject = subjectOf(expected)
  const peer = peers.get(expected.peer)
  if (isNothing(peer)) return [`${subject} - Peer not found`]
  const told = [...(peer.dpsGroups?.get(expected.path_group)?.dpsPaths?.values() ?? [])]
  if (told.length === 0) return [`${subject} - No DPS path found for this peer and path group`]
  const path = told.find(
    ({ source, destination }) => source === expected.source_address && destination === expected.destination_address,
  )
  return path === undefined
    ? [`${subject} - No path matching the source and destination found`]
    : healthFaults(subject, path)
}

function healthFaults(subject: string, path: DpsPath) {
  const mismatch = stateMismatch(path)
  if (mismatch !== undefined) return [`${subject} - Invalid state path - ${mismatch}`]
  return telemetryOf(path) === true ? [] : [`${subject} - Telemetry state inactive for this path`]
}

function subjectOf({ peer, description, path_group, source_address, destination_address }: Expected) {
  const group = `Peer: ${remarked(peer, description)} Path Group: ${path_group}`
  return `${group} Source: ${source_address} Destination: ${destination_address}`
}
