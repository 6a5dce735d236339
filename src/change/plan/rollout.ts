import { confirmSeconds, pushSeconds, slowestRoundTrip } from '../../model/commit-time.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers, gathered, unlessEmpty } from '../../model/json.ts'
import { formatDuration } from '../../text/source/duration.ts'
import { planWaves, type WaveMarks } from '../inventory/waves.ts'
import { DEFAULT_STABLE_FOR, DEFAULT_WITHIN, QUIET_STABLE_FOR } from '../workflow/safety/duration.ts'
import { timerFault, timerHint } from '../workflow/timers.ts'
import { isQuietChange } from './change-read.ts'
import type { PlanDefinition } from './definition.ts'
import { joinedEnds, requireTogether } from './joined-ends.ts'
import { decidePairs, sidesOfEach, togetherIn } from './pairs.ts'
import type { PlanContent, PlanEvidence, PlannedDevice, PlannedPair } from './plan.ts'
import { type RedundantPair, type RedundantSides, redundantPairs, redundantSides } from './redundancy.ts'
import type { ComparedEvidence } from './seal.ts'
import { verifyOf } from './settled.ts'
import { type Soak, slowestTimer, stableForOf } from './soak.ts'
import { fitsIn, groupsAmong, overfullGroup } from './under-change.ts'

export interface Rollout {
  readonly content: Pick<
    PlanContent,
    'waves' | 'redundant' | 'redundantSides' | 'underChange' | 'together' | 'pairs' | 'canary' | 'timers'
  >
  readonly evidence: Pick<PlanEvidence, 'soak' | 'expected'>
  readonly shared: readonly RedundantPair[]
  readonly sides: readonly RedundantSides[]
}

export type RolloutTerms = Pick<PlanDefinition, 'rollout' | 'timers' | 'terms' | 'budgets'> & {
  readonly selected: number
}

export interface KnownSwitches {
  readonly redundant: readonly (readonly [string, string])[]
  readonly sides?: PlanContent['redundantSides']
  /** The planned changes, which may decide how two of them are changed; absent before there are any. */
  readonly devices?: readonly Pick<PlannedDevice, 'name' | 'diff'>[]
  readonly slowest?: Soak | undefined
  readonly isQuiet?: boolean
  readonly roundTrip?: number
}

export interface Arrangement {
  readonly content: Pick<PlanContent, 'waves' | 'canary' | 'timers' | 'pairs'>
  readonly fault?: { readonly of: 'within' | 'confirmWithin'; readonly message: string; readonly hint: string }
}

