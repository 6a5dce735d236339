import { z } from 'zod'
import { type AvtPath, avtPathsAnswer } from '../answer/routes.ts'
import { mismatch, needed, type OutputOf, partly, printed, remarked, show } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { ipv4, maybeText, someOf, vrf, word } from '../input/words.ts'

/** Every path of the adaptive virtual topology is active and valid. */
export const VerifyAVTPathHealth = defineVerify({
  summary: 'Verifies the status of all Adaptive Virtual Topology (AVT) paths of all VRFs.',
  docs: 'Passes when every path of every VRF is active and valid. Fails where there is no path.',
  asks: show('show adaptive-virtual-topology path', avtPathsAnswer, null),
  judge: ({ vrfs = new Map() }) => {
    if (vrfs.size === 0) return ['Adaptive virtual topology paths are not configured']
    const paths = [...vrfs].flatMap(([vrf, { avts }]) =>
      [...(avts ?? [])].flatMap(([profile, { avtPaths }]) =>
        [...(avtPaths ?? [])].map(([name, path]) => ({ vrf, profile, name, path })),
      ),
    )
    if (paths.length === 0) return { status: 'error', reason: 'the answer has no path' }
    return paths.flatMap(({ vrf, profile, name, path }) => {
      const fault = faultOf(path)
      return fault === undefined ? [] : [`VRF: ${vrf} Profile: ${profile} AVT path: ${name} - ${fault}`]
    })
  },
})

function faultOf(path: AvtPath): string | undefined {
  const flags = needed(path, 'flags')
  const [valid, active] = [needed(flags, 'valid'), needed(flags, 'active')]
  if (!valid && !active) return 'Invalid and not active'
  if (!valid) return 'Invalid'
  return active ? undefined : 'Not active'
}

/** The switch has the expected role in the adaptive virtual topology. */
export const VerifyAVTRole = defineVerify({
  summary: 'Verifies the role of the switch in the Adaptive Virtual Topology (AVT).',
  docs: 'Passes when the role is the given one. Fails where AVT is not configured.',
  example: { role: 'edge' },
  input: () => ({ role: word().describe('Expected role, such as edge or pathfinder.') }),
  asks: show('show adaptive-virtual-topology path', () => partly({ role: z.string() }), null),
  judge: ({ role }, input) => mismatch('AVT role mismatch', input.role, role, 'None'),
})

const expectedPath = () =>
  z.strictObject({
    avt_name: word().describe('The name of the adaptive virtual topology.'),
    vrf: vrf().describe('The VRF of the topology.'),
    description: maybeText('A word on the path; reports show it.'),
    destination: ipv4().describe('The IPv4 address of the destination peer.'),
    next_hop: ipv4().describe('The IPv4 address of the next hop that reaches the peer.'),
    path_type: maybeText('The type of the path, direct or multihop; both where it is not given.'),
  })

type Expected = OutputOf<typeof expectedPath>

/** The given paths of the adaptive virtual topology are there, active, valid and of their type. */
export const VerifyAVTSpecificPath = defineVerify({
  summary:
    'Verifies the given Adaptive Virtual Topology (AVT) paths: that they are there, active, valid and of their type.',
  docs: 'Passes when every path to the given destination over the given next hop, and of the given type if there is one, is active and valid. Fails where there is no such path.',
  example: {
    avt_paths: [
      {
        avt_name: 'CONTROL-PLANE-PROFILE',
        vrf: 'default',
        destination: '10.101.255.2',
        next_hop: '10.101.255.1',
        path_type: 'direct',
      },
    ],
  },
  input: () => ({ avt_paths: someOf(expectedPath(), 'AVT paths to verify.') }),
  asks: show('show adaptive-virtual-topology path', avtPathsAnswer),
  judge: ({ vrfs }, { avt_paths }) =>
    avt_paths.flatMap((expected) =>
      faultsOf(expected, vrfs?.get(expected.vrf)?.avts?.get(expected.avt_name)?.avtPaths),
    ),
})

function faultsOf(expected: Expected, told: ReadonlyMap<string, AvtPath> | undefined) {
  const subject = subjectOf(expected)
  if (told === undefined) return [`${subject} - No AVT path configured`]
  const found = [...told].filter(([, path]) => isMeant(expected, path))
  if (found.length === 0) return [`${subject} - Path not found`]
  return found.flatMap(([name, { flags: { valid, active } = {} }]) =>
    valid && active
      ? []
      : [`${subject} - Incorrect path ${name} - Valid: ${printed(valid)} Active: ${printed(active)}`],
  )
}

function isMeant({ destination, next_hop, path_type }: Expected, path: AvtPath) {
  const type = path.flags?.directPath === true ? 'direct' : 'multihop'
  return path.destination === destination && path.nexthopAddr === next_hop && (path_type ?? type) === type
}

function subjectOf({ avt_name, vrf: name, description, destination, next_hop, path_type }: Expected) {
  const type = path_type ? ` Path Type: ${path_type}` : ''
  const avt = `AVT: ${remarked(avt_name, description)} VRF: ${name}`
  return `${avt} Destination: ${destination} Next-hop: ${next_hop}${type}`
}
