import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** `show interfaces description`, revision 1: state and description of every interface. */
export const SHOW_INTERFACES_DESCRIPTION: Command = { cmd: 'show interfaces description', revision: 1 }

/** What `show interfaces description` tells. */
export const interfacesDescriptionAnswer = once(() =>
  z.object({
    interfaceDescriptions: byName(
      z.object({
        description: z.string().optional(),
        interfaceStatus: z.string().optional(),
        lineProtocolStatus: z.string().optional(),
      }),
    ),
  }),
)
