import { type FreezeRequest, setFreeze } from '../../../features/freeze/set-freeze.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { setFreezeJson, setFreezeText } from '../../../report/phrases/freeze.ts'
import { parseDuration } from '../../../text/source/duration.ts'
import { givenReason } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export const run = judgedCommand(
  (invocation) => ({ reason: givenReason(invocation, 'why nothing new may begin'), ...givenEnd(invocation) }),
  async ({ app, caller, io, global }, request) => {
    const set = await setFreeze(app, caller, request)
    io.out(
      global.json
        ? `${setFreezeJson(set)}\n`
        : `${setFreezeText(set)}\nNext: eosflow ${set.goOn.length === 0 ? 'executions' : 'stop --all'}\n`,
    )
    return 0
  },
  { despiteCheckpointKey: true },
)

// Throws InputError.
function givenEnd({ options }: Invocation): Omit<FreezeRequest, 'reason'> {
  const { until, for: lasts } = options
  if (typeof until === 'string' && typeof lasts === 'string') {
    throw inputError('--until', 'bad-usage', 'there are two ends', 'Write --until or --for.')
  }
  if (typeof until === 'string') return { until: timeFrom(until) }
  return typeof lasts === 'string' ? { lasts: lengthFrom(lasts) } : {}
}

function timeFrom(word: string) {
  const at = /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(word) ? Date.parse(word) : Number.NaN
  if (!Number.isNaN(at)) return at
  const example = 'Write for example --until 2026-01-06T06:00:00+01:00, or --for 4h.'
  throw inputError('--until', 'bad-time', `\`${word}\` is not a time with its zone`, example)
}

function lengthFrom(word: string) {
  const seconds = parseDuration(word)
  if (seconds !== undefined) return seconds
  throw inputError('--for', 'bad-duration', `\`${word}\` is not a duration`, 'Write for example --for 4h.')
}
