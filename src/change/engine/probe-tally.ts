import type { ProbeReading, ProbeSpec, ProbeStanding, TimeBounds } from '../../model/probe.ts'

/** Times are milliseconds of the clock that never jumps. */
export interface ProbeSample {
  readonly asked: number
  readonly heard: number
  readonly said: ProbeStanding
  readonly because?: string
}

export interface ProbeTally {
  /** What is over; `now` and what goes on are not in it. */
  readonly past: ProbeReading
  readonly open: OpenSpan
  readonly since: number
  readonly last?: Pick<ProbeSample, 'asked' | 'heard'>
}

type OpenSpan =
  | { readonly is: 'answers' }
  // `after`: when it answered last; `first`: when it was first known to be gone; `last`: when it was last asked in vain.
  | { readonly is: 'gone'; readonly after: number; readonly first: number; readonly last: number }
  | { readonly is: 'unknown'; readonly since: number; readonly because: string }

/** The moment of the other clock in words, ISO 8601 in UTC. */
export type InstantOf = (monotonic: number) => string

const MOST = 10
const NO_TIME: TimeBounds = { least: 0, most: 0 }

/** A pair from the first timed commit on; `latest` is what was heard before. */
export function armedTally(spec: ProbeSpec, at: number, latest: ProbeSample | undefined): ProbeTally {
  const before = latest?.said ?? 'unknown'
  const past: ProbeReading = {
    ...spec,
    before,
    now: before,
    sent: 0,
    lost: 0,
    apart: 0,
    gone: { times: 0, ...NO_TIME, longest: NO_TIME, spans: [] },
    unmeasured: { times: 0, milliseconds: 0, spans: [] },
  }
  if (latest === undefined || before === 'unknown') {
    const because = latest?.because ?? 'no answer had come before the first timed commit'
    return { past, since: at, open: { is: 'unknown', since: at, because } }
  }
  const last = { asked: Math.max(at, latest.asked), heard: at }
  const open: OpenSpan = before === 'gone' ? { is: 'gone', after: at, first: at, last: at } : { is: 'answers' }
  return { past, since: at, open, last }
}

/** A pair as a process left it that measured it before; nobody knows what has been since `left`, and why. */
export function resumedTally(reading: ProbeReading, left: number, because: string, instantOf: InstantOf): ProbeTally {
  const { gone, unmeasured } = reading
  const open = unmeasured.spans.find(({ to }) => to === undefined)
  const spans = gone.spans.map((span) => (span.to === undefined ? { ...span, to: instantOf(left) } : span))
  const past = { ...reading, gone: { ...gone, spans } }
  if (open === undefined) return { past, since: left, open: { is: 'unknown', since: left, because } }
  const { milliseconds, ...rest } = unmeasured
  const since = left - (Date.parse(instantOf(left)) - Date.parse(open.from))
  const before = {
    ...rest,
    times: rest.times - 1,
    milliseconds: Math.max(0, milliseconds - (left - since)),
    spans: rest.spans.filter((span) => span !== open),
  }
  return {
    past: { ...past, unmeasured: before },
    since,
    open: { is: 'unknown', since, because: `${open.because}; then ${because}` },
  }
}

/** A pair with one more question behind it. */
export function heardTally(tally: ProbeTally, sample: ProbeSample, instantOf: InstantOf): ProbeTally {
  const counted = withPast(tally, {
    sent: tally.past.sent + 1,
    lost: tally.past.lost + (sample.said === 'gone' ? 1 : 0),
  })
  if (sample.said === 'unknown') return unheard(counted, sample.because ?? 'no answer', instantOf)
  const { open, since, last } = counted
  const { heard } = sample
  // One that was under way when the commit came says nothing of the time before.
  const asked = Math.max(since, sample.asked)
  const last2 = { asked, heard }
  if (sample.said === 'gone' && open.is === 'gone') return { ...counted, open: { ...open, last: asked }, last: last2 }
  if (sample.said === 'gone') {
    const after = open.is === 'answers' ? Math.max(since, last?.asked ?? since) : asked
    const closed = closedAt(counted, asked, instantOf)
    return { ...closed, open: { is: 'gone', after, first: heard, last: asked }, last: last2 }
  }
  const isNext = open.is === 'answers' && last !== undefined
  const apart = isNext ? furthest(counted, heard - last.asked) : counted.past.apart
  const closed = closedAt(withPast(counted, { apart }), open.is === 'gone' ? heard : asked, instantOf)
  return { ...closed, open: { is: 'answers' }, last: last2 }
}

