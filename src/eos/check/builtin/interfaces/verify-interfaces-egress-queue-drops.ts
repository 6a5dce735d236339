import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { aboveThreshold } from '../../finding/above-threshold.ts'
import { ethernetSelection, judgeFound } from '../../input/interface-selection.ts'
import { count } from '../../input/numbers.ts'
import { classesLookedAt, entryOfQueue, trafficClassNames } from './queue-name.ts'

const QUEUES = { unicast: 'ucastQueues', multicast: 'mcastQueues' } as const

const queues = once(() =>
  z
    .object({
      trafficClasses: byName(told({ dropPrecedences: byName(told({ droppedPackets: z.number() })) })).optional(),
    })
    .optional(),
)

interface Looked {
  readonly traffic_classes?: readonly string[] | null | undefined
  readonly drop_precedences: readonly string[]
  readonly packet_drop_threshold: number
}

/** No egress queue dropped more packets than a threshold. */
export const verifyInterfacesEgressQueueDrops = defineVerify({
  name: 'VerifyInterfacesEgressQueueDrops',
  summary: 'Verifies the drop counters of egress queues.',
  docs: 'Passes when no egress queue of the interfaces, types, traffic classes and drop precedences looked at dropped more packets than the threshold.',
  example: { interfaces: ['Et1', 'Et2'], traffic_classes: ['TC0', 'TC3'], drop_precedences: ['DP0'] },
  input: () =>
    z.strictObject({
      ...ethernetSelection(),
      traffic_classes: trafficClassNames(),
      queue_types: z
        .array(z.enum(['unicast', 'multicast']))
        .min(1)
        .default(['unicast', 'multicast'])
        .describe('The types of queues.'),
      drop_precedences: z
        .array(z.enum(['DP0', 'DP1', 'DP2']))
        .min(1)
        .default(['DP0'])
        .describe('The drop precedences.'),
      packet_drop_threshold: count().default(0).describe('How many packets a queue may drop.'),
    }),
  commands: () => [{ cmd: 'show interfaces counters queue detail', revision: 1 }],
  answers: () => [
    z.object({
      egressQueueCounters: z.object({
        interfaces: byName(z.object({ ucastQueues: queues(), mcastQueues: queues() })),
      }),
    }),
  ],
  judge: (input, [{ egressQueueCounters }]) =>
    judgeFound(input, egressQueueCounters.interfaces, (name, counters) => {
      const isTold = input.queue_types.some((type) => counters[QUEUES[type]]?.trafficClasses !== undefined)
      if (!isTold && !input.traffic_classes) return undefined
      return input.queue_types.flatMap((type) => queueFaults(input, name, type, counters[QUEUES[type]]))
    }),
})

function queueFaults(
  { traffic_classes, drop_precedences, packet_drop_threshold: threshold }: Looked,
  name: string,
  type: keyof typeof QUEUES,
  queue: z.output<ReturnType<typeof queues>>,
): readonly string[] {
  const wanted = classesLookedAt(traffic_classes, queue?.trafficClasses ?? new Map<string, never>())
  return [
    ...wanted.missing.map((one) => `Interface: ${name} Queue Type: ${type} Traffic Class: ${one} - Not found`),
    ...wanted.found.flatMap(([trafficClass, { dropPrecedences }]) =>
      drop_precedences.flatMap((precedence) => {
        const subject = `Interface: ${name} Traffic Class: ${trafficClass} Queue Type: ${type} Drop Precedence: ${precedence}`
        const entry = entryOfQueue(dropPrecedences, precedence)
        return entry === undefined
          ? [`${subject} - Not found`]
          : aboveThreshold(`${subject} - Queue drops`, threshold, entry.droppedPackets)
      }),
    ),
  ]
}
