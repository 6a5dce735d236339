import { z } from 'zod'

export const instant = z.string().describe('ISO 8601 in UTC.')

export const named = {
  file: z
    .string()
    .regex(/^(?!.*\.\.)[\w.-]+(?:\/[\w.-]+)*$/, 'a file of the project, as `workflows_list` names it')
    .max(200)
    .describe('The file of a workflow, as `workflows_list` names it.'),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'the whole digest of a plan')
    .describe('The digest of a plan.'),
  execution: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'the id of an execution')
    .describe('The id of an execution.'),
  device: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'the name of a switch, as `switches_list` names it')
    .describe('The name of a switch.'),
  key: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, '1 to 100 printable characters without blanks')
    .describe('A name for this request: asked again under the same key, it gives the first plan.'),
} as const
