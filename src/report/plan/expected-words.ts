import type { ShownPlan } from '../../change/plan/plan.ts'
import { DEFAULT_STABLE_FOR } from '../../change/workflow/schema/verify-times.ts'
import { quietWords } from '../phrases/quiet-words.ts'
import { count, duration } from '../text/count.ts'

/** Says in one line how long a change takes and why: `Takes about 15s: 1 wave, verify holds 10s, because only descriptions change`. Undefined if nothing changes. */
export function expectedWords({ content, evidence: { expected, soak } }: ShownPlan): string | undefined {
  const { waves, timers, canary } = content
  if (waves.length === 0) return undefined
  const parts = [
    wavesWords(expected?.waves ?? waves.map(() => 0)),
    timers.verifyWithin === 0 ? 'nothing is verified' : `verify holds ${duration(timers.stableFor)}`,
    ...(canary === undefined || canary.soak === timers.stableFor
      ? []
      : [`${duration(canary.soak)} on ${count(canary.switches.length, 'canary', 'canaries')}`]),
    ...(expected?.waits === undefined ? [] : [`${duration(expected.waits)} of waiting`]),
    ...(expected?.quiet === true ? [`because ${quietWords(content)}`] : []),
    ...(soak !== undefined && timers.stableFor > DEFAULT_STABLE_FOR
      ? [`because the ${soak.protocol} of ${soak.device} is ${duration(soak.seconds)}`]
      : []),
  ].join(', ')
  if (expected === undefined) return parts
  return `Takes about ${duration(roundedUp(expected.seconds))}: ${parts}`
}

function wavesWords(seconds: readonly number[]): string {
  const [first = 0, ...rest] = seconds
  const each = rest.length > 0 && first > 0 && rest.every((one) => one === first) ? ` of ${duration(first)}` : ''
  return `${count(seconds.length, 'wave')}${each}`
}

/** Nobody can say it to the second. */
function roundedUp(seconds: number): number {
  const step = seconds < 60 ? 5 : seconds < 600 ? 10 : 60
  return Math.ceil(seconds / step) * step
}
