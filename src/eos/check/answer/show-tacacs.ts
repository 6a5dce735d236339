import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** `show tacacs`, revision 1: servers, groups of servers, and source interfaces by VRF. */
export const SHOW_TACACS: Command = { cmd: 'show tacacs', revision: 1 }

/** What `show tacacs` tells; what is not configured is empty. */
export const tacacsAnswer = once(() =>
  z.object({
    tacacsServers: z.array(
      z.object({ serverInfo: z.object({ hostname: z.string().optional(), vrf: z.string().optional() }).optional() }),
    ),
    groups: byName(z.unknown()),
    srcIntf: byName(z.string()).optional(),
  }),
)
