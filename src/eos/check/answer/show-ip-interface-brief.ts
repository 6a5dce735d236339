import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** `show ip interface brief`, revision 1: every interface with an IPv4 address, and its state. */
export const SHOW_IP_INTERFACE_BRIEF: Command = { cmd: 'show ip interface brief', revision: 1 }

/** What `show ip interface brief` tells. */
export const ipInterfaceBriefAnswer = once(() =>
  z.object({
    interfaces: byName(z.object({ interfaceStatus: z.string().optional(), lineProtocolStatus: z.string().optional() })),
  }),
)
