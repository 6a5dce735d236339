import { z } from 'zod'
import { error, text } from '../change/record/event/record-schema.ts'
import { ERROR_KINDS } from '../model/error.ts'

const problem = z.strictObject({
  code: text.describe('A stable word for the kind of fault.'),
  message: text,
  at: z.strictObject({ file: text, line: z.int(), column: z.int() }),
  hint: text.exactOptional().describe('What to do about it.'),
})

/** What `--json` prints of a command that failed, version 1. */
export const errorResultSchema = z
  .strictObject({
    version: z.literal(1),
    error: error
      .extend({
        kind: z
          .enum([...ERROR_KINDS, 'input', 'usage'])
          .describe('`input`: what was given is not good; `usage`: the command line is not.'),
        problems: z.array(problem).readonly().exactOptional().describe('Everything that is not good of an input.'),
      })
      .nullable(),
    exitCode: z.int().min(1),
  })
  .meta({ id: 'error-result', title: 'a command that failed, with --json' })
