import { z } from 'zod'
import type { Command } from '../../../../model/command.ts'
import { once } from '../../../../model/once.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'

/** `show ip igmp snooping`, revision 1: IGMP snooping as a whole and by VLAN. */
export const SHOW_IP_IGMP_SNOOPING: Command = { cmd: 'show ip igmp snooping', revision: 1 }

/** What `show ip igmp snooping` tells; no VLANs where snooping is disabled as a whole. */
export const igmpSnoopingAnswer = once(() =>
  told({
    igmpSnoopingState: z.string(),
    vlans: byName(told({ igmpSnoopingState: z.string() })),
  }),
)
