import { z } from 'zod'
import { count as counted, text } from '../../change/record/event/record-schema.ts'

const kind = z.enum(['missing', 'extra', 'ordered'])
export const excuse = z.strictObject({
  owner: text.describe('Who answers for it.'),
  until: text.describe('The last day on which it counts, in UTC.'),
  because: text.describe('Why.'),
})
const source = z
  .union([
    z.strictObject({ kind: z.enum(['workflow', 'files']), file: text }),
    z.strictObject({ kind: z.literal('execution'), id: text }),
    z.strictObject({ kind: z.literal('snapshot'), name: text }),
  ])
  .describe('Where what is intended is from.')

const section = z.strictObject({
  name: text,
  states: z.array(kind).describe('How it differs, without what is excused; none where it is as intended.'),
  lines: z
    .array(
      z.strictObject({
        kind,
        sign: z.enum(['+', '-']).describe('`-`: the switch has it; `+`: it is intended.'),
        line: text.describe('The line behind the blocks that hold it, without secrets.'),
        excuse: excuse.optional(),
      }),
    )
    .describe('All lines that differ.'),
})

const one = z.discriminatedUnion('state', [
  z.strictObject({
    name: text,
    state: z.enum(['compliant', 'differs']),
    source,
    by: z.enum(['switch', 'model']).describe('Who has computed the difference.'),
    sections: z.array(section),
  }),
  z.strictObject({ name: text, state: z.literal('unknown').describe('Nothing is intended for it.') }),
  z.strictObject({
    name: text,
    state: z.literal('unread').describe('It could not be compared.'),
    error: z.looseObject({ kind: text, message: text }),
  }),
])

/** What `eosflow comply --json` prints, version 1. */
export const complyResultSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('comply'),
    sum: z.strictObject({
      compared: counted,
      compliant: counted,
      differs: counted,
      excused: counted.describe('Lines.'),
      unknown: counted,
      unread: counted,
    }),
    words: text.describe('The same in words.'),
    switches: z.array(one),
    exceptions: z
      .array(
        excuse.extend({
          at: text.describe('The file and the line of it.'),
          idle: z.enum(['expired', 'unused']),
          lines: counted.describe('How many lines it means that differ.'),
        }),
      )
      .describe('Those that are over, or that mean nothing that differs.'),
  })
  .meta({ id: 'comply-result', title: 'eosflow comply --json' })

export type ComplyDocument = z.output<typeof complyResultSchema>
