import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { printedFloat } from '../../answer/printed-number.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { expectedSpeed, interfaceState, interfaceSubject } from './interface-state.ts'

const BITS_PER_GIGABIT = 1_000_000_000

/** Each interface runs at its speed, full duplex, with its lanes. */
export const verifyInterfacesSpeed = defineVerify({
  name: 'VerifyInterfacesSpeed',
  summary: 'Verifies speed, duplex mode, lanes and auto-negotiation of interfaces.',
  docs: 'Passes when every interface is full duplex and has that speed, has those lanes where they are given, and has negotiated where `auto` is set.',
  example: {
    interfaces: [
      { name: 'Ethernet2', auto: false, speed: 10 },
      { name: 'Eth3', auto: true, speed: 100, lanes: 1 },
      { name: 'Eth2', auto: false, speed: 2.5 },
    ],
  },
  input: () =>
    z.strictObject({
      interfaces: z
        .array(z.strictObject({ ...interfaceState(), speed: expectedSpeed() }))
        .min(1)
        .describe('The interfaces with their speeds.'),
    }),
  commands: () => [{ cmd: 'show interfaces' }],
  answers: () => [
    z.object({
      interfaces: byName(
        z.object({
          bandwidth: z.number().optional(),
          duplex: z.string().optional(),
          autoNegotiate: z.string().optional(),
          lanes: z.number().optional(),
        }),
      ).optional(),
    }),
  ],
  judge: ({ interfaces }, [told]) =>
    passUnless(
      interfaces.flatMap((one) => {
        const actual = told.interfaces?.get(one.name)
        const subject = interfaceSubject(one)
        if (actual === undefined) return [`${subject} - Not found`]
        const { duplex, autoNegotiate, lanes } = actual
        return [
          ...bandwidthFaults(subject, one.speed, needed(actual, 'bandwidth')),
          ...mismatch(`${subject} - Duplex mode mismatch`, 'duplexFull', duplex, 'None'),
          ...(one.auto ? mismatch(`${subject} - Auto-negotiation mismatch`, 'success', autoNegotiate, 'None') : []),
          ...(one.lanes ? mismatch(`${subject} - Data lanes count mismatch`, one.lanes, lanes, 'None') : []),
        ]
      }),
    ),
})

/** What is expected is printed as a float, what is there as a whole number where it is one. */
function bandwidthFaults(subject: string, speed: number, bandwidth: number): readonly string[] {
  if (bandwidth === speed * BITS_PER_GIGABIT) return []
  const [expected, actual] = [`${printedFloat(speed)}Gbps`, `${bandwidth / BITS_PER_GIGABIT}Gbps`]
  return [`${subject} - Bandwidth mismatch - Expected: ${expected} Actual: ${actual}`]
}
