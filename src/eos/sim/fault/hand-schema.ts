import { z } from 'zod'
import { command, device, seconds } from './fault-fields.ts'

const moment = {
  after: seconds
    .optional()
    .describe('Seconds after it is set, or after the point or command.')
    .meta({ examples: [30] }),
  on: z
    .enum(['session-open', 'before-commit', 'commit', 'armed'])
    .optional()
    .describe('The point of a config session; `armed` is behind a timed commit.')
    .meta({ examples: ['session-open'] }),
  command,
  nth: z
    .int()
    .min(1)
    .optional()
    .describe('Which command that matches; the first without it.')
    .meta({ examples: [2] }),
  side: z
    .enum(['before', 'behind'])
    .optional()
    .describe('On which side of the command; `before` without it.')
    .meta({ examples: ['behind'] }),
}

const handEdit = z.strictObject({
  device,
  kind: z.literal('hand-edit'),
  lines: z
    .array(z.string().min(1))
    .min(1)
    .describe('Configuration lines as a person types them.')
    .meta({ examples: [['interface Ethernet5', 'description typed by hand']] }),
  user: z
    .string()
    .optional()
    .describe('Who the log names.')
    .meta({ examples: ['operator'] }),
  ...moment,
})

const handSave = z.strictObject({ device, kind: z.literal('hand-save'), ...moment })

const blockAppears = z.strictObject({
  device,
  kind: z.literal('block-appears'),
  block: z
    .string()
    .min(1)
    .describe('The line that opens the empty block.')
    .meta({ examples: ['interface Ethernet48/2'] }),
  ...moment,
})

/** What others do to a switch at a moment, as it stands in `fabric.yaml`. */
export const handFaults = [handEdit, handSave, blockAppears] as const
