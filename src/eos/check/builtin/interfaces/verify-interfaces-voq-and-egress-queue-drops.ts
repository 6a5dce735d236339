import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeFound } from '../../input/interface-selection.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { count } from '../../input/numbers.ts'
import { classesLookedAt, trafficClassNames } from './queue-name.ts'

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
    const drops = told({ countersSum: told({ droppedPackets: z.number() }) })
    return [
      z.object({
        interfaces: byName(
          told({ trafficClasses: byName(told({ ingressVoqCounters: drops, egressQueueCounters: drops })) }),
        ),
      }),
    ]
  },
  judge: (input, [{ interfaces }]) =>
    judgeFound(input, interfaces, (name, { trafficClasses }) => {
      const wanted = classesLookedAt(input.traffic_classes, trafficClasses)
      return [
        ...wanted.missing.map((one) => `Interface: ${name} Traffic Class: ${one} - Not found`),
        ...wanted.found.flatMap(([trafficClass, queue]) => {
          const egress = queue.egressQueueCounters.countersSum.droppedPackets
          const voq = queue.ingressVoqCounters.countersSum.droppedPackets
          const threshold = input.packet_drop_threshold
          return voq <= threshold && egress <= threshold
            ? []
            : [
                `Interface: ${name} Traffic Class: ${trafficClass} - Queue drops above threshold - Expected: <= ${threshold} Actual VOQ: ${voq} Actual Egress: ${egress}`,
              ]
        }),
      ]
    }),
})
