import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** `show interfaces transceiver dom thresholds`, revision 1: what the optics measure of themselves. */
export const SHOW_TRANSCEIVER_DOM: Command = { cmd: 'show interfaces transceiver dom thresholds', revision: 1 }

/** What `show interfaces transceiver dom thresholds` tells; an optic without monitoring has no parameters. */
export const transceiverDomAnswer = once(() => {
  const parameter = z.object({
    channels: byName(z.number()).optional(),
    threshold: z.object({ lowAlarm: z.number().optional() }).optional(),
  })
  return z.object({
    interfaces: byName(
      z.looseObject({
        mediaType: z.string().optional(),
        parameters: z.object({ rxPower: parameter.optional(), temperature: parameter.optional() }).optional(),
      }),
    ),
  })
})
