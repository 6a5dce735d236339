import type { Problem } from '../model/problem.ts'
import { keyPlaceOf, type LocatedValue, locatedAt } from '../source/located.ts'
import { DEFAULT_CONCURRENCY } from './schema.ts'
import type { Workflow } from './workflow.ts'

/** What of `rollout` gives the machine of a list of steps its shape. */
export type RolloutShape = Pick<Workflow['rollout'], 'atomic' | 'maxFailures' | 'concurrency'> & {
  /** Whether some switches go first and are watched longer: then the plan says how long each is. */
  readonly hasCanary: boolean
}

/** What a file says of its rollout, as far as it can be read before it is judged. */
export function rolloutIn(file: LocatedValue): RolloutShape {
  const given = (key: string) => locatedAt(file, ['rollout', key])?.value
  const [atomic, failures, concurrency] = [given('atomic'), given('maxFailures'), given('concurrency')]
  return {
    atomic: atomic === 'wave' || atomic === 'device' ? atomic : 'change',
    maxFailures: typeof failures === 'number' || isShare(failures) ? failures : 0,
    concurrency: typeof concurrency === 'number' ? concurrency : DEFAULT_CONCURRENCY,
    hasCanary: given('canary') !== undefined,
  }
}

function isShare(value: unknown): value is `${number}%` {
  return typeof value === 'string' && /^[1-9]\d?%$/.test(value)
}

/** The keys that shape the machine of `steps`. A machine that is written as `states` has its shape already. */
export function rolloutOfStatesProblems(file: LocatedValue): readonly Problem[] {
  const { atomic, maxFailures, hasCanary } = rolloutIn(file)
  const keys = [
    ...(atomic === 'change' ? [] : ['atomic']),
    ...(maxFailures === 0 ? [] : ['maxFailures']),
    ...(hasCanary ? ['canary'] : []),
  ]
  return keys.map((key) => ({
    code: 'rollout-of-steps',
    message: `\`${key}\` shapes the machine that \`steps\` become, and this workflow writes its own \`states\``,
    at: keyPlaceOf(file, ['rollout', key]),
    hint: `delete it, or write the change as \`steps\``,
  }))
}
