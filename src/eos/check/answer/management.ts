import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { byName, MissingMember, needed, type OutputOf, partly, recordOf, show, showText, told } from './show.ts'

/** What a command of the shell under EOS prints. */
export const messagesAnswer = once(() => z.object({ messages: z.array(z.string()).min(1) }))

const accessLists = () =>
  z.object({
    aclList: z.array(told({ name: z.string(), configuredVrfs: z.array(z.string()), activeVrfs: z.array(z.string()) })),
  })

/** The IPv4 access lists of a service, as `show … ip access-list summary` tells them (revision 1). */
export const ipv4AccessLists = () =>
  z.object({ ipAclList: accessLists() }).transform(({ ipAclList }) => ipAclList.aclList)

/** The IPv6 access lists of a service, as `show … ipv6 access-list summary` tells them (revision 1). */
export const ipv6AccessLists = () =>
  z.object({ ipv6AclList: accessLists() }).transform(({ ipv6AclList }) => ipv6AclList.aclList)

/** What `show management api http-commands` tells; without an SSL profile there is no `sslProfile` (docs/eos.md 6.2). */
export const SHOW_MANAGEMENT_API = show('show management api http-commands', () =>
  told({
    enabled: z.boolean(),
    httpServer: told({ running: z.boolean() }),
    sslProfile: partly({ name: z.string(), state: z.string() }).optional(),
  }),
)

/** `show management ssh` as text: EOS has no JSON model that tells the state of the daemon in the default VRF. */
export const SHOW_MANAGEMENT_SSH = showText('show management ssh')

/** What `show snmp` tells; each part is there only where it is configured or counted. */
export const SHOW_SNMP = show('show snmp', () =>
  partly({
    enabled: z.boolean(),
    vrfs: partly({ snmpVrfs: z.array(z.string()) }),
    location: partly({ location: z.string() }),
    contact: partly({ contact: z.string() }),
    counters: byName(z.number().nullable()),
    logging: partly({
      loggingEnabled: z.boolean(),
      hosts: byName(z.looseObject({ vrf: z.string().optional() })),
    }),
    srcIntf: partly({ sourceInterfaces: byName(z.string()) }),
  }),
)

/** What `show tacacs` tells of servers, groups of servers, and source interfaces by VRF; what is not configured is empty. */
export const tacacsAnswer = () =>
  z.object({
    tacacsServers: z.array(partly({ serverInfo: partly({ hostname: z.string(), vrf: z.string() }) })),
    groups: byName(z.unknown()),
    srcIntf: byName(z.string()).optional(),
  })

/** What `show ip security connection` tells: IPsec connections by their names, each with the state of its paths. */
export const ipSecurityConnections = once(() =>
  z.object({
    connections: recordOf(
      partly({
        pathDict: recordOf(z.string()),
        saddr: z.string(),
        daddr: z.string(),
        tunnelNs: z.string(),
      }),
    ),
  }),
)

export type IpSecurityConnection = OutputOf<typeof ipSecurityConnections>['connections'][string]

/** The state of the first path that is not established; undefined when all are. Throws MissingMember of a connection without paths. */
export function downState(connection: IpSecurityConnection): string | undefined {
  const states = Object.values(needed(connection, 'pathDict'))
  if (states.length === 0) throw new MissingMember(connection, 'pathDict')
  return states.find((state) => state !== 'Established')
}
