import type { Clock } from '../../model/clock.ts'
import { EosflowError, messageOf, type Verdict } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { JudgedCheck, OpenFeature } from '../task/act/context.ts'
import type { Ledger } from './ledger.ts'
import type { FeatureRecord, OpensFeature } from './ports.ts'

// How long a feature may take before a change goes on, and in a round, in milliseconds.
const LONGEST = 120_000
const LONGEST_ROUND = 30_000

// How many verdicts it may give in a round, and how long their texts may be in characters.
const MOST_VERDICTS = 100
const LONGEST_TEXT = 2_000

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
  if (!Array.isArray(given)) return [failed(name, 'what it says is no verdict')]
  const more = given.length - MOST_VERDICTS
  const verdicts = (given as readonly unknown[])
    .slice(0, MOST_VERDICTS)
    .map((one) => (isJudged(one) ? shortened(one) : failed(name, 'what it says is no verdict')))
  return more > 0 ? [...verdicts, failed(name, `it gives ${more} verdicts more`)] : verdicts
}

function failed(check: string, reason: string): JudgedCheck {
  return { check, verdict: { status: 'error', reason } }
}

function isJudged(given: unknown): given is JudgedCheck {
  if (typeof given !== 'object' || given === null) return false
  const { check, verdict } = given as Partial<JudgedCheck>
  if (typeof check !== 'string' || typeof verdict !== 'object' || verdict === null) return false
  const { status } = verdict
  if (status === 'skip' || status === 'error') return typeof verdict.reason === 'string'
  return status === 'pass'
    ? isTexts(verdict.facts)
    : status === 'fail' && isTexts(verdict.reasons) && verdict.reasons.length > 0
}

function isTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((one) => typeof one === 'string')
}

function shortened({ check, of, nth, verdict }: JudgedCheck): JudgedCheck {
  return { check: cut(check), ...definedMembers({ of, nth }), verdict: cutVerdict(verdict) }
}

function cutVerdict(verdict: Verdict): Verdict {
  if (verdict.status === 'pass') return { status: 'pass', facts: verdict.facts.slice(0, MOST_VERDICTS).map(cut) }
  if (verdict.status !== 'fail') return { ...verdict, reason: cut(verdict.reason) }
  const [first, ...rest] = verdict.reasons
  return { status: 'fail', reasons: [cut(first), ...rest.slice(0, MOST_VERDICTS).map(cut)] }
}

function cut(text: string) {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
}
