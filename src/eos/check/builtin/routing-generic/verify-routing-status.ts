import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { printedFlag } from '../../answer/printed-flag.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'

/** Kinds of routing are enabled or disabled. */
export const verifyRoutingStatus = defineVerify({
  name: 'VerifyRoutingStatus',
  summary: 'Verifies which kinds of routing are enabled: IPv4 and IPv6 unicast and multicast, and IPv6 interfaces.',
  docs:
    'Passes when each kind is enabled as its input says, or disabled, which is what an input that is not given says. Fails ' +
    'for each that differs. A kind that the switch does not mention is disabled. IPv6 interfaces route IPv4 (RFC 5549).',
  example: { ipv4_unicast: true, ipv6_unicast: true },
  input: () => {
    const enabled = (what: string) => z.boolean().default(false).describe(`Whether ${what} is enabled.`)
    return z.strictObject({
      ipv4_unicast: enabled('IPv4 unicast routing'),
      ipv6_unicast: enabled('IPv6 unicast routing'),
      ipv4_multicast: enabled('IPv4 multicast routing'),
      ipv6_multicast: enabled('IPv6 multicast routing'),
      ipv6_interfaces: enabled('forwarding of IPv4 on IPv6 interfaces'),
    })
  },
  commands: () => [{ cmd: 'show ip', revision: 1 }],
  answers: () => [
    z.object({
      v4RoutingEnabled: z.boolean(),
      v6RoutingEnabled: z.boolean(),
      v6IntfForwarding: z.boolean().default(false),
      multicastRouting: z
        .object({
          ipMulticastEnabled: z.boolean().default(false),
          ip6MulticastEnabled: z.boolean().default(false),
        })
        .prefault({}),
    }),
  ],
  judge: (input, [{ v4RoutingEnabled, v6RoutingEnabled, v6IntfForwarding, multicastRouting }]) => {
    const kinds = [
      ['IPv4 unicast', input.ipv4_unicast, v4RoutingEnabled],
      ['IPv6 unicast', input.ipv6_unicast, v6RoutingEnabled],
      ['IPv4 multicast', input.ipv4_multicast, multicastRouting.ipMulticastEnabled],
      ['IPv6 multicast', input.ipv6_multicast, multicastRouting.ip6MulticastEnabled],
      ['IPv6 interfaces', input.ipv6_interfaces, v6IntfForwarding],
    ] as const
    return passUnless(
      kinds.flatMap(([kind, expected, actual]) =>
        mismatch(`${kind} routing enabled status mismatch`, printedFlag(expected), printedFlag(actual)),
      ),
    )
  },
})
