import type { ComparedEvidence } from './comparison.ts'
import type { PlanDefinition } from './definition.ts'
import type { LeftOutSwitch } from './left-out-switch.ts'
import type { PlanWarning, UnwarnedPlan } from './plan.ts'
import { redundantPairs } from './redundancy.ts'

const BY: Readonly<Record<LeftOutSwitch['by'], string>> = {
  maxFailures: 'it counts as a failure under maxFailures',
  'skip-unreachable': 'as --skip-unreachable says',
}

/** Which switches the plan is not for and why, and which of those that change have one of them for their partner. */
export function leftOutWarnings(
  { rollout: { redundant } }: PlanDefinition,
  { waves }: UnwarnedPlan,
  evidence: readonly ComparedEvidence[],
  leftOut: readonly LeftOutSwitch[],
): readonly PlanWarning[] {
  if (leftOut.length === 0) return []
  const changed = new Set(waves.flat())
  const silent = leftOut.map(({ name }) => name)
  const pairs = redundantPairs(evidence, redundant, silent).flatMap(({ pair: [a, b], because }): PlanWarning[] => {
    const [alone, partner] = silent.includes(a) ? [b, a] : [a, b]
    if (!changed.has(alone) || !silent.includes(partner)) return []
    const message = `changes while ${partner}, which backs it up (${because}), does not answer: nobody knows whether anything carries its traffic meanwhile`
    return [{ code: 'redundant-pair', device: alone, message }]
  })
  return [
    ...leftOut.map(
      ({ name, by, message }): PlanWarning => ({
        code: 'left-out',
        device: name,
        message: `left out of this plan, ${BY[by]}: ${withoutName(message, name)}`,
      }),
    ),
    ...pairs,
  ]
}

function withoutName(message: string, name: string): string {
  return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message
}
