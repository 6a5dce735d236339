import type { FeatureRecord } from '../../change/engine/ports.ts'
import type { JudgedCheck, OpenFeature, TextStore } from '../../change/task/act/context.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError, type Verdict } from '../../model/error.ts'
import { type JudgeSpec, judgeName } from '../../model/judge.ts'
import {
  beforeOf,
  type JudgeAnswer,
  type JudgeBefore,
  type JudgeReading,
  judgeVerdict,
  staleBefore,
  straysIn,
} from './reading.ts'

export interface AskedJudges {
  readonly specs: readonly JudgeSpec[]
  readonly unasked?: string
  /** Asks one, once, whatever becomes of who wants to know; it takes ten seconds at most. Throws EosflowError where nothing was heard. */
  ask(judge: JudgeSpec): Promise<JudgeAnswer>
}

// What a judge has said, and when it was asked on the clock that never jumps; or why nothing came of it.
interface Heard {
  readonly at: number
  readonly said: JudgeReading | string
}

/** Opens the judges of an execution, which are asked once for everybody who wants to know at about the same time. */
export function openJudges(
  judges: AskedJudges,
  { clock, texts }: { readonly clock: Pick<Clock, 'monotonic'>; readonly texts: TextStore },
  record: FeatureRecord,
): Required<OpenFeature> {
  const heard = judges.specs.map(() => undefined as { at: number; answer: Promise<Heard> } | undefined)
  let measuring: Promise<void> | undefined
  let known: Promise<readonly (JudgeBefore | null)[]> | undefined
  const ask = (place: number, since: number) => {
    const last = heard[place]
    if (last !== undefined && last.at >= since) return last.answer
    const at = clock.monotonic()
    const answer = answerOf(judges, place).then((said) => ({ at, said }))
    heard[place] = { at, answer }
    return answer
  }
  const before = () => {
    const judged = record.noted().JudgesMeasured?.before
    if (judged === undefined) return Promise.resolve([])
    known ??= texts.get(judged).then((text) => JSON.parse(text) as (JudgeBefore | null)[])
    return known
  }
  return {
    push: async ({ signal }) => {
      if (judges.unasked !== undefined || record.noted().JudgesMeasured !== undefined) return
      measuring ??= measured(texts, judges, record).finally(() => {
        measuring = undefined
      })
      await orAborted(measuring, signal)
    },
    round: async (device, { begun, since }, signal) => {
      const { unasked } = judges
      if (unasked !== undefined)
        return judges.specs.map((spec) => ({ check: judgeName(spec), verdict: { status: 'skip', reason: unasked } }))
      const earlier = await before()
      const work = judges.specs.map(async (spec, place): Promise<JudgedCheck> => {
        const { at, said } = await ask(place, since)
        const verdict: Verdict =
          typeof said === 'string'
            ? { status: 'error', reason: said }
            : await judgeVerdict(spec, said, {
                device,
                since: (at - begun) / 1000,
                before: earlier[place] ?? undefined,
              })
        return { check: judgeName(spec), verdict: spec.mode === 'observe' ? observed(verdict) : verdict }
      })
      return orAborted(Promise.all(work), signal)
    },
  }
}

function observed(verdict: Verdict): Verdict {
  switch (verdict.status) {
    case 'pass':
      return { status: 'skip', reason: ['only observed, it would pass', ...verdict.facts].join(': ') }
    case 'fail':
      return { status: 'skip', reason: `only observed, it would fail: ${verdict.reasons.join('; ')}` }
    case 'error':
      return { status: 'skip', reason: `only observed, it cannot be judged: ${verdict.reason}` }
    case 'skip':
      return verdict
  }
}

async function answerOf(judges: AskedJudges, place: number) {
  const spec = judges.specs[place]
  if (spec === undefined) throw new EosflowError('bug', `there is no judge ${place}`)
  try {
    const answer = await judges.ask(spec)
    return answer.ok ? answer.reading : answer.reason
  } catch (error) {
    if (error instanceof EosflowError && error.kind !== 'bug') return error.message
    throw error
  }
}

async function measured(texts: TextStore, judges: AskedJudges, record: FeatureRecord) {
  const found = await Promise.all(judges.specs.map((spec) => beforeTheChange(judges, spec)))
  const series = found.reduce((sum, one) => sum + Object.keys(one ?? {}).length, 0)
  const before = await texts.put(JSON.stringify(found))
  await record.append({ type: 'JudgesMeasured', judges: judges.specs.map(judgeName), before, series })
}

async function beforeTheChange(judges: AskedJudges, spec: JudgeSpec) {
  try {
    return beforeOf(await requireJudge(judges, spec))
  } catch (error) {
    if (spec.mode !== 'observe' || !(error instanceof EosflowError) || error.kind === 'bug') throw error
    return null
  }
}

/** What a judge says before anything is changed. Throws what keeps it from being asked, or `protocol` where what it says cannot be relied on. */
export async function requireJudge(judges: Pick<AskedJudges, 'ask'>, spec: JudgeSpec): Promise<JudgeReading> {
  const answer = await judges.ask(spec)
  if (!answer.ok) throw notJudged(spec, answer.reason)
  const strays = straysIn(spec, answer.reading)
  if (strays.length > 0) {
    const some = strays.slice(0, 5).join(', ')
    throw notJudged(spec, `series belong to no switch of this change: ${some}`, STRAYS_HINT)
  }
  const stale = staleBefore(spec, answer.reading)
  if (stale !== undefined) throw notJudged(spec, stale)
  return answer.reading
}

const STRAYS_HINT =
  'Narrow the query with {{ device.name }}, or say with `is:` what the label holds of each switch (docs/judges.md).'

function notJudged(
  spec: JudgeSpec,
  reason: string,
  hint = 'Nothing was changed. Mend it there, or take the judge out of the workflow.',
) {
  return new EosflowError('protocol', `${judgeName(spec)} cannot be relied on: ${reason}`, { hint, retryable: true })
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal) {
  if (signal.aborted) throw signal.reason
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop)
    work.catch(() => undefined)
  }
}
