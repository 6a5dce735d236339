import { z } from 'zod'
import type { Command } from '../../../../model/command.ts'

/** `show ntp associations`: the servers that the switch asks for the time. */
export const showNtpAssociations: Command = { cmd: 'show ntp associations' }

/** What `show ntp associations` tells, by the server's name (docs/eos.md 6.2). */
export const ntpAssociations = () =>
  z.object({
    peers: z
      .record(
        z.string(),
        z.object({
          condition: z.string().optional(),
          peerIpAddr: z.string().optional(),
          stratumLevel: z.number().optional(),
        }),
      )
      .default({}),
  })

/** One server that the switch asks for the time. */
export type NtpAssociation = z.output<ReturnType<typeof ntpAssociations>>['peers'][string]
