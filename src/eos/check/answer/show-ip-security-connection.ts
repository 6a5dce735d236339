import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { MissingMember, needed } from './told.ts'

/** What `show ip security connection` tells: IPsec connections by their names, each with the state of its paths. */
export const ipSecurityConnections = once(() =>
  z.object({
    connections: z.record(
      z.string(),
      z.object({
        pathDict: z.record(z.string(), z.string()).optional(),
        saddr: z.string().optional(),
        daddr: z.string().optional(),
        tunnelNs: z.string().optional(),
      }),
    ),
  }),
)

/** One IPsec connection, from `saddr` to `daddr` in the VRF `tunnelNs`. */
export type IpSecurityConnection = z.output<ReturnType<typeof ipSecurityConnections>>['connections'][string]

/** The state of the first path that is not established; undefined when all are. Throws MissingMember of a connection without paths. */
export function downState(connection: IpSecurityConnection): string | undefined {
  const states = Object.values(needed(connection, 'pathDict'))
  if (states.length === 0) throw new MissingMember(connection, 'pathDict')
  return states.find((state) => state !== 'Established')
}
