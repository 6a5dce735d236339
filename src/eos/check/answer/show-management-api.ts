import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { told } from './told.ts'

/** `show management api http-commands`, revision 1: the servers of eAPI and the SSL profile of its HTTPS server. */
export const SHOW_MANAGEMENT_API: Command = { cmd: 'show management api http-commands', revision: 1 }

/** What `show management api http-commands` tells; without an SSL profile there is no `sslProfile` (docs/eos.md 6.2). */
export const managementApiAnswer = once(() =>
  told({
    enabled: z.boolean(),
    httpServer: told({ running: z.boolean() }),
    sslProfile: z.object({ name: z.string().optional(), state: z.string().optional() }).optional(),
  }),
)
