import { z } from 'zod'
import { command, device, pattern } from './fault-fields.ts'

const message = z
  .string()
  .min(1)
  .describe("The switch's words.")
  .meta({ examples: ['! Changing the TCAM profile restarts the forwarding agents'] })

const typedLines = {
  line: z
    .int()
    .min(1)
    .optional()
    .describe('The kth line typed into a session; without it, and without `command`, every line.')
    .meta({ examples: [3] }),
  command: pattern
    .optional()
    .describe('A regular expression, tried on each line that is typed.')
    .meta({ examples: ['^hardware tcam'] }),
}

const wrongAnswer = z.strictObject({
  device,
  kind: z.literal('wrong-answer'),
  request: z
    .int()
    .min(1)
    .optional()
    .describe('The nth request from now on.')
    .meta({ examples: [1] }),
  write: z
    .int()
    .min(1)
    .optional()
    .describe('The nth request from now on that can change the switch.')
    .meta({ examples: [1] }),
  command,
  error: z
    .boolean()
    .optional()
    .describe('true: an error object in place of the results.')
    .meta({ examples: [true] }),
})

const errorLine = z.strictObject({
  device,
  kind: z.literal('error-line'),
  command: pattern.describe('A regular expression, tried on each command.').meta({ examples: ['commit timer'] }),
  message,
})

const lineWarning = z.strictObject({ device, kind: z.literal('line-warning'), ...typedLines, message })
const lineQuestion = z.strictObject({ device, kind: z.literal('line-question'), ...typedLines, message })

/** Answers that are wrong or say more than expected, as they stand in `fabric.yaml`. */
export const answerFaults = [wrongAnswer, errorLine, lineWarning, lineQuestion] as const
