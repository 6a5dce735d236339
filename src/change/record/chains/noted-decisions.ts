import { z } from 'zod'
import type { Notes } from '../store/notes.ts'
import type { DecisionMemory } from './decisions.ts'

const KIND = 'decisions'
const NAME = 'register'
// What nobody has written anew for so long is walked again, in milliseconds.
const LASTS = 90 * 86_400_000

const found = z.array(z.tuple([z.int(), z.int(), z.string()]))

const schema = z.strictObject({
  version: z.literal(2),
  end: z.strictObject({ n: z.int(), hash: z.string(), uncovered: z.array(z.int()) }),
  plans: z.record(z.string(), found),
  holding: found,
})

/** What was found of decisions, and of what holds changes back, kept as a note: nobody without the key makes one, or alters it. */
export function notedDecisions(notes: Notes): DecisionMemory {
  return {
    read: async () => {
      const note = await notes.read(KIND, NAME)
      const read = note === undefined ? undefined : schema.safeParse(JSON.parse(note.text))
      return read?.success === true ? read.data : undefined
    },
    keep: (found) => notes.set(KIND, NAME, JSON.stringify({ ...found, version: 2 }), { lasts: LASTS }),
  }
}
