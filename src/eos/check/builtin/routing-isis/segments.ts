import { z } from 'zod'
import { byName, isNothing, mismatch, needed, type OutputOf, partly, show } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { interfaceName, ipv4, ipv4Prefix, someOf } from '../../input/words.ts'
import { byInstance, instancesOfDefault, isisInstance, isisSegment, judgeInstances } from './neighbors.ts'

const adjacencySegment = () =>
  partly({
    ipAddress: z.string(),
    localIntf: z.string(),
    sidOrigin: z.string(),
    level: z.number(),
  })

type ShownSegment = OutputOf<typeof adjacencySegment>
type WantedSegment = OutputOf<typeof isisSegment>

/** IS-IS has the given adjacency segments. */
export const VerifyISISSegmentRoutingAdjacencySegments = defineVerify({
  categories: ['isis', 'segment-routing'],
  summary: 'Verifies the adjacency segments of IS-IS segment routing.',
  docs:
    'Passes when each instance has a segment to each neighbor over its interface, of the given level and origin. Fails for ' +
    'each instance without segments, each segment that is not found, and each that differs. Skipped where IS-IS is not ' +
    'configured. EOS runs segment routing of IS-IS in the default VRF only.',
  example: {
    instances: [
      {
        name: 'CORE',
        vrf: 'default',
        segments: [{ interface: 'Ethernet2', address: '192.0.2.3', sid_origin: 'dynamic' }],
      },
    ],
  },
  input: () => ({
    instances: instancesOfDefault(
      isisInstance().extend({ segments: someOf(isisSegment(), 'Adjacency segments.') }),
    ).describe('The instances and their segments.'),
  }),
  asks: show(
    'show isis segment-routing adjacency-segments',
    () => byInstance(partly({ adjacencySegments: z.array(adjacencySegment()) })),
    null,
  ),
  judge: (answer, { instances }) =>
    judgeInstances(instances, answer, (actual, { segments }, name) => {
      const found = actual?.adjacencySegments ?? []
      if (found.length === 0) return [`${name} - No adjacency segments found`]
      return segments.flatMap((wanted) =>
        segmentFaults(wanted, found).map(
          (fault) => `${name} Local Intf: ${wanted.interface} Adj IP Address: ${wanted.address} - ${fault}`,
        ),
      )
    }),
})

function segmentFaults(wanted: WantedSegment, found: readonly ShownSegment[]) {
  const segment = found.find(({ ipAddress }) => ipAddress === wanted.address)
  // ANTA compares no interface: a segment to the same address over another one is not the expected one.
  const isOver = segment?.localIntf === undefined || segment.localIntf === wanted.interface
  if (segment === undefined || !isOver) return ['Adjacency segment not found']
  return [
    ...mismatch('Incorrect SID origin', wanted.sid_origin, needed(segment, 'sidOrigin')),
    ...mismatch('Incorrect IS-IS level', wanted.level, needed(segment, 'level')),
  ]
}

/** Segment routing of IS-IS runs over the given data plane. */
export const VerifyISISSegmentRoutingDataplane = defineVerify({
  categories: ['isis', 'segment-routing'],
  summary: 'Verifies the data plane of IS-IS segment routing.',
  docs:
    'Passes when each instance has the given data plane. Fails for each that is not configured, and each with another. ' +
    'Skipped where IS-IS is not configured. EOS runs segment routing of IS-IS in the default VRF only.',
  example: { instances: [{ name: 'CORE', vrf: 'default', dataplane: 'MPLS' }] },
  input: () => ({ instances: instancesOfDefault(isisInstance()).describe('The instances.') }),
  asks: show('show isis segment-routing', () => byInstance(z.looseObject({ dataPlane: z.string().optional() })), null),
  judge: (answer, { instances }) =>
    judgeInstances(instances, answer, (actual, { dataplane }, name) => {
      if (isNothing(actual)) return [`${name} - Not configured`]
      const told = needed(actual, 'dataPlane')
      return mismatch(`${name} - Data-plane not correctly configured`, dataplane.toUpperCase(), told)
    }),
})

const tunnelPath = () =>
  z.strictObject({
    nexthop: ipv4().nullish().describe('Next hop of the path.'),
    type: z.enum(['ip', 'tunnel']).nullish().describe('Whether the path leads to a next hop or into another tunnel.'),
    interface: interfaceName().nullish().describe('Interface of the path.'),
    tunnel_id: z
      .enum(['TI-LFA', 'ti-lfa', 'unset'])
      .nullish()
      .describe('How the tunnel that it leads into is computed.'),
  })

const via = () =>
  partly({
    type: z.string(),
    nexthop: z.string(),
    interface: z.string(),
    tunnelId: partly({ type: z.string() }),
  })

type WantedPath = OutputOf<typeof tunnelPath>
type ShownPath = OutputOf<typeof via>

/** Segment routing has computed the given tunnels. */
export const VerifyISISSegmentRoutingTunnels = defineVerify({
  categories: ['isis', 'segment-routing'],
  summary: 'Verifies the tunnels that IS-IS segment routing has computed, and their paths.',
  docs:
    'Passes when there is a tunnel to each endpoint, with each of the given paths: a path is there when one of the tunnel ' +
    'has all that is given of it. Fails for each endpoint without tunnel, and each path that is not there. Skipped where ' +
    'there is no tunnel at all, which is so where segment routing is not configured.',
  example: {
    entries: [
      { endpoint: '192.0.2.122/32' },
      { endpoint: '192.0.2.13/32', vias: [{ type: 'tunnel', tunnel_id: 'ti-lfa' }] },
      { endpoint: '192.0.2.14/32', vias: [{ type: 'ip', nexthop: '198.51.100.1' }] },
    ],
  },
  input: () => ({
    entries: someOf(
      {
        endpoint: ipv4Prefix().describe('Where the tunnel ends, such as 192.0.2.1/32.'),
        vias: z.array(tunnelPath()).nullish().describe('Paths of the tunnel.'),
      },
      'The tunnels.',
    ),
  }),
  asks: show(
    'show isis segment-routing tunnel',
    () => ({ entries: byName(partly({ endpoint: z.string(), vias: z.array(via()) })) }),
    null,
  ),
  judge: ({ entries }, { entries: wanted }) => {
    if (entries.size === 0) return { status: 'skip', reason: 'IS-IS-SR not configured' }
    return wanted.flatMap(({ endpoint, vias }) => {
      const tunnel = [...entries.values()].find((one) => one.endpoint === endpoint)
      if (tunnel === undefined) return [`Endpoint: ${endpoint} - Tunnel not found`]
      if (!vias || vias.length === 0) return []
      const paths = needed(tunnel, 'vias')
      return vias
        .filter((path) => !paths.some((actual) => isPath(actual, path)))
        .map((path) => `Endpoint: ${endpoint}${pathName(path)} - Tunnel is incorrect`)
    })
  },
})

function isPath(actual: ShownPath, wanted: WantedPath) {
  const pairs = [
    [wanted.nexthop, actual.nexthop],
    [wanted.type, actual.type],
    [wanted.interface, actual.interface],
    [wanted.tunnel_id?.toLowerCase(), actual.tunnelId?.type?.toLowerCase()],
  ]
  return pairs.every(([expected, told]) => !expected || expected === told)
}

function pathName({ nexthop, type, interface: over, tunnel_id }: WantedPath) {
  const parts = [
    ['Next-hop', nexthop],
    ['Type', type],
    ['Interface', over],
    ['Tunnel ID', tunnel_id],
  ]
  return parts.map(([what, value]) => (value ? ` ${what}: ${value}` : '')).join('')
}
