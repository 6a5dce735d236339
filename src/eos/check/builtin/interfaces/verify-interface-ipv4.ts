import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { expectedPrimaryIp, interfaceState, interfaceSubject } from './interface-state.ts'

interface Address {
  readonly address: string
  readonly maskLen: number
}

const written = ({ address, maskLen }: Address): string => `${address}/${maskLen}`

/** Each interface has its IPv4 addresses. */
export const verifyInterfaceIpv4 = defineVerify({
  name: 'VerifyInterfaceIPv4',
  summary: 'Verifies the primary and secondary IPv4 addresses of interfaces.',
  docs: 'Passes when every interface has that primary address and, where they are given, exactly those secondary addresses, in any order.',
  example: {
    interfaces: [
      { name: 'Ethernet2', primary_ip: '172.30.11.1/31', secondary_ips: ['10.10.10.1/31', '10.10.10.10/31'] },
    ],
  },
  input: () =>
    z.strictObject({
      interfaces: z
        .array(z.strictObject({ ...interfaceState(), primary_ip: expectedPrimaryIp() }))
        .min(1)
        .describe('The interfaces with their addresses.'),
    }),
  commands: () => [{ cmd: 'show ip interface', revision: 2 }],
  answers: () => {
    const address = told({ address: z.string(), maskLen: z.number() })
    return [
      z.object({
        interfaces: byName(
          z.object({
            interfaceAddress: z
              .object({ primaryIp: address.optional(), secondaryIpsOrderedList: z.array(address).optional() })
              .optional(),
          }),
        ).optional(),
      }),
    ]
  },
  judge: ({ interfaces }, [answer]) =>
    passUnless(
      interfaces.flatMap((one) => {
        const subject = interfaceSubject(one)
        const actual = answer.interfaces?.get(one.name)
        if (actual === undefined) return [`${subject} - Not found`]
        const { primaryIp, secondaryIpsOrderedList = [] } = actual.interfaceAddress ?? {}
        if (primaryIp === undefined) return [`${subject} - IP address is not configured`]
        return [
          ...mismatch(`${subject} - IP address mismatch`, one.primary_ip, written(primaryIp)),
          ...secondaryFaults(subject, one.secondary_ips ?? [], secondaryIpsOrderedList),
        ]
      }),
    ),
})

function secondaryFaults(subject: string, expected: readonly string[], actual: readonly Address[]): readonly string[] {
  if (expected.length === 0) return []
  if (actual.length === 0) return [`${subject} - Secondary IP address is not configured`]
  const listed = (addresses: readonly string[]): string => [...addresses].sort().join(', ')
  return mismatch(`${subject} - Secondary IP address mismatch`, listed(expected), listed(actual.map(written)))
}
