import { z } from 'zod'
import { device, lasting, pattern, seconds } from './fault-fields.ts'

const sessionListLag = z.strictObject({
  device,
  kind: z.literal('session-list-lag'),
  seconds: z
    .number()
    .min(0)
    .max(5)
    .describe('How far the list lies behind.')
    .meta({ examples: [2] }),
  ...lasting,
})

const replayFails = z.strictObject({
  device,
  kind: z.literal('replay-fails'),
  line: z
    .int()
    .min(1)
    .optional()
    .describe('The nth line of the text, without comments.')
    .meta({ examples: [12] }),
  command: pattern
    .optional()
    .describe('A regular expression, tried on each line of the text.')
    .meta({ examples: ['^no lldp transmit$'] }),
  leavesOut: z
    .boolean()
    .optional()
    .describe('true: the line is left out in silence.')
    .meta({ examples: [true] }),
})

const noStartupConfig = z.strictObject({ device, kind: z.literal('no-startup-config') })
const slowSave = z.strictObject({
  device,
  kind: z.literal('slow-save'),
  seconds: seconds.describe('How long a save takes.').meta({ examples: [10] }),
})
const noNewLogin = z.strictObject({ device, kind: z.literal('no-new-login'), ...lasting })

const aaaAway = z.strictObject({ device, kind: z.literal('aaa-away'), ...lasting })

/** What goes wrong with the stored configurations and the logins of a switch, as it stands in `fabric.yaml`. */
export const storeFaults = [sessionListLag, replayFails, noStartupConfig, slowSave, noNewLogin, aaaAway] as const
