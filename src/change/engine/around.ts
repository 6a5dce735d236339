import { wasCommitted } from '../../eos/device/history.ts'
import { isSilence, secretCalled } from '../../model/around.ts'
import { definedMembers } from '../../model/json.ts'
import { probeName } from '../../model/probe.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { Outcome } from '../record/event/record-schema.ts'
import type {
  AroundEntry,
  AroundRecord,
  AroundState,
  Effect,
  ExecutionState,
  KeptReading,
  LeftAround,
  ProbesState,
} from './state.ts'

/** Empty where nothing is to be read: no change was live, no state area was read before it, or all is on record. */
export function networkEffects(execution: ExecutionState): readonly Effect[] {
  const { networks, ends } = execution
  const terms = execution.machine.putBack
  if (terms === undefined) return []
  const due = [...ends.keys()].filter((device) => isLookedAt(execution, device))
  const fresh = due.filter((device) => !networks.has(device)).sort()
  if (fresh.length > 0) {
    return [{ effect: 'record', event: { type: 'NetworkAwaited', devices: fresh, within: terms.withinSeconds } }]
  }
  return due
    .filter((device) => networks.get(device) === 'awaited')
    .map((device): Effect => ({ effect: 'network', key: networkKey(device), device }))
}

export function isLookedAt({ ends, devices }: Pick<ExecutionState, 'ends' | 'devices'>, device: string): boolean {
  return ends.get(device)?.end === 'reverted' && wasCommitted(devices.get(device))
}

export function isOnlyReading({ networks, scopes, around }: ExecutionState): boolean {
  return scopes.get('')?.result === 'done' && (!networks.isEmpty() || around?.phase === 'ends')
}

/** The key of the work that reads the network of a switch. */
export function networkKey(device: string): string {
  return `network/${device}`
}

export function foldNetworks(
  before: ExecutionState['networks'],
  event: Extract<JournalEvent, { type: 'NetworkAwaited' | 'NetworkRead' }>,
): ExecutionState['networks'] {
  if (event.type === 'NetworkAwaited')
    return event.devices.reduce((all, device) => all.set(device, 'awaited' as const), before)
  return before.set(event.device, event)
}

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

/** What is left to do around a change whose outcome is settled: that is put on record first, so that nothing takes the change back any more, then other services hear of it. */
export function aroundEffects({ around }: Pick<ExecutionState, 'around'>, outcome: Outcome): readonly Effect[] {
  if (around === undefined) return []
  const { phase, names } = around
  if (phase === 'begins') return [{ effect: 'record', event: { type: 'AroundTurned', phase: 'ends', names, outcome } }]
  return names.every((_, entry) => isOver(around, entry)) ? [] : [{ effect: 'around', key: AROUND_KEY }]
}

/** The key of the work that ends what was begun around a change. */
export const AROUND_KEY = 'around'

export function isOver({ entries }: AroundState, entry: number): boolean {
  const end = entries[entry]?.end
  return end !== undefined && end !== 'intended'
}

export function leftAround(record: AroundRecord): readonly LeftAround[] {
  const { names = [], entries = {} } = record.around ?? {}
  const left = names.flatMap((name, entry): readonly LeftAround[] => {
    const { begin, end, id, said } = entries[entry] ?? {}
    // Of what begins an annotation keeps nobody from being woken, and nobody out.
    if (begin === undefined || end === 'done' || !(isSilence(name) || secretCalled(name) !== undefined)) return []
    return [{ name, ...definedMembers({ id }), reason: said ?? 'nobody has done it' }]
  })
  return [...leftBefore(record), ...left]
}

/**
 * The secrets of which Vault and the switches may differ behind an execution that has ended, by their names on record. One that was left over before a redrive
 * and is settled since is none.
 */
export function secretsLeft(record: AroundRecord): readonly string[] {
  return leftAround(record).flatMap(({ name }) => (secretCalled(name) === undefined ? [] : [name]))
}

/** What was left over before a redrive and still is: a secret that this one has settled is not. */
export function leftBefore({ around, leftAround: before = [] }: AroundRecord): readonly LeftAround[] {
  const { names = [], entries = {} } = around ?? {}
  const isSettled = ({ name }: LeftAround) =>
    secretCalled(name) !== undefined && names.some((one, entry) => one === name && entries[entry]?.end === 'done')
  return before.filter((one) => !isSettled(one))
}

export function foldAround(
  before: AroundState | undefined,
  event: Extract<JournalEvent, { type: 'AroundTurned' | 'AroundActed' }>,
): AroundState | undefined {
  if (event.type === 'AroundTurned') {
    const { phase, names, outcome } = event
    return { phase, names, entries: before?.entries ?? {}, ...definedMembers({ outcome }) }
  }
  const { entry, act, result, id, said } = event
  if (before === undefined || act === 'ask') return before
  const known = before.entries[entry] ?? {}
  const now: AroundEntry = {
    ...known,
    [act]: result,
    ...definedMembers({ id }),
    ...(said === undefined ? {} : { [act === 'begin' ? 'beginSaid' : 'said']: said }),
  }
  return { ...before, entries: { ...before.entries, [entry]: now } }
}
