import type { Place, Problem } from '../../model/problem.ts'
import { keyPlaceOf, type LocatedValue, locatedAt } from '../../text/source/located.ts'
import type { Workflow } from './definition/workflow.ts'
import { DEFAULT_CONCURRENCY } from './schema/rollout-schema.ts'

export type RolloutShape = Pick<Workflow['rollout'], 'atomic' | 'maxFailures' | 'concurrency'> & {
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

/**
 * What keeps two switches from being changed back to back: they are one group with one verdict, and each waits for the other right before its commit. `at`: where
 * `pairs` is written.
 */
export function pairProblems(
  { pairs, atomic, maxFailures, concurrency, keepApart, sites }: Workflow['rollout'],
  at: Place,
): readonly Problem[] {
  if (pairs === 'apart') return []
  const unmet: readonly (string | false)[] = [
    atomic === 'device' && '`atomic: device` confirms each of two by itself',
    maxFailures !== 0 && '`maxFailures` lets one of two fail alone',
    concurrency < 2 && '`concurrency: 1` changes one at a time, and each waits for the other',
    keepApart === 'none' && '`keepApart: none` lets any switches share a wave',
    sites !== undefined && 'the workers of each site know their own switches only',
  ]
  return unmetProblems(unmet, 'pairs-together', at, `delete \`pairs: ${pairs}\`, or the other`)
}

/** One for each that is not false. */
export function unmetProblems(
  unmet: readonly (string | false)[],
  code: string,
  at: Place,
  hint: string,
): readonly Problem[] {
  return unmet.flatMap((message) => (message === false ? [] : [{ code, message, at, hint }]))
}

/** The keys that shape the machine of `steps`. A machine that is written as `states` has its shape already. */
export function rolloutOfStatesProblems(file: LocatedValue): readonly Problem[] {
  const { atomic, maxFailures, hasCanary } = rolloutIn(file)
  const pairs = locatedAt(file, ['rollout', 'pairs'])?.value ?? 'apart'
  const keys = [
    ...(atomic === 'change' ? [] : ['atomic']),
    ...(maxFailures === 0 ? [] : ['maxFailures']),
    ...(hasCanary ? ['canary'] : []),
    ...(pairs === 'apart' ? [] : ['pairs']),
  ]
  return keys.map((key) => ({
    code: 'rollout-of-steps',
    message: `\`${key}\` shapes the machine that \`steps\` become, and this workflow writes its own \`states\``,
    at: keyPlaceOf(file, ['rollout', key]),
    hint: `delete it, or write the change as \`steps\``,
  }))
}
