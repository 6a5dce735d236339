import type { Clock } from '../../model/clock.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import type { JudgedCheck, OpenFeature } from '../task/act/context.ts'
import type { Ledger } from './ledger.ts'
import type { FeatureRecord, OpensFeature } from './ports.ts'

// How long a feature may take before a change goes on, and in a round, in milliseconds.
const LONGEST = 120_000
const LONGEST_ROUND = 30_000

// How much it may say in a round, in characters.
const MOST_SAID = 64_000

/** Opens features for an execution, with the part of its record that is theirs. Whatever one does, it keeps the change from being pushed or from being good, by its name, and nothing else: what throws or does not answer before a push is refused, and a verdict that is none is an error. */
export function openedFeatures(
  opens: readonly OpensFeature[] = [],
  ledger: Pick<Ledger, 'append' | 'state'>,
): readonly OpenFeature[] {
  const record: FeatureRecord = { noted: () => ledger.state.noted, append: (event) => ledger.append(event) }
  return opens.map((one) => guarded(one, openedOrBroken(one, record)))
}

function openedOrBroken({ name, open }: OpensFeature, record: FeatureRecord): OpenFeature {
  try {
    const given: object | undefined = open(record)
    if (given instanceof Promise) given.catch(() => undefined)
    const { push, round, then }: Partial<Record<keyof OpenFeature | 'then', unknown>> = given ?? {}
    const isSound = [push, round].every((one) => one === undefined || typeof one === 'function')
    if (given !== undefined && then === undefined && isSound) return given as OpenFeature
    throw new EosflowError('bug', `the feature ${name} cannot be opened`)
  } catch (error) {
    const fail = async () => {
      throw error
    }
    return { push: fail, round: fail }
  }
}

function guarded({ name, clock }: OpensFeature, feature: OpenFeature): OpenFeature {
  const { push, round } = feature
  return {
    ...(push && {
      push: async (at) => {
        await answerOf(name, () => push.call(feature, at), { clock, signal: at.signal })
      },
    }),
    ...(round && {
      round: async (device, when, signal) => {
        const work = () => round.call(feature, device, when, signal)
        const given = await within(name, work, { milliseconds: LONGEST_ROUND, clock, signal })
        return given === LATE ? [failed(name, 'it does not answer')] : sound(name, given)
      },
    }),
  }
}

const LATE = Symbol('late')

interface Limit {
  readonly clock: Pick<Clock, 'sleep'>
  readonly signal: AbortSignal
  readonly milliseconds?: number
}

/** What a feature answers before a change goes on. Throws as it does, and `lost-answer` where it does not within two minutes. */
export async function answerOf<T>(name: string, work: () => Promise<T>, limit: Limit): Promise<T> {
  const answer = await within(name, work, limit)
  if (answer !== LATE) return answer
  throw new EosflowError('lost-answer', `the feature ${name} does not answer, and nothing was sent`)
}

async function within<T>(name: string, work: () => Promise<T>, { milliseconds = LONGEST, clock, signal }: Limit) {
  const over = new AbortController()
  const late = clock.sleep(milliseconds, AbortSignal.any([signal, over.signal])).then((): typeof LATE => LATE)
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    if (error instanceof EosflowError || signal.aborted) throw error
    throw new EosflowError('bug', `the feature ${name} failed: ${messageOf(error)}`, { cause: error })
  } finally {
    over.abort()
    late.catch(() => undefined)
  }
}

function sound(name: string, given: unknown): readonly JudgedCheck[] {
  if (!Array.isArray(given) || !given.every(isJudged)) return [failed(name, 'what it says is no verdict')]
  const { length } = JSON.stringify(given)
  return length > MOST_SAID ? [failed(name, `it says too much: ${length} characters`)] : given
}

function failed(check: string, reason: string): JudgedCheck {
  return { check, verdict: { status: 'error', reason } }
}

function isJudged(given: Partial<JudgedCheck> | null | undefined): given is JudgedCheck {
  const { check, verdict } = given ?? {}
  if (typeof check !== 'string') return false
  switch (verdict?.status) {
    case 'pass':
      return isTexts(verdict.facts)
    case 'fail':
      return isTexts(verdict.reasons) && verdict.reasons.length > 0
    case 'skip':
    case 'error':
      return typeof verdict.reason === 'string'
    default:
      return false
  }
}

function isTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((one) => typeof one === 'string')
}
