import { z } from 'zod'
import { count as counted, error, text } from '../../change/record/event/record-schema.ts'

const facts = z.strictObject({
  model: text,
  serial: text,
  mac: text.describe('The system MAC address.'),
  eos: text.describe('The EOS version.'),
  uptime: z.number().describe('Seconds since boot.'),
  hostname: text.exactOptional(),
  image: text.exactOptional().describe('The image that it boots next.'),
  mlag: text.exactOptional().describe('The state of MLAG.'),
  mlagDomain: text.exactOptional(),
  powerSupplies: z.strictObject({ ok: counted, of: counted }).exactOptional(),
  transceivers: counted.exactOptional().describe('How many are plugged in.'),
})

/** What `eosflow facts --json` prints, version 1. */
export const factsResultSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.literal('facts'),
    switches: z
      .array(z.union([z.strictObject({ name: text, facts }), z.strictObject({ name: text, error })]))
      .readonly()
      .describe('One that did not answer has its error.'),
  })
  .meta({ id: 'facts-result', title: 'eosflow facts --json' })

export type FactsDocument = z.infer<typeof factsResultSchema>
