import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { remarked } from '../../finding/remarked.ts'
import { ipv4WithLength } from '../../input/addresses.ts'
import { interfaceName, portChannelInterface } from '../../input/interfaces.ts'
import { decimal, integer } from '../../input/numbers.ts'

/** The status of an interface as a person set or sees it. */
export const expectedStatus = once(() => z.enum(['up', 'down', 'adminDown']).describe('The status that is expected.'))

/** The port-channel that an interface belongs to. */
export const expectedPortChannel = once(() =>
  portChannelInterface().describe('The port-channel that the interface is bundled in.'),
)

/** The first address of an interface. */
export const expectedPrimaryIp = once(() => ipv4WithLength().describe('The primary address with its length.'))

/** The speed of an interface in Gbit/s. */
export const expectedSpeed = once(() => decimal(1, 1000).describe('The speed in Gbit/s.'))

/**
 * What a catalog may expect of one interface (ANTA's input model `InterfaceState`). All checks take all of it, and each
 * requires what it judges.
 */
export const interfaceState = once(() => ({
  name: interfaceName().describe('The interface.'),
  description: z.string().nullish().describe('What messages call it besides its name.'),
  status: expectedStatus().nullish(),
  line_protocol_status: z
    .enum(['up', 'down', 'testing', 'unknown', 'dormant', 'notPresent', 'lowerLayerDown'])
    .nullish()
    .describe('The status of the line protocol.'),
  portchannel: expectedPortChannel().nullish(),
  lacp_rate_fast: z.boolean().default(false).describe('Whether LACP runs with the short timeout.'),
  lacp_churn_state: z.boolean().default(false).describe('Whether LACP churn is looked at.'),
  primary_ip: expectedPrimaryIp().nullish(),
  secondary_ips: z.array(ipv4WithLength()).nullish().describe('The secondary addresses with their lengths.'),
  auto: z.boolean().default(false).describe('Whether auto-negotiation must have succeeded.'),
  speed: expectedSpeed().nullish(),
  lanes: integer(1, 8).nullish().describe('The number of lanes.'),
}))

/** What messages about the interface begin with. */
export function interfaceSubject({
  name,
  description,
  portchannel,
}: {
  readonly name: string
  readonly description?: string | null | undefined
  readonly portchannel?: string | null | undefined
}): string {
  return `Interface: ${remarked(name, description)}${portchannel ? ` Port-Channel: ${portchannel}` : ''}`
}
