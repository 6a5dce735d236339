import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../define-verify.ts'
import { mismatch } from '../../mismatch.ts'
import { printedFloat } from '../../printed-number.ts'
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
      ),
    }),
  ],
  judge: ({ interfaces }, [told]) =>
    passUnless(
      interfaces.flatMap((one) => {
        const actual = told.interfaces.get(one.name)
        const subject = interfaceSubject(one)
        if (actual === undefined) return [`${subject} - Not found`]
        return [
          ...mismatch(`${subject} - Bandwidth mismatch`, gigabits(one.speed * BITS_PER_GIGABIT), speedOf(actual)),
          ...mismatch(`${subject} - Duplex mode mismatch`, 'duplexFull', actual.duplex),
          ...(one.auto ? mismatch(`${subject} - Auto-negotiation mismatch`, 'success', actual.autoNegotiate) : []),
          ...(one.lanes ? mismatch(`${subject} - Data lanes count mismatch`, one.lanes, actual.lanes) : []),
        ]
      }),
    ),
})

const gigabits = (bandwidth: number): string => `${printedFloat(bandwidth / BITS_PER_GIGABIT)}Gbps`

const speedOf = ({ bandwidth }: { readonly bandwidth?: number | undefined }): string | undefined =>
  bandwidth === undefined ? undefined : gigabits(bandwidth)