/** Throws `guard` where they do not. */
export function planRollout(
  definition: PlanDefinition,
  evidence: readonly ComparedEvidence[],
  changed: readonly string[],
  devices: readonly PlannedDevice[],
): Rollout {
  const isChanged = new Set(changed)
  const changes = (device: string) => isChanged.has(device)
  const pairs = redundantPairs(evidence, definition.rollout.redundant, [], changes).filter(({ pair }) =>
    pair.every(changes),
  )
  const sides = redundantSides(evidence, changes)
  const namedSides = sides.map((one) => one.sides)
  const { derived } = definition.timers
  const isQuiet = derived.stableFor && isQuietChange(devices)
  const slowest =
    derived.stableFor && !isQuiet ? slowestTimer(evidence.filter(({ device }) => isChanged.has(device))) : undefined
  const roundTrip = roundTripOf(evidence, isChanged)
  const redundant = pairs.map(({ pair }) => pair)
  const { content, fault } = arrangedRollout({ ...definition, selected: definition.targets.length }, changed, {
    redundant,
    sides: namedSides,
    devices,
    slowest,
    isQuiet,
    roundTrip,
  })
  requireTogether(definition, joinedEnds(evidence, changed), content, redundant)
  const underChange = groupsAmong(definition.budgets ?? [], changed)
  const unmet = fault ?? overfullGroup(underChange, definition.rollout.atomic)
  if (unmet !== undefined) {
    const { message, hint } = unmet
    throw new EosflowError('guard', message, { hint: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.` })
  }
  const isShared = sharesWave(content.waves)
  const shared = pairs.filter(({ pair }) => isShared(pair))
  const together = [...shared.map(({ pair }) => pair), ...sidesShared(content.waves, namedSides)]
  // What the lines allow is no risk that an approver has to weigh.
  const risky = definition.rollout.pairs === 'auto' ? [] : shared
  const { waves, ...rest } = content
  return {
    content: {
      waves,
      ...definedMembers({
        redundant: unlessEmpty(redundant),
        redundantSides: unlessEmpty(namedSides),
        underChange: unlessEmpty(underChange),
        together: unlessEmpty(together),
      }),
      ...rest,
    },
    shared: risky,
    sides,
    evidence: {
      ...definedMembers({ soak: slowest }),
      ...expectedTime({ ...definition, content, roundTrip, isQuiet }),
    },
  }
}

export function arrangedRollout(
  { rollout, timers: given, terms, selected, budgets = [] }: RolloutTerms,
  changed: readonly string[],
  { redundant, sides, devices, slowest, isQuiet = false, roundTrip }: KnownSwitches,
): Arrangement {
  const timers = timersOf(given, isQuiet ? QUIET_STABLE_FOR : stableForOf(slowest, given.every), isQuiet)
  const canary = canaryOf(rollout.canary, changed, timers.stableFor)
  const pairs = decidePairs({ rollout, budgets }, { changed, canary, redundant, sides, devices })
  const waves = wavesOf({ rollout, selected, budgets }, { changed, canary, redundant, sides, pairs })
  const content = {
    waves,
    ...definedMembers({ pairs: unlessEmpty(pairs), canary }),
    timers,
  }
  const measured = { ...terms, ...definedMembers({ roundTrip }) }
  return { content, ...definedMembers({ fault: timesFault(measured, content, slowest) }) }
}

/**
 * The switches that change in their waves: canaries first, redundant ones apart unless the workflow says that they may share one, and where waves or switches
 * are confirmed by themselves no more of a budget in one wave than it allows.
 */
export function wavesOf(
  { rollout, selected, budgets = [] }: Pick<RolloutTerms, 'rollout' | 'selected' | 'budgets'>,
  {
    changed,
    canary,
    redundant,
    sides = [],
    pairs,
  }: {
    readonly changed: readonly string[]
    readonly canary: PlanContent['canary']
    readonly redundant: readonly (readonly [string, string])[]
    readonly sides?: PlanContent['redundantSides']
    readonly pairs: readonly PlannedPair[]
  },
): PlanContent['waves'] {
  const together = togetherIn(pairs)
  const apart = redundant.filter((pair) => !together.some((other) => other.every((one) => pair.includes(one))))
  const partners = new Map(together.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]))
  return planWaves(changed, {
    sizes: rollout.waves,
    of: selected,
    canaries: new Set(canary?.switches),
    ...(rollout.together ? {} : { apart: apartIn(apart, sides) }),
    partner: (name) => partners.get(name),
    ...(rollout.atomic === 'change' || budgets.length === 0 ? {} : { fits: fitsIn(budgets) }),
  })
}

export function sharesWave(waves: PlanContent['waves']): (pair: readonly [string, string]) => boolean {
  const wavesOfEach = gathered(waves.flatMap((wave, index) => wave.map((name) => [name, index] as const)))
  return ([a, b]) => wavesOfEach.get(a)?.some((wave) => wavesOfEach.get(b)?.includes(wave) === true) === true
}

export function sidesShared(
  waves: PlanContent['waves'],
  sides: NonNullable<PlanContent['redundantSides']>,
): readonly (readonly string[])[] {
  return sides.flatMap((both) => {
    const [own, others] = both.map((side) => new Set(side))
    return waves.flatMap((wave) => {
      const [mine, theirs] = [wave.filter((one) => own?.has(one)), wave.filter((one) => others?.has(one))]
      const isShared = mine.some((a) => theirs.some((b) => b !== a))
      return isShared ? [wave.filter((name) => own?.has(name) === true || others?.has(name) === true)] : []
    })
  })
}

function apartIn(
  pairs: readonly (readonly [string, string])[],
  sides: NonNullable<PlanContent['redundantSides']>,
): (name: string) => WaveMarks {
  const peers = gathered(pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]))
  const sidesOf = sidesOfEach(sides)
  return (name) => ({
    marks: [`switch ${name}`, ...sidesOf(name).map((side) => `side ${side}`)],
    shuns: [
      ...[...new Set(peers.get(name))].map((peer) => `switch ${peer}`),
      ...sidesOf(name).map((side) => `side ${side ^ 1}`),
    ],
  })
}

// The switches that go first, and how long they are watched, in seconds. Who is not named is counted in the order of the inventory.
export function canaryOf(
  canary: PlanDefinition['rollout']['canary'],
  changed: readonly string[],
  stableFor: number,
): PlanContent['canary'] {
  if (canary === undefined) return undefined
  const { switches, soak = 0 } = canary
  const first =
    typeof switches === 'number' ? changed.slice(0, switches) : changed.filter((one) => switches.includes(one))
  return first.length === 0 ? undefined : { switches: first, soak: Math.max(soak, stableFor) }
}

// A soak that the workflow leaves to the protocol timers of the switches is `soak` seconds and never shorter than the usual one, or the one of quiet lines if only those change; the network keeps as long to become good as it has with that.
export function timersOf(
  { derived, ...given }: PlanDefinition['timers'],
  soak: number,
  isQuiet: boolean,
): PlanContent['timers'] {
  if (!derived.stableFor) return given
  const stableFor = Math.max(isQuiet ? QUIET_STABLE_FOR : given.stableFor, soak)
  const within = derived.within ? DEFAULT_WITHIN - DEFAULT_STABLE_FOR + stableFor : given.verifyWithin
  return { ...given, verifyWithin: Math.max(given.verifyWithin, within), stableFor }
}

function roundTripOf(evidence: readonly ComparedEvidence[], isChanged: ReadonlySet<string>) {
  const measured = evidence.filter(({ device }) => isChanged.has(device))
  return slowestRoundTrip(measured.flatMap(({ roundTrip }) => roundTrip ?? []))
}

function timesFault(
  terms: PlanDefinition['terms'],
  content: Arrangement['content'],
  slowest: Soak | undefined,
): Arrangement['fault'] {
  const { verifyWithin, stableFor } = content.timers
  const why = slowest === undefined ? '' : `; ${soakWords(slowest, stableFor)}`
  if (content.waves.length === 0) return undefined
  if (stableFor > verifyWithin) {
    const message = `the checks could never be good for ${formatDuration(stableFor)} within ${formatDuration(verifyWithin)}${why}`
    return {
      of: 'within',
      message,
      hint: `set \`within\` of \`verify\` above ${formatDuration(stableFor)}, or give \`stableFor\``,
    }
  }
  const times = content.waves.map((wave) => ({
    switches: wave.length,
    within: Math.max(...wave.map((name) => verifyOf(content, name).within)),
  }))
  const fault = timerFault(terms, times)
  return fault && { of: 'confirmWithin', message: `${fault.message}${why}`, hint: timerHint(terms, times, fault) }
}

export function soakWords({ seconds, device, protocol }: NonNullable<PlanEvidence['soak']>, stableFor: number): string {
  const timer = `the ${protocol} of ${device} is ${formatDuration(seconds)}`
  return seconds < stableFor && stableFor === DEFAULT_STABLE_FOR
    ? `stable for the usual ${formatDuration(stableFor)}: ${timer}`
    : `stable for ${formatDuration(stableFor)}, since ${timer}`
}

type TimedPlan = Pick<PlanDefinition, 'terms'> & {
  readonly content: Pick<PlanContent, 'waves' | 'timers' | 'canary'>
  readonly roundTrip: number
  readonly isQuiet: boolean
}

// How long a change takes from its first push to its last confirm if everything is good at once, in whole seconds: pushes, verifications,
// waits and confirms.
function expectedTime({ terms, content, roundTrip, isQuiet }: TimedPlan): Pick<PlanEvidence, 'expected'> {
  const { atomic, concurrency, confirmConcurrency = concurrency, timers, form = 'steps' } = terms
  const { waves } = content
  if (form === 'states' || waves.length === 0) return {}
  const confirming = (switches: number) => confirmSeconds({ switches, concurrency: confirmConcurrency, roundTrip })
  const ofEach = waves.map((wave) => {
    const [switches, rounds] = [wave.length, Math.ceil(wave.length / concurrency)]
    const held = rounds * Math.max(...wave.map((name) => verifyOf(content, name).stableFor))
    const changed = pushSeconds({ switches, concurrency, roundTrip }) + held
    if (atomic === 'change') return { seconds: changed, waits: 0 }
    const waits = (atomic === 'device' ? rounds : 1) * timers.soak
    return { seconds: changed + waits + confirming(switches), waits }
  })
  const atTheEnd = atomic === 'change' ? { waits: timers.soak, confirming: confirming(waves.flat().length) } : undefined
  const waits = sum(ofEach.map((wave) => wave.waits)) + (atTheEnd?.waits ?? 0)
  const seconds = sum(ofEach.map((wave) => wave.seconds)) + (atTheEnd === undefined ? 0 : waits + atTheEnd.confirming)
  return {
    expected: {
      seconds: Math.ceil(seconds),
      waves: ofEach.map((wave) => Math.ceil(wave.seconds)),
      ...(waits === 0 ? {} : { waits }),
      ...(isQuiet ? { quiet: true } : {}),
    },
  }
}

function sum(all: readonly number[]) {
  return all.reduce((total, one) => total + one, 0)
}
