import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { told } from './told.ts'

const accessLists = () =>
  z.object({
    aclList: z.array(told({ name: z.string(), configuredVrfs: z.array(z.string()), activeVrfs: z.array(z.string()) })),
  })

/** The IPv4 access lists of a service, as `show … ip access-list summary` tells them (revision 1). */
export const ipv4AccessLists = once(() =>
  z.object({ ipAclList: accessLists() }).transform(({ ipAclList }) => ipAclList.aclList),
)

/** The IPv6 access lists of a service, as `show … ipv6 access-list summary` tells them (revision 1). */
export const ipv6AccessLists = once(() =>
  z.object({ ipv6AclList: accessLists() }).transform(({ ipv6AclList }) => ipv6AclList.aclList),
)
