import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { printed } from '../../answer/printed.ts'
import { hostname } from '../../input/addresses.ts'
import { integer } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'

/** A version of SNMP, as EOS names it. */
export const snmpVersion = once(() => z.enum(['v1', 'v2c', 'v3']))

/** A host that the switch sends notifications or log messages to. */
export const snmpHost = once(() =>
  z.strictObject({
    hostname: hostname().describe('The address or name of the host.'),
    vrf: vrf().describe('The VRF of the host.'),
    notification_type: z.enum(['trap', 'inform']).default('trap').describe('How it is notified.'),
    version: snmpVersion().nullish().describe('The version of SNMP.'),
    udp_port: integer().default(162).describe('The port that it listens on.'),
    community_string: z.string().nullish().describe('The community of v1 and v2c.'),
    user: z.string().nullish().describe('The user of v3.'),
  }),
)

/** The VRF of a host, as `show snmp` and `show snmp notification host` tell it: none is the default one. */
export function vrfOf({ vrf }: { readonly vrf?: string | undefined }): string {
  return vrf === '' ? 'default' : printed(vrf)
}
