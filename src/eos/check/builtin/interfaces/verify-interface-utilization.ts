import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { printedFloat } from '../../answer/printed-number.ts'
import { needed, told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { areNamed, interfaceSelection, interfacesIn, judgeInterfaces } from '../../input/interface-selection.ts'
import { percent } from '../../input/numbers.ts'

const FULL = 'duplexFull'

/** No interface carries more than a part of what it could. */
export const verifyInterfaceUtilization = defineVerify({
  name: 'VerifyInterfaceUtilization',
  summary: 'Verifies that the utilization of interfaces is below a threshold.',
  docs: 'Passes when the interfaces looked at are full duplex and carry, in each direction, at most that part of their bandwidth. One without bandwidth (not connected) is left out, and fails when it was named. The load interval is that of the switch, five minutes by default.',
  example: {
    threshold: 70,
    ignored_interfaces: ['Ethernet1', 'Port-Channel1'],
    interfaces: ['Ethernet10', 'Loopback0'],
  },
  input: () =>
    z.strictObject({
      threshold: percent().default(75).describe('The highest part of the bandwidth in percent.'),
      ...interfaceSelection(),
    }),
  commands: () => [
    { cmd: 'show interfaces counters rates', revision: 1 },
    { cmd: 'show interfaces status', revision: 1 },
  ],
  answers: () => [
    z.object({ interfaces: byName(told({ inBpsRate: z.number(), outBpsRate: z.number() })).optional() }),
    z.object({ interfaceStatuses: byName(told({ duplex: z.string(), bandwidth: z.number().nullable() })).optional() }),
  ],
  judge: (input, [rates, { interfaceStatuses }]) =>
    judgeInterfaces(input, interfacesIn(input, rates, 'interfaces'), (name, told) => {
      const status = interfaceStatuses?.get(name)
      if (status === undefined) return [`Interface: ${name} - Not found`]
      if (status.bandwidth === 0) {
        return areNamed(input)
          ? [`Interface: ${name} - Cannot get interface utilization due to null bandwidth value`]
          : []
      }
      if (status.duplex !== FULL) {
        return [
          `Interface: ${name} - Test not implemented for non-full-duplex interfaces - Expected: ${FULL} Actual: ${status.duplex}`,
        ]
      }
      const bandwidth = needed(status, 'bandwidth')
      const directions = [
        ['Ingress', told.inBpsRate],
        ['Egress', told.outBpsRate],
      ] as const
      return directions.flatMap(([direction, rate]) => {
        const usage = (rate / bandwidth) * 100
        return usage > input.threshold
          ? [
              `Interface: ${name} - ${direction} traffic rate (BPS) exceeds threshold - Expected: <= ${printedFloat(input.threshold)}% Actual: ${printedFloat(usage)}%`,
            ]
          : []
      })
    }),
})
