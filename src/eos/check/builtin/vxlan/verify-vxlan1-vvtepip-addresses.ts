import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_INTERFACES } from '../../answer/show-interfaces.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { ipv4, ipv6 } from '../../input/addresses.ts'
import { VXLAN1, VXLAN1_NOT_CONFIGURED, vxlan1Answer, vxlan1In } from './vxlan1-interface.ts'

/** The virtual VTEP has the given addresses. */
export const verifyVxlan1VvtepIpAddresses = defineVerify({
  name: 'VerifyVxlan1VVTEPIPAddresses',
  summary: 'Verifies the addresses of the virtual VTEP of Vxlan1.',
  docs:
    'Passes when each given address, of IPv4, IPv6 or both, is that of the virtual VTEP. Fails for each that differs or is ' +
    'not configured. Skipped where Vxlan1 is not configured.',
  example: { ipv4_address: '192.0.2.5', ipv6_address: '2001:db8::5' },
  input: () =>
    z
      .strictObject({
        ipv4_address: ipv4().nullish().describe('IPv4 address of the virtual VTEP.'),
        ipv6_address: ipv6().nullish().describe('IPv6 address of the virtual VTEP.'),
      })
      .refine(({ ipv4_address, ipv6_address }) => Boolean(ipv4_address ?? ipv6_address), {
        error: 'expected an IPv4 address, an IPv6 address, or both',
      }),
  commands: () => [SHOW_INTERFACES],
  answers: () => [vxlan1Answer()],
  judge: ({ ipv4_address, ipv6_address }, [answer]) => {
    const vxlan1 = vxlan1In(answer)
    if (vxlan1 === undefined) return VXLAN1_NOT_CONFIGURED
    const addresses = [
      ['IPv4', ipv4_address, vxlan1.vArpVtepAddr],
      ['IPv6', ipv6_address, vxlan1.vArpVtepAddrV6],
    ] as const
    return passUnless(
      addresses.flatMap(([family, expected, actual]) => {
        if (!expected) return []
        if (actual === undefined) return [`Interface: ${VXLAN1} - VVTEP ${family} address is not configured`]
        return mismatch(`Interface: ${VXLAN1} - Incorrect VVTEP ${family} address`, expected, actual)
      }),
    )
  },
})
