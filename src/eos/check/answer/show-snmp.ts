import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** `show snmp`, revision 1: the agent, its counters, and where it logs. */
export const SHOW_SNMP: Command = { cmd: 'show snmp', revision: 1 }

/** What `show snmp` tells; each part is there only where it is configured or counted. */
export const snmpAnswer = once(() =>
  z.object({
    enabled: z.boolean().optional(),
    vrfs: z.object({ snmpVrfs: z.array(z.string()).optional() }).optional(),
    location: z.object({ location: z.string().optional() }).optional(),
    contact: z.object({ contact: z.string().optional() }).optional(),
    counters: byName(z.number().nullable()).optional(),
    logging: z
      .object({
        loggingEnabled: z.boolean().optional(),
        hosts: byName(z.looseObject({ vrf: z.string().optional() })).optional(),
      })
      .optional(),
    srcIntf: z.object({ sourceInterfaces: byName(z.string()).optional() }).optional(),
  }),
)
