import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { interfaceName } from '../../input/interfaces.ts'

/** The interfaces answer ARP for others. */
export const verifyIpProxyArp = defineVerify({
  name: 'VerifyIPProxyARP',
  summary: 'Verifies that proxy ARP is enabled on interfaces.',
  docs: 'Passes when every interface is there and has proxy ARP enabled.',
  example: { interfaces: ['Ethernet1', 'Ethernet2'] },
  input: () => z.strictObject({ interfaces: z.array(interfaceName()).min(1).describe('The interfaces to look at.') }),
  commands: () => [{ cmd: 'show ip interface', revision: 2 }],
  answers: () => [z.object({ interfaces: byName(told({ proxyArp: z.boolean() })).optional() })],
  judge: (input, [{ interfaces }]) =>
    passUnless(
      input.interfaces.flatMap((name) => {
        const one = interfaces?.get(name)
        if (one === undefined) return [`Interface: ${name} - Not found`]
        return one.proxyArp ? [] : [`Interface: ${name} - Proxy-ARP disabled`]
      }),
    ),
})
