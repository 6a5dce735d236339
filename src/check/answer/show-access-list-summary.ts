import { z } from 'zod'
import { once } from '../once.ts'

const accessLists = () =>
  z.object({
    aclList: z.array(
      z.object({
        name: z.string(),
        configuredVrfs: z.array(z.string()).optional(),
        activeVrfs: z.array(z.string()).optional(),
      }),
    ),
  })

/** The IPv4 access lists of a service, as `show … ip access-list summary` tells them (revision 1). */
export const ipv4AccessLists = once(() =>
  z.object({ ipAclList: accessLists() }).transform(({ ipAclList }) => ipAclList.aclList),
)

/** The IPv6 access lists of a service, as `show … ipv6 access-list summary` tells them (revision 1). */
export const ipv6AccessLists = once(() =>
  z.object({ ipv6AclList: accessLists() }).transform(({ ipv6AclList }) => ipv6AclList.aclList),
)
