import type { Fleet, Look } from '../../../eos/device/device.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError, messageOf, passUnless } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import { isRefusedLogin, isTransient, patiently, read } from './act.ts'
import { foundBesideTarget } from './beside-target.ts'
import { foreignLines, sameBehindCommit } from './config-changes.ts'
import type { JudgedCheck, LookContext, NeighborPort, RoundTime, WatchedNeighbor } from './context.ts'
import { requireIdentity } from './observe-switch.ts'
import { neighborSnapshots, unknownAreas } from './snapshot-of.ts'
import { isSameSwitch } from './switch-identity.ts'

export interface Watch {
  readonly baseline: Readonly<Record<string, Json>>
  readonly neighbors: readonly WatchedNeighbor[]
  /** How many milliseconds the way to the switch took before the change, and may take longer now. */
  readonly latency: { readonly before: number; readonly allowed: number } | undefined
}

export interface Round {
  /** When the first of its questions was asked, on the clock that never jumps: what it says is as old. */
  readonly at: number
  /** When the last of them was: what is good has not been seen so before. */
  readonly until: number
  readonly good: boolean
  readonly isNewLogin: boolean
  readonly isRefused: boolean
  readonly verdicts: readonly JudgedCheck[]
  /** Those on what the switch was not asked before the change: whether it knows the question shows only now. */
  readonly firstAsked: readonly JudgedCheck[]
  readonly look: Look | undefined
  readonly since: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export function isGood({ verdict }: JudgedCheck): boolean {
  return verdict.status === 'pass' || verdict.status === 'skip'
}

/** Asks a switch and its neighbours once, side by side, and judges what they say. Looks at neighbours that others asked for at `neighborsSince` or later are shared. */
export async function judgeRound(
  context: LookContext,
  name: string,
  watch: Watch,
  {
    before,
    neighborsSince,
    isNewLogin,
    featuresSince,
  }: {
    readonly before: Round | undefined
    readonly neighborsSince: number
    readonly isNewLogin: boolean
    readonly featuresSince: RoundTime
  },
): Promise<Round> {
  // Before the switch is looked at: what it says of its timer must not be older than what is concluded from it.
  const rounds = context.features.flatMap((one) => one.round?.(name, featuresSince, context.signal) ?? [])
  const judged = rounds.length === 0 ? [] : (await Promise.all(rounds)).flat()
  const [own, ...others] = await Promise.all([
    ownPart(context, name, watch, isNewLogin),
    ...watch.neighbors.map((neighbor) =>
      neighborPart(context, neighbor, () => context.neighbors.look(neighbor.device, neighborsSince)),
    ),
  ])
  const parts = [own, ...others]
  const since = Object.fromEntries(parts.map(({ device, up }) => [device, up]))
  const flaps = parts.flatMap(({ device, up }) =>
    context.checks
      .flapped(before?.since[device] ?? {}, up)
      .map((line) => (device === name ? line : `${device}: ${line}`)),
  )
  const said = [
    ...parts.flatMap(({ verdicts }) => verdicts),
    ...judged,
    ...(flaps.length === 0 ? [] : [{ check: STEADY, verdict: passUnless(flaps) }]),
  ]
  const verdicts = [...said, ...overcome(before?.verdicts ?? [], said)]
  return {
    at: Math.min(...parts.map(({ at }) => at)),
    until: Math.max(...parts.map(({ at }) => at)),
    good: verdicts.every(isGood),
    isNewLogin,
    isRefused: own.isRefused === true,
    verdicts,
    firstAsked: own.firstAsked ?? [],
    look: own.look,
    since,
  }
}

const STEADY = 'steady'
export const REACHABLE = 'reachable'

function overcome(before: readonly JudgedCheck[], said: readonly JudgedCheck[]): readonly JudgedCheck[] {
  return before
    .filter((one) => !isGood(one) && (one.check === STEADY || one.check.split(' ', 1)[0] === REACHABLE))
    .filter(({ check }) => !said.some((one) => one.check === check))
    .map((one) => ({ ...one, verdict: passUnless([]) }))
}

/** What the checks say of neighbours, from looks that began at `since` or later; one that does not answer is asked again. */
export async function judgeNeighbors(
  context: LookContext,
  neighbors: readonly WatchedNeighbor[],
  since: number,
): Promise<readonly JudgedCheck[]> {
  const parts = await Promise.all(
    neighbors.map((neighbor) =>
      neighborPart(context, neighbor, () => patiently(context, () => context.neighbors.look(neighbor.device, since))),
    ),
  )
  return parts.flatMap(({ verdicts }) => verdicts)
}

interface Part {
  readonly device: string
  readonly at: number
  readonly verdicts: readonly JudgedCheck[]
  readonly firstAsked?: readonly JudgedCheck[]
  readonly up: Readonly<Record<string, number>>
  readonly look?: Look
  readonly isRefused?: true
}

async function ownPart(context: LookContext, name: string, watch: Watch, isNewLogin: boolean): Promise<Part> {
  const { clock, checks } = context
  const at = clock.monotonic()
  let isRefused = false
  const heard = await unlessSilent(
    () => (isNewLogin ? lookAnew(context, name, checks.commands, 'proof') : lookOn(context, name)),
    isNewLogin ? { is: isRefusedLogin, words: 'no answer to a new login' } : undefined,
    (error) => {
      isRefused = error instanceof EosflowError && error.kind === 'unauthenticated'
    },
  )
  if (typeof heard === 'string')
    return { ...silent(name, at, { check: REACHABLE }, heard), ...(isRefused ? { isRefused } : {}) }
  const { look: looked, took } = heard
  const { replies } = looked
  context.saw?.({ device: name, at, look: looked, commands: checks.commands, baseline: watch.baseline })
  const given = { device: name, baseline: watch.baseline, now: clock.now() / 1000 }
  const judged = await checks.judge(replies, given)
  const verdicts = [...judged, ...latencyVerdict(watch, took)]
  const firstAsked = judged.filter((_, place) => checks.compared?.places.includes(place) !== true)
  return { device: name, at, verdicts, firstAsked, up: checks.upSince(replies), look: looked }
}

async function lookOn(context: LookContext, name: string) {
  const { checks, clock, fleet } = context
  const asked = clock.monotonic()
  const look = await (await fleet.device(name)).look(checks.commands)
  const took = clock.monotonic() - asked
  await requireIdentity(context, name, look.identity)
  return { look, took }
}

async function neighborPart(
  { checks, clock, saw }: LookContext,
  { device, identity, baseline, good }: WatchedNeighbor,
  ask: () => ReturnType<NeighborPort['look']>,
): Promise<Part> {
  const looked = await unlessSilent(ask)
  const reachable = `${REACHABLE} on ${device}`
  if (typeof looked === 'string') return silent(device, clock.monotonic(), { check: reachable, of: device }, looked)
  const { at, answer: look } = looked
  if (!isSameSwitch(look.identity, identity))
    return silent(device, at, { check: reachable, of: device }, 'another switch answers')
  saw?.({ device, at, look, commands: checks.commands, baseline })
  const judged = await checks.judgeBeside(look.replies, { device, baseline, now: clock.now() / 1000 })
  const verdicts = good.flatMap((place) => {
    const one = judged[place]
    return one === undefined ? [] : [{ check: `${one.check} on ${device}`, of: device, verdict: one.verdict }]
  })
  return { device, at, verdicts, up: checks.upSince(look.replies) }
}

async function unlessSilent<T>(
  ask: () => Promise<T>,
  silence: { is(error: unknown): boolean; readonly words: string } = { is: isTransient, words: 'no answer' },
  heard: (error: unknown) => void = () => undefined,
) {
  try {
    return await ask()
  } catch (error) {
    if (!silence.is(error)) throw error
    heard(error)
    return `${silence.words}: ${messageOf(error)}`
  }
}

function silent(device: string, at: number, judged: Omit<JudgedCheck, 'verdict'>, why: string): Part {
  return { device, at, verdicts: [{ ...judged, verdict: passUnless([why]) }], up: {} }
}

function latencyVerdict({ latency }: Watch, took: number): readonly JudgedCheck[] {
  if (latency === undefined) return []
  const { before, allowed } = latency
  const words = `${Math.round(took)} ms, before the change ${before} ms`
  const late =
    took > before + allowed
      ? [`the way to the switch - expected: at most ${before + allowed} ms, actual: ${words}`]
      : []
  return [{ check: 'latency', verdict: passUnless(late, [words]) }]
}

/**
 * What a switch is held against: its state before the change, and its neighbours. Throws `verification` where something is
 * compared that nobody knows, and `not-authorised` where a neighbour may no longer be read.
 */
export async function watchOf(
  context: Pick<LookContext, 'change' | 'checks' | 'neighbors'>,
  name: string,
  allowed?: number,
): Promise<Watch> {
  const { change, checks, neighbors: port } = context
  const baseline = await change.baseline(name)
  const unknown = unknownAreas(checks.compared?.areas ?? [], baseline)
  if (unknown.length > 0) {
    const message = `${name}: ${unknown.join('; ')}: it cannot be found unchanged`
    throw new EosflowError('verification', message, { device: name })
  }
  const neighbors = await change.watched(name)
  const [refused] = (await port.denied(neighbors.map(({ device }) => device))).values()
  if (refused !== undefined) throw refused
  const before = allowed === undefined ? undefined : await change.roundTrip(name)
  if (allowed !== undefined && before === undefined) {
    const message = `${name}: how long the way to the switch took before the change is not known`
    throw new EosflowError('verification', message, { device: name })
  }
  return {
    baseline,
    neighbors,
    latency: allowed === undefined || before === undefined ? undefined : { before, allowed },
  }
}

// How many rounds in a row must say the same before it is believed to be for good.
const ROUNDS = 3

// How EOS says that it does not know a command (docs/eos.md 1.4): no waiting teaches it.
const UNKNOWN_COMMAND = /was refused: .*(?:Invalid input|Incomplete command|Ambiguous command)/

const REMEMBERED = 3

/** Moments are milliseconds on the clock that never jumps. */
export interface Course {
  readonly begun: number
  readonly rounds: readonly Round[]
  readonly bad: number
  readonly goodSince: number | undefined
  readonly timerEnds: number
}

/** A verification before its first round. */
export function courseFrom(begun: number): Course {
  return { begun, rounds: [], bad: 0, goodSince: undefined, timerEnds: Number.POSITIVE_INFINITY }
}

/** `timerEnds` is absent where the switch did not answer: its timer runs on. */
export function withRound(course: Course, round: Round, timerEnds: number = course.timerEnds): Course {
  return {
    ...course,
    begun: course.rounds.length === 0 ? round.until : course.begun,
    rounds: [...course.rounds, round].slice(-REMEMBERED),
    bad: round.good ? 0 : course.bad + 1,
    goodSince: round.good ? (course.goodSince ?? round.until) : undefined,
    timerEnds,
  }
}

export function lastOf({ rounds }: Course): Round | undefined {
  return rounds.at(-1)
}

/** Whether it has been good for so many seconds without a break. */
export function isStable(course: Course, stableFor: number): boolean {
  const { goodSince } = course
  return goodSince !== undefined && (lastOf(course)?.at ?? 0) - goodSince >= stableFor * 1000
}

/** Whether a round that begins now may be the last: it logs in anew, since a switch that takes no new login is not good. */
export function mayDecide({ goodSince }: Course, { stableFor }: { readonly stableFor: number }, now: number): boolean {
  return goodSince !== undefined && now >= goodSince + stableFor * 1000
}

export type CertainFailure =
  | { readonly because: 'late' | 'timer'; readonly lines: readonly string[] }
  | { readonly because: 'certain'; readonly lines: readonly string[] }

export function hopelessness(
  course: Course,
  { within, stableFor }: { readonly within: number; readonly stableFor: number },
  now: number,
): CertainFailure | undefined {
  const certain = certainFailures(course.rounds.map(({ firstAsked }) => firstAsked))
  if (certain.length > 0) return { because: 'certain', lines: linesOf(certain) }
  const stable = Math.max(now, (course.goodSince ?? now) + stableFor * 1000)
  const over = course.begun + within * 1000
  if (stable <= Math.min(over, course.timerEnds)) return undefined
  const lines = linesOf(lastOf(course)?.verdicts.filter((one) => !isGood(one)) ?? [])
  return { because: stable > over ? 'late' : 'timer', lines }
}

export function linesOf(judged: Round['verdicts']): readonly string[] {
  return judged.flatMap(({ check, verdict }) => {
    if (verdict.status === 'fail') return verdict.reasons.map((reason) => `${check}: ${reason}`)
    return verdict.status === 'error' ? [`${check} could not be judged: ${verdict.reason}`] : []
  })
}

export function decidedAt(
  course: Course,
  { within, stableFor }: { readonly within: number; readonly stableFor: number },
): number {
  const over = Math.min(course.begun + within * 1000, course.timerEnds)
  if (course.goodSince === undefined) return over - stableFor * 1000
  return isStable(course, stableFor) ? over : course.goodSince + stableFor * 1000
}

/**
 * How old a look at a neighbour may be that others asked for, so that one that several switches have is asked once for all that
 * look at it at about the same time: half a pause, newer than the round before, and for the round that decides not at all.
 */
export function oldestLook(
  course: Course,
  terms: { readonly within: number; readonly stableFor: number },
  { now, every }: { readonly now: number; readonly every: number },
): number {
  const last = lastOf(course)
  if (last === undefined) return course.begun
  return now >= decidedAt(course, terms) ? now : Math.max(last.at + 1, now - every * 500)
}

// How old an answer of an outside judge may be at most that is shared, in milliseconds.
const OLDEST_ANSWER = 30_000

/**
 * How old an answer of an outside judge may be that others asked for: a pause, and newer than the round before. It says itself how old what
 * it knows is, so the round that decides may share one as well: all switches together ask once in a round.
 */
export function oldestAnswer(course: Course, { now, every }: { readonly now: number; readonly every: number }): number {
  return Math.max((lastOf(course)?.at ?? Number.NEGATIVE_INFINITY) + 1, now - Math.min(every * 1000, OLDEST_ANSWER))
}

/** The verdicts that cannot become good any more, given those on what was first asked after the change in the last rounds, the newest last: checks that ask for what the switch does not know, refused in several rounds in a row. */
export function certainFailures(rounds: readonly (readonly JudgedCheck[])[]): readonly JudgedCheck[] {
  const last = rounds.slice(-ROUNDS)
  const newest = last.at(-1) ?? []
  if (last.length < ROUNDS) return []
  return newest.filter((judged) => isUnknown(judged) && last.every((round) => round.some((one) => isSame(one, judged))))
}

function isUnknown({ verdict }: JudgedCheck) {
  return verdict.status === 'error' && UNKNOWN_COMMAND.test(verdict.reason)
}

function isSame(a: JudgedCheck, b: JudgedCheck) {
  return a.check === b.check && JSON.stringify(a.verdict) === JSON.stringify(b.verdict)
}

export function numbered(judged: readonly JudgedCheck[]): readonly JudgedCheck[] {
  const times = new Map<string, number>()
  return judged.map((one) => {
    const nth = (times.get(one.check) ?? 0) + 1
    times.set(one.check, nth)
    return nth === 1 ? one : { ...one, nth }
  })
}

const TOLD = 20

export async function ownConfig(context: LookContext, name: string): Promise<JudgedCheck> {
  const { running } = await read(context, name, (device) => device.readConfig())
  const { taken, foreign } = await foundBesideTarget(context, name, running)
  return { check: 'running-config', verdict: passUnless(told([...taken, ...foreign]), ['as approved']) }
}

/**
 * Whether running-config of a neighbour, read at `since` or later, is what it was before the change. `behindCommit`: empty interface
 * blocks may have come and gone since; before it nothing may.
 */
export async function neighborConfig(
  context: LookContext,
  { device, isUnchanged }: WatchedNeighbor,
  { since, behindCommit }: { readonly since: number; readonly behindCommit: boolean },
): Promise<JudgedCheck> {
  const check = `running-config on ${device}`
  const { answer } = await patiently(context, () => context.neighbors.config(device, since))
  const { running } = answer
  if (isUnchanged === undefined || isUnchanged(running))
    return { check, of: device, verdict: passUnless([], ['as before']) }
  const before = await configBefore(context, device)
  if (behindCommit && before !== undefined && sameBehindCommit(before, running)) {
    return { check, of: device, verdict: passUnless([], ['as before']) }
  }
  const lines = before === undefined ? ['it is another than before the change'] : told(foreignLines(before, running))
  return { check, of: device, verdict: passUnless(lines) }
}

async function configBefore(context: LookContext, device: string) {
  const kept = await neighborSnapshots(context).catch(() => [])
  const found = kept.find((one) => one.device === device)?.found
  return typeof found === 'object' ? found.running : undefined
}

function told(lines: readonly string[]) {
  const more = lines.length > TOLD ? [`and ${lines.length - TOLD} lines more`] : []
  return [...lines.slice(0, TOLD).map((line) => `${line} - not expected`), ...more]
}

/** One look over logins that did not exist before: of the user that writes, and where another user reads, of that one too. Each takes the place of the older connection once the planned switch has answered over it. */
export async function lookAnew(
  context: LookContext,
  name: string,
  commands: readonly Command[],
  as?: 'proof',
): Promise<{ readonly look: Look; readonly took: number }> {
  const [writer, reader] = [context.fleet.as('write'), context.fleet.as('read')]
  if (writer.user(name) === reader.user(name)) return over(writer, context, { name, commands, as })
  await over(writer, context, { name, commands: [], as })
  return over(reader, context, { name, commands, as })
}

async function over(
  fleet: Fleet,
  context: LookContext,
  {
    name,
    commands,
    as,
  }: { readonly name: string; readonly commands: readonly Command[]; readonly as: 'proof' | undefined },
) {
  const asked = context.clock.monotonic()
  const login = await fleet.logInAnew(name, as)
  try {
    const look = await login.device.look(commands)
    const took = context.clock.monotonic() - asked
    await requireIdentity(context, name, look.identity)
    await login.adopt()
    return { look, took }
  } catch (error) {
    await login.giveUp().catch(() => undefined)
    throw error
  }
}
