import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeFound, physicalSelection } from '../../input/interface-selection.ts'
import { count } from '../../input/numbers.ts'

/** Priority flow control sent and received few frames. */
export const verifyInterfacesPfcCounters = defineVerify({
  name: 'VerifyInterfacesPFCCounters',
  summary: 'Verifies the frames of priority flow control (PFC) that interfaces sent and received.',
  docs: 'Passes when neither counter of the interfaces looked at is above the threshold.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Management0'],
    counters_threshold: 0,
  },
  input: () =>
    z.strictObject({
      ...physicalSelection(),
      counters_threshold: count().default(0).describe('How many frames may be sent, and how many received.'),
    }),
  commands: () => [{ cmd: 'show priority-flow-control counters', revision: 3 }],
  answers: () => [
    z.object({
      interfaceCounters: byName(z.object({ rxFrames: z.number().optional(), txFrames: z.number().optional() })),
    }),
  ],
  judge: (input, [{ interfaceCounters }]) =>
    judgeFound(input, interfaceCounters, (name, { rxFrames, txFrames }) => {
      const [threshold, received, sent] = [input.counters_threshold, rxFrames ?? 0, txFrames ?? 0]
      if (received > threshold || sent > threshold) {
        return [
          `Interface: ${name} - Counters above threshold - Expected: <= ${threshold} Actual RX PFC: ${received} Actual TX PFC: ${sent}`,
        ]
      }
      return rxFrames === undefined || txFrames === undefined ? undefined : []
    }),
})
