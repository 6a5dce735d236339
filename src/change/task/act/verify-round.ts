import type { Look } from '../../../eos/device/device.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import type { Json } from '../../../model/json.ts'
import { passUnless } from '../../../model/verdict.ts'
import type { JudgedCheck, NeighborPort, WatchedNeighbor } from './context.ts'
import type { LookContext } from './look-context.ts'
import { lookAnew } from './new-login.ts'
import { requireIdentity } from './observe-switch.ts'
import { isTransient, patiently } from './read.ts'
import { isRefusedLogin } from './refused-login.ts'
import { isSameSwitch } from './same-switch.ts'

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
    judgesSince,
  }: {
    readonly before: Round | undefined
    readonly neighborsSince: number
    readonly isNewLogin: boolean
    readonly judgesSince: { readonly begun: number; readonly since: number }
  },
): Promise<Round> {
  // Before the switch is looked at: what it says of its timer must not be older than what is concluded from it.
  const judged = context.judges.isAsked ? await context.judges.judge(name, judgesSince, context.signal) : []
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
