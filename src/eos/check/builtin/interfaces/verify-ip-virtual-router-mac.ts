import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { macAddress } from '../../input/addresses.ts'

/** The switch answers for the virtual router's MAC address. */
export const verifyIpVirtualRouterMac = defineVerify({
  name: 'VerifyIpVirtualRouterMac',
  summary: 'Verifies the MAC address of the IP virtual router.',
  docs: 'Passes when that MAC address is one of the virtual router.',
  example: { mac_address: '00:1c:73:00:dc:01' },
  input: () => z.strictObject({ mac_address: macAddress().describe('The MAC address of the virtual router.') }),
  commands: () => [{ cmd: 'show ip virtual-router', revision: 2 }],
  answers: () => [z.object({ virtualMacs: z.array(z.object({ macAddress: z.string().optional() })) })],
  judge: ({ mac_address: expected }, [{ virtualMacs }]) =>
    passUnless(
      virtualMacs.some(({ macAddress: actual }) => actual?.toLowerCase() === expected)
        ? []
        : [`IP virtual router MAC address: ${expected} - Not configured`],
    ),
})
