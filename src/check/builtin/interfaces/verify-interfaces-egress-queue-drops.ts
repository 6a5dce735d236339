import { z } from 'zod'
import { aboveThreshold } from '../../above-threshold.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../define-verify.ts'
import { count } from '../../input/numbers.ts'
import { ethernetSelection, judgeInterfaces } from '../../interface-selection.ts'
import { once } from '../../once.ts'
import { entryOfQueue, trafficClassNames } from './queue-name.ts'

const QUEUES = { unicast: 'ucastQueues', multicast: 'mcastQueues' } as const

const queues = once(() =>
  z
    .object({
      trafficClasses: byName(
        z.object({ dropPrecedences: byName(z.object({ droppedPackets: z.number().optional() })).optional() }),
      ).optional(),
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
    judgeInterfaces(input, egressQueueCounters.interfaces, (name, counters) =>
      input.queue_types.flatMap((type) => queueFaults(input, name, type, counters[QUEUES[type]])),
    ),
})

function queueFaults(
  { traffic_classes, drop_precedences, packet_drop_threshold: threshold }: Looked,
  name: string,
  type: keyof typeof QUEUES,
  told: z.output<ReturnType<typeof queues>>,
): readonly string[] {
  const trafficClasses = told?.trafficClasses
  if (trafficClasses === undefined) return [`Interface: ${name} Queue Type: ${type} - Not found`]
  return (traffic_classes ?? [...trafficClasses.keys()]).flatMap((trafficClass) => {
    const precedences = entryOfQueue(trafficClasses, trafficClass)?.dropPrecedences
    const missing = `Interface: ${name} Queue Type: ${type} Traffic Class: ${trafficClass}`
    if (precedences === undefined) return [`${missing} - Not found`]
    return drop_precedences.flatMap((precedence) => {
      const dropped = entryOfQueue(precedences, precedence)?.droppedPackets
      if (dropped === undefined) return [`${missing} Drop Precedence: ${precedence} - Not found`]
      return aboveThreshold(
        `Interface: ${name} Traffic Class: ${trafficClass} Queue Type: ${type} Drop Precedence: ${precedence} - Queue drops`,
        threshold,
        dropped,
      )
    })
  })
}
