import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../define-verify.ts'
import { percent } from '../../input/numbers.ts'
import { areNamed, interfaceSelection, judgeInterfaces } from '../../interface-selection.ts'
import { printedFloat } from '../../printed-number.ts'

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
    z.object({
      interfaces: byName(z.object({ inBpsRate: z.number().optional(), outBpsRate: z.number().optional() })),
    }),
    z.object({
      interfaceStatuses: byName(
        z.object({ duplex: z.string().optional(), bandwidth: z.number().nullable().optional() }),
      ),
    }),
  ],
  judge: (input, [{ interfaces }, { interfaceStatuses }]) =>
    judgeInterfaces(input, interfaces, (name, rates) => {
      const { duplex = 'Not found', bandwidth } = interfaceStatuses.get(name) ?? {}
      if (bandwidth === undefined) return [`Interface: ${name} - Bandwidth not found`]
      if (bandwidth === null || bandwidth === 0) {
        return areNamed(input)
          ? [`Interface: ${name} - Cannot get interface utilization due to null bandwidth value`]
          : []
      }
      if (duplex !== FULL) {
        return [
          `Interface: ${name} - Test not implemented for non-full-duplex interfaces - Expected: ${FULL} Actual: ${duplex}`,
        ]
      }
      return (['inBpsRate', 'outBpsRate'] as const).flatMap((direction) => {
        const rate = rates[direction]
        if (rate === undefined) return [`Interface: ${name} BPS Rate: ${direction} - Not found`]
        const usage = (rate / bandwidth) * 100
        return usage > input.threshold
          ? [
              `Interface: ${name} BPS Rate: ${direction} - Usage exceeds the threshold - Expected: <${printedFloat(input.threshold)}% Actual: ${printedFloat(usage)}%`,
            ]
          : []
      })
    }),
})
