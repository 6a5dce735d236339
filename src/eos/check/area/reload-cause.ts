import { z } from 'zod'
import { type OutputOf, show } from '../answer/show.ts'
import { became } from '../finding/compare.ts'
import { answerOf, defineArea } from './define-area.ts'

// `show reload cause` (docs/eos.md 6.2).
const COMMAND = show('show reload cause', () => ({
  resetCauses: z.array(z.object({ description: z.string(), timestamp: z.number().optional() })),
}))

// `at` is in seconds since the epoch; 0 where the switch does not tell.
const state = () => z.array(z.strictObject({ cause: z.string(), at: z.int() }))

type Reloads = OutputOf<typeof state>

const RELOAD = { subject: 'reload', label: 'last reload' }

export const reloadCauseArea = defineArea({
  name: 'reload-cause',
  docs: 'Why and when the switch was last reloaded.',
  asks: [COMMAND],
  state,
  tell: ([reply]) =>
    answerOf(reply, COMMAND).resetCauses.map(({ description, timestamp = 0 }) => ({
      cause: description,
      at: Math.trunc(timestamp),
    })),
  describe: (before, after) => became(RELOAD, 'cause', [words(before), words(after)]),
})

function words(reloads: Reloads) {
  return reloads.map(({ cause, at }) => (at === 0 ? cause : `${cause} (${momentOf(at)})`)).join('; ')
}

function momentOf(seconds: number) {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
