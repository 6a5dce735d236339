import type { Catcher, Retrier } from '../machine/machine.ts'
import type { QueryLanguageName } from './dialect.ts'
import { flowOf } from './flow.ts'
import type { DefinitionPart } from './part.ts'
import { notOf } from './state-fields.ts'

/** A delay between attempts is shorter than a year (states-language.net, "Retrying after error"). */
const LONGEST_DELAY = 31_622_399

/** Retry and Catch of a state, with the defaults of the language: 3 attempts, from 1 second on, twice as long each time. */
export function handlingOf(state: DefinitionPart, language: QueryLanguageName): { retry: Retrier[]; catch: Catcher[] } {
  const retriers = state.objects('Retry') ?? []
  const catchers = state.objects('Catch') ?? []
  return {
    retry: retriers.map((one, index) => retrierOf(one, index === retriers.length - 1)),
    catch: catchers.map((one, index) => catcherOf(one, index === catchers.length - 1, language)),
  }
}

function retrierOf(retrier: DefinitionPart, last: boolean): Retrier {
  retrier.allowOnly(
    'ErrorEquals',
    'IntervalSeconds',
    'MaxAttempts',
    'BackoffRate',
    'MaxDelaySeconds',
    'JitterStrategy',
    'Comment',
  )
  retrier.text('Comment')
  const intervalSeconds = retrier.integer('IntervalSeconds', { min: 1, max: 99_999_999 }) ?? 1
  const maxDelaySeconds = retrier.integer('MaxDelaySeconds', { min: 1, max: LONGEST_DELAY })
  if (maxDelaySeconds !== undefined && maxDelaySeconds <= intervalSeconds) {
    retrier.fail('MaxDelaySeconds', 'MaxDelaySeconds must be greater than IntervalSeconds')
  }
  return {
    errorEquals: errorEqualsOf(retrier, last),
    intervalSeconds,
    maxAttempts: retrier.integer('MaxAttempts', { min: 0, max: 99_999_999 }) ?? 3,
    backoffRate: retrier.number('BackoffRate', { min: 1 }) ?? 2,
    ...(maxDelaySeconds === undefined ? {} : { maxDelaySeconds }),
    jitter: retrier.oneOf('JitterStrategy', ['FULL', 'NONE']) ?? 'NONE',
  }
}

function catcherOf(catcher: DefinitionPart, last: boolean, language: QueryLanguageName): Catcher {
  const [mine, other] = language === 'JSONata' ? ['Output', 'ResultPath'] : ['ResultPath', 'Output']
  if (catcher.has(other)) catcher.failWhole(notOf(language, other, language === 'JSONata' ? 'JSONPath' : 'JSONata'))
  catcher.allowOnly('ErrorEquals', 'Next', 'Comment', 'Assign', mine, other)
  catcher.demand('Next')
  catcher.text('Comment')
  return {
    errorEquals: errorEqualsOf(catcher, last),
    next: catcher.text('Next') ?? '',
    flow: flowOf(catcher, language, ['errorOutput']),
  }
}

/** The error names of a Retrier or Catcher. `States.ALL` matches everything, so it stands alone and last. */
function errorEqualsOf(part: DefinitionPart, last: boolean): readonly string[] {
  part.demand('ErrorEquals')
  const value = part.raw('ErrorEquals')
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length === 0 || !value.every((name) => typeof name === 'string')) {
    part.fail('ErrorEquals', 'Expected a list of at least one String')
    return []
  }
  const names: readonly string[] = value
  if (names.includes('States.ALL') && !(last && names.length === 1)) {
    part.fail('ErrorEquals', 'States.ALL must appear alone and in the last element')
  }
  return names
}
