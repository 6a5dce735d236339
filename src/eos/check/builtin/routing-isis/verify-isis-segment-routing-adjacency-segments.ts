import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { byInstance, instancesOfDefault, isisInstance, isisSegment, judgeInstances } from './isis-instance.ts'

const adjacencySegment = once(() =>
  z.object({
    ipAddress: z.string().optional(),
    localIntf: z.string().optional(),
    sidOrigin: z.string().optional(),
    level: z.number().optional(),
  }),
)

type Actual = z.output<ReturnType<typeof adjacencySegment>>
type Wanted = z.output<ReturnType<typeof isisSegment>>

/** IS-IS has the given adjacency segments. */
export const verifyIsisSegmentRoutingAdjacencySegments = defineVerify({
  name: 'VerifyISISSegmentRoutingAdjacencySegments',
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
  input: () =>
    z.strictObject({
      instances: instancesOfDefault(
        isisInstance().extend({ segments: z.array(isisSegment()).min(1).describe('Adjacency segments.') }),
      ).describe('The instances and their segments.'),
    }),
  commands: () => [{ cmd: 'show isis segment-routing adjacency-segments' }],
  answers: () => [byInstance(z.object({ adjacencySegments: z.array(adjacencySegment()).optional() }))],
  judge: ({ instances }, [answer]) =>
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

function segmentFaults(wanted: Wanted, found: readonly Actual[]): readonly string[] {
  const segment = found.find(({ ipAddress }) => ipAddress === wanted.address)
  // ANTA compares no interface: a segment to the same address over another one is not the expected one.
  const isOver = segment?.localIntf === undefined || segment.localIntf === wanted.interface
  if (segment === undefined || !isOver) return ['Adjacency segment not found']
  return [
    ...mismatch('Incorrect SID origin', wanted.sid_origin, needed(segment, 'sidOrigin')),
    ...mismatch('Incorrect IS-IS level', wanted.level, needed(segment, 'level')),
  ]
}
