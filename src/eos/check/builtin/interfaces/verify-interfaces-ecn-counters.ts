import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { aboveThreshold } from '../../finding/above-threshold.ts'
import { judgeFound, physicalSelection } from '../../input/interface-selection.ts'
import { count } from '../../input/numbers.ts'

/** What EOS tells of a queue that does not mark. */
const NO_COUNTER = '-'

/** Queues marked few packets for congestion. */
export const verifyInterfacesEcnCounters = defineVerify({
  name: 'VerifyInterfacesECNCounters',
  summary: 'Verifies how many packets the queues of interfaces marked for congestion (ECN).',
  docs: 'Passes when no queue of the interfaces looked at marked more packets than the threshold.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Management0'],
    counters_threshold: 0,
  },
  input: () =>
    z.strictObject({
      ...physicalSelection(),
      counters_threshold: count().default(0).describe('How many packets a queue may mark.'),
    }),
  commands: () => [{ cmd: 'show qos interfaces ecn counters queue', revision: 1 }],
  answers: () => [
    z.object({
      intfQueueCounters: byName(
        told({
          queueCounters: byName(
            z.union([z.literal(NO_COUNTER), z.string().regex(/^\d+$/, 'must be a number'), z.number()]),
          ),
        }),
      ),
    }),
  ],
  judge: (input, [{ intfQueueCounters }]) =>
    judgeFound(input, intfQueueCounters, (name, { queueCounters }) =>
      [...queueCounters].flatMap(([queue, marked]) =>
        marked === NO_COUNTER
          ? []
          : aboveThreshold(`Interface: ${name} Queue: ${queue} - Counters`, input.counters_threshold, Number(marked)),
      ),
    ),
})
