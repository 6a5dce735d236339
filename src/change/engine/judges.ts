import type { JudgeReading } from '../../eos/check/judge/judge-reading.ts'
import { beforeOf, type JudgeBefore, judgeVerdict, staleBefore, straysIn } from '../../eos/check/judge/judge-verdict.ts'
import { EosflowError } from '../../model/error.ts'
import { type JudgeSpec, judgeName } from '../../model/judge.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { JudgedCheck, JudgePort } from '../task/act/context.ts'
import type { Ledger } from './ledger.ts'
import type { AskedJudges, ChangePorts } from './ports.ts'

// What a judge has said, and when it was asked on the clock that never jumps; or why nothing came of it.
interface Heard {
  readonly at: number
  readonly said: JudgeReading | string
}

export interface JudgesLedger extends Pick<Ledger, 'append'> {
  readonly state: Pick<Ledger['state'], 'judged'>
}

/** The outside judges of an execution, as its tasks see them: asked once for everybody who wants to know at about the same time. */
export function judgePort(ports: Pick<ChangePorts, 'judges' | 'clock' | 'texts'>, ledger: JudgesLedger): JudgePort {
  const { judges, clock } = ports
  if (judges === undefined) return NO_JUDGES
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
    const { judged } = ledger.state
    if (judged === undefined) return Promise.resolve([])
    known ??= ports.texts.get(judged).then((text) => JSON.parse(text) as (JudgeBefore | null)[])
    return known
  }
  return {
    isAsked: true,
    before: async (signal) => {
      if (judges.unasked !== undefined || ledger.state.judged !== undefined) return
      measuring ??= measured(ports, judges, ledger).finally(() => {
        measuring = undefined
      })
      await orAborted(measuring, signal)
    },
    judge: async (device, { begun, since }, signal) => {
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

const NO_JUDGES: JudgePort = { isAsked: false, before: async () => undefined, judge: async () => [] }

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

async function measured({ texts }: Pick<ChangePorts, 'texts'>, judges: AskedJudges, ledger: JudgesLedger) {
  const found = await Promise.all(judges.specs.map((spec) => beforeTheChange(judges, spec)))
  const series = found.reduce((sum, one) => sum + Object.keys(one ?? {}).length, 0)
  const before = await texts.put(JSON.stringify(found))
  await ledger.append({ type: 'JudgesMeasured', judges: judges.specs.map(judgeName), before, series })
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
