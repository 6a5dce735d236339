import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { became } from '../finding/compare.ts'
import { defineArea, modelIn } from './define-area.ts'

const COMMAND = { cmd: 'show reload cause', revision: 1 }

// `show reload cause` (docs/eos.md 6.2).
const model = once(() =>
  z.object({ resetCauses: z.array(z.object({ description: z.string(), timestamp: z.number().optional() })) }),
)

// `at` is in seconds since the epoch; 0 where the switch does not tell.
const state = once(() => z.array(z.strictObject({ cause: z.string(), at: z.int() })))

type Reloads = z.output<ReturnType<typeof state>>

const RELOAD = { subject: 'reload', label: 'last reload' }

export const reloadCauseArea = defineArea({
  name: 'reload-cause',
  docs: 'Why and when the switch was last reloaded.',
  commands: [COMMAND],
  state,
  tell: ([reply]) => {
    const answer = modelIn(reply, COMMAND, model)
    if (!answer.ok) return answer
    const causes = answer.state.resetCauses.map(({ description, timestamp = 0 }) => ({
      cause: description,
      at: Math.trunc(timestamp),
    }))
    return { ok: true, state: causes }
  },
  describe: (before, after) => became(RELOAD, 'cause', [words(before), words(after)]),
})

function words(reloads: Reloads): string {
  return reloads.map(({ cause, at }) => (at === 0 ? cause : `${cause} (${momentOf(at)})`)).join('; ')
}

function momentOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
