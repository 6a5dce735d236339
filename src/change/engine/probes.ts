import { probeName } from '../../model/probe.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { Effect } from './effect.ts'
import type { ExecutionState, KeptReading, ProbesState } from './state.ts'

/** What is left to do of probing before an execution ends: to put on record what was measured. */
export function probeEffects({ probes }: Pick<ExecutionState, 'probes'>): readonly Effect[] {
  return probes?.isMeasuring === true ? [{ effect: 'probes', key: 'probes' }] : []
}

export function foldProbes(
  before: ProbesState | undefined,
  { phase, probes, seen, at: written }: Extract<JournalEvent, { type: 'ProbesMeasured' }>,
): ProbesState {
  const at = Date.parse(written)
  const fresh = new Map(probes.map((reading) => [probeName(reading), { reading, at, hasRested: phase === 'paused' }]))
  const old = (before?.readings ?? []).filter(({ reading }) => !fresh.has(probeName(reading)))
  // What the end leaves out could not be put on record: nobody knows what has been since.
  const kept = phase === 'ended' ? old.map((one) => lostSince(one, at)) : old
  const order = new Map((before?.readings ?? []).map(({ reading }, index) => [probeName(reading), index]))
  const placeOf = ({ reading }: ProbesState['readings'][number]) => order.get(probeName(reading)) ?? order.size
  return {
    isMeasuring: phase !== 'ended',
    since: before?.since ?? at,
    ...(phase === 'ended' ? { until: at } : {}),
    ...seenSoFar(before?.seen, seen),
    readings: [...kept, ...fresh.values()].toSorted((a, b) => placeOf(a) - placeOf(b)),
  }
}

function seenSoFar(before: ProbesState['seen'], now: ProbesState['seen']): Partial<Pick<ProbesState, 'seen'>> {
  if (now === undefined) return before === undefined ? {} : { seen: before }
  if (before === undefined) return { seen: now }
  const known = new Set(now.down.map(({ device, thing }) => `${device} ${thing}`))
  // What is told again is the same with its end.
  const older = before.down.filter(({ device, thing, to }) => to !== undefined || !known.has(`${device} ${thing}`))
  return { seen: { looked: Math.max(before.looked, now.looked), down: [...older, ...now.down] } }
}

function lostSince(kept: KeptReading, at: number): KeptReading {
  const { unmeasured } = kept.reading
  const because = 'what was heard could not be put on record'
  const span = { from: new Date(kept.at).toISOString(), because }
  const milliseconds = unmeasured.milliseconds + Math.max(0, at - kept.at)
  const spans = [...unmeasured.spans, span].slice(-MOST)
  return {
    ...kept,
    reading: { ...kept.reading, now: 'unknown', unmeasured: { times: unmeasured.times + 1, milliseconds, spans } },
  }
}

const MOST = 10
