import { z } from 'zod'
import { readLineGlob } from '../../../text/source/line-glob.ts'
import { selectorSchema } from '../../inventory/selector-schema.ts'

const pattern = z.string().min(1).max(500)

const rootLine = pattern
  .regex(/^\S.*\S$|^\S$/, 'the words of a line, without blanks around them')
  .describe('A line of the root, `*` for any text. What is below it is of the same section.')
  .meta({ examples: ['ntp *'] })

const section = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40')
    .describe('What the section is called. A name of one of the sections that are there adds these lines to it.')
    .meta({ examples: ['time'] }),
  lines: z.array(rootLine).min(1).max(100).describe('The lines of the root that are in it.'),
})

const lineGlob = pattern
  .superRefine((text, { addIssue }) => {
    const read = readLineGlob(text)
    if ('message' in read)
      addIssue({ code: 'custom', message: read.message, params: { code: 'bad-glob', hint: read.hint } })
  })
  .describe(
    'A line with the blocks that hold it, ` > ` between them, `*` for any text. What is below it is excused too.',
  )
  .meta({ examples: ['interface Ethernet* > description *'] })

const selector = selectorSchema('an exception', 'an exception is for')
  .describe('The switches that it is for, as `-t` selects them; all of them without it.')
  .meta({ examples: ['role:leaf'] })

const exception = z
  .strictObject({
    on: selector.optional(),
    section: pattern
      .optional()
      .describe('The section that it is for, `*` for any text; any without it.')
      .meta({ examples: ['ntp'] }),
    lines: z
      .array(lineGlob)
      .min(1)
      .max(100)
      .optional()
      .describe('The lines that it excuses; all of the section without it.'),
    owner: z
      .string()
      .min(1)
      .max(200)
      .describe('Who answers for it.')
      .meta({ examples: ['netops'] }),
    until: z.iso
      .date()
      .describe('The last day on which it counts, in UTC. From the next day on it excuses nothing, and is named.')
      .meta({ examples: ['2026-12-31'] }),
    because: z
      .string()
      .min(1)
      .max(300)
      .describe('Why the switch may be otherwise.')
      .meta({ examples: ['the old server goes with the move of the data centre'] }),
  })
  .refine(({ section = '*', lines }) => !/^\*+$/.test(section) || lines !== undefined, {
    error: 'it would excuse whatever there is',
    params: { code: 'boundless-exception', hint: 'name its `section`, its `lines`, or both' },
  })

/** The shape of `comply.yaml`. */
export const complySchema = z
  .strictObject({
    version: z.literal(1).describe('The version of this format.'),
    sections: z
      .array(section)
      .max(200)
      .default([])
      .describe('Sections besides those by the kinds of lines. The first that has a line counts.'),
    exceptions: z.array(exception).max(5000).default([]).describe('What may be otherwise than intended, until when.'),
  })
  .meta({ id: 'comply', title: 'eosflow comply' })