// How long a question may be open at the end before nobody knows what has been since the last answer.
const LATE = 2_000

/** A pair at the end: of one whose last answer is long ago nobody knows what has been since. */
export function endedTally(tally: ProbeTally, at: number, instantOf: InstantOf): ProbeTally {
  const { last, open, past } = tally
  if (open.is === 'unknown' || last === undefined) return tally
  if (at - last.heard > 2_000 * past.every + LATE)
    return unheard(tally, 'the last question was not answered', instantOf)
  return open.is === 'gone' ? tally : withPast(tally, { apart: furthest(tally, at - last.asked) })
}

export function readingOf({ past, open }: ProbeTally, at: number, instantOf: InstantOf): ProbeReading {
  const now = { ...past, now: open.is }
  switch (open.is) {
    case 'answers':
      return now
    case 'gone': {
      const span = { from: instantOf(open.after), ...boundsOf(open, at) }
      return { ...now, gone: withGone(past.gone, span) }
    }
    case 'unknown': {
      const span = { from: instantOf(open.since), because: open.because }
      return { ...now, unmeasured: withUnmeasured(past.unmeasured, span, at - open.since) }
    }
  }
}

function unheard(tally: ProbeTally, because: string, instantOf: InstantOf): ProbeTally {
  if (tally.open.is === 'unknown') return tally
  const since = tally.last?.heard ?? tally.since
  return { ...closedAt(tally, since, instantOf), open: { is: 'unknown', since, because } }
}

function closedAt(tally: ProbeTally, at: number, instantOf: InstantOf) {
  const { past, open } = tally
  const to = instantOf(at)
  if (open.is === 'gone') {
    const span = { from: instantOf(open.after), to, ...boundsOf(open, at) }
    return withPast(tally, { gone: withGone(past.gone, span) })
  }
  if (open.is === 'answers') return tally
  const span = { from: instantOf(open.since), to, because: open.because }
  return withPast(tally, { unmeasured: withUnmeasured(past.unmeasured, span, at - open.since) })
}

function boundsOf({ after, first, last }: Extract<OpenSpan, { is: 'gone' }>, at: number): TimeBounds {
  return { least: whole(last - first), most: whole(at - after) }
}

function furthest({ past }: ProbeTally, milliseconds: number) {
  return Math.max(past.apart, Math.ceil(milliseconds))
}

const whole = (milliseconds: number) => Math.max(0, Math.round(milliseconds))

function withGone(before: ProbeReading['gone'], span: ProbeReading['gone']['spans'][number]): ProbeReading['gone'] {
  const { least, most } = span
  return {
    times: before.times + 1,
    least: before.least + least,
    most: before.most + most,
    longest: most >= before.longest.most ? { least, most } : before.longest,
    spans: [...before.spans, span].slice(0, MOST),
  }
}

function withUnmeasured(
  before: ProbeReading['unmeasured'],
  span: ProbeReading['unmeasured']['spans'][number],
  milliseconds: number,
) {
  return {
    times: before.times + 1,
    milliseconds: before.milliseconds + whole(milliseconds),
    spans: [...before.spans, span].slice(0, MOST),
  }
}

function withPast(tally: ProbeTally, more: Partial<ProbeReading>): ProbeTally {
  return { ...tally, past: { ...tally.past, ...more } }
}
