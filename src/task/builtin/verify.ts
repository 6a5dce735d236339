import { z } from 'zod'
import type { Look } from '../../device/device.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { TaskContext } from '../context.ts'
import { defineTask } from '../define.ts'
import { oneDevice } from '../one-device.ts'
import { isTransient } from '../read.ts'
import { requireIdentity } from '../standing.ts'
import { TIMER_MARGIN } from '../timer-margin.ts'

const Input = z.strictObject({
  within: z
    .int()
    .min(1)
    .optional()
    .describe('For how many seconds the network may take to become good; the plan says it otherwise.'),
  stableFor: z.int().min(0).optional().describe('For how many seconds it must stay good; the plan says it otherwise.'),
  every: z.int().min(1).describe('Seconds between two rounds.'),
})
type Context = TaskContext<z.output<typeof Input>>

/** The verdicts of one round, and whether all of them are good. */
interface Round {
  readonly good: boolean
  readonly verdicts: readonly { readonly check: string; readonly verdict: Verdict }[]
}

/** Watches one switch over a new connection until all checks are good and have stayed so. */
export const verify = defineTask({
  name: 'verify',
  summary: 'Judge all checks round by round, over a new connection, until they are good and stay good.',
  docs: 'One JSON round trip per round asks every command of every check once. Ends well when all checks passed for `stableFor`; ends badly when `within` is over, or when the commit timer is no longer ours.',
  scope: 'task.verify',
  effect: 'read',
  input: Input,
  async run(context) {
    const name = oneDevice(context)
    const baseline = await context.change.baseline(name)
    const terms = await termsOf(context, name)
    const end = context.clock.monotonic() + terms.within * 1000
    let goodSince: number | undefined
    let last: Round | undefined
    await context.fleet.renew(name).catch(() => undefined)
    for (let number = 1; ; number++) {
      const round = await judgeRound(context, name, baseline)
      const now = context.clock.monotonic()
      await recordChanges(context, name, number, round, last)
      last = round
      goodSince = round.good ? (goodSince ?? now) : undefined
      if (goodSince !== undefined && now - goodSince >= terms.stableFor * 1000) return { rounds: number }
      if (now >= end) throw notGood(name, round, terms)
      await context.clock.sleep(Math.min(context.input.every * 1000, Math.max(end - now, 1)), context.signal)
    }
  },
})

/** How long the verification may take and must stay good, in seconds. */
interface Terms {
  readonly within: number
  readonly stableFor: number
}

/** What the state says; what it leaves open was settled with the plan. */
async function termsOf({ change, input }: Context, name: string): Promise<Terms> {
  const { within, stableFor } = input
  if (within !== undefined && stableFor !== undefined) return { within, stableFor }
  const { verify: planned } = await change.planned(name)
  return { within: within ?? planned.within, stableFor: stableFor ?? planned.stableFor }
}

async function judgeRound(context: Context, name: string, baseline: Readonly<Record<string, Json>>): Promise<Round> {
  let look: Look
  try {
    look = await (await context.fleet.device(name)).look(context.checks.commands)
  } catch (error) {
    if (!isTransient(error)) throw error
    await context.fleet.renew(name).catch(() => undefined)
    const reason = `no answer: ${error instanceof Error ? error.message : String(error)}`
    return { good: false, verdicts: [{ check: 'reachable', verdict: { status: 'fail', reasons: [reason] } }] }
  }
  await requireIdentity(context, name, look.identity)
  requireOwnTimer(context, name, look)
  const verdicts = context.checks.judge(look.replies, name, baseline)
  return { good: verdicts.every(({ verdict }) => verdict.status === 'pass' || verdict.status === 'skip'), verdicts }
}

/** The timer is the only thing that puts an unconfirmed change back by itself: without it, waiting on is not safe. */
function requireOwnTimer(context: Context, name: string, look: Look): void {
  const { armed } = look.sessions
  const { session } = context.history(name)
  if (armed?.session === session && armed !== undefined && armed.secondsLeft > TIMER_MARGIN) return
  throw new EosflowError(
    'verification',
    armed?.session === session && armed !== undefined
      ? `${name}: only ${armed.secondsLeft} s are left of the commit timer, and the checks are not good yet`
      : `${name}: the change is no longer under our commit timer`,
    { device: name },
  )
}

async function recordChanges(
  context: Context,
  name: string,
  number: number,
  round: Round,
  last: Round | undefined,
): Promise<void> {
  const before = new Map(last?.verdicts.map(({ check, verdict }) => [check, JSON.stringify(verdict)]))
  for (const { check, verdict } of round.verdicts) {
    if (before.get(check) !== JSON.stringify(verdict)) await context.log.verdict(name, check, number, verdict)
  }
}

function notGood(name: string, round: Round, input: Terms): EosflowError {
  const bad = round.verdicts.flatMap(({ check, verdict }) => {
    if (verdict.status === 'fail') return [`${check}: ${verdict.reasons.join('; ')}`]
    return verdict.status === 'error' ? [`${check} could not be judged: ${verdict.reason}`] : []
  })
  const why = bad.length > 0 ? bad.join('\n') : `the checks were not good for ${input.stableFor} s without a break`
  return new EosflowError('verification', `${name}: not good within ${input.within} s: ${why}`, { device: name })
}
