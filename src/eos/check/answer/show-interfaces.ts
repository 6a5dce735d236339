import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** `show interfaces`, revision 1: every interface with its settings and counters. */
export const SHOW_INTERFACES: Command = { cmd: 'show interfaces', revision: 1 }

/** What `show interfaces` tells of forwarding. */
export const interfacesMtuAnswer = once(() =>
  z.object({
    interfaces: byName(z.object({ forwardingModel: z.string().optional(), mtu: z.number().optional() })),
  }),
)
