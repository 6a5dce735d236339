import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../define-verify.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { count } from '../../input/numbers.ts'
import { judgeInterfaces } from '../../interface-selection.ts'
import { entryOfQueue, trafficClassNames } from './queue-name.ts'

/** No queue dropped more packets than a threshold, on the way in (VOQ) or out. */
export const verifyInterfacesVoqAndEgressQueueDrops = defineVerify({
  name: 'VerifyInterfacesVoqAndEgressQueueDrops',
  summary: 'Verifies the drop counters of ingress virtual output queues (VOQ) and of egress queues.',
  docs: 'Passes when no queue of the interfaces and traffic classes looked at dropped more packets than the threshold. For the platforms with virtual output queues: 7280R, 7500R, 7700R and 7800R.',
  example: { interfaces: ['Et1', 'Et2'], traffic_classes: ['TC0', 'TC3'] },
  input: () =>
    z.strictObject({
      interfaces: z.array(interfaceName()).nullish().describe('The interfaces to look at; absent: all.'),
      traffic_classes: trafficClassNames(),
      packet_drop_threshold: count().default(0).describe('How many packets a queue may drop.'),
    }),
  commands: () => [{ cmd: 'show interfaces counters queue drops', revision: 1 }],
  answers: () => {
    const drops = z.object({ countersSum: z.object({ droppedPackets: z.number().optional() }).optional() }).optional()
    return [
      z.object({
        interfaces: byName(
          z.object({
            trafficClasses: byName(z.object({ ingressVoqCounters: drops, egressQueueCounters: drops })).optional(),
          }),
        ),
      }),
    ]
  },
  judge: (input, [{ interfaces }]) =>
    judgeInterfaces(input, interfaces, (name, { trafficClasses = new Map() }) =>
      (input.traffic_classes ?? [...trafficClasses.keys()]).flatMap((trafficClass) => {
        const subject = `Interface: ${name} Traffic Class: ${trafficClass}`
        const queue = entryOfQueue(trafficClasses, trafficClass)
        const voq = queue?.ingressVoqCounters?.countersSum?.droppedPackets
        const egress = queue?.egressQueueCounters?.countersSum?.droppedPackets
        if (voq === undefined || egress === undefined) return [`${subject} - Not found`]
        const threshold = input.packet_drop_threshold
        return voq <= threshold && egress <= threshold
          ? []
          : [
              `${subject} - Queue drops above threshold - Expected: <= ${threshold} Actual VOQ: ${voq} Actual Egress: ${egress}`,
            ]
      }),
    ),
})
